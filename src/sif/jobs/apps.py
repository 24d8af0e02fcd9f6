"""Registers the room `jobs` with Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The room jobs."""

    name = "sif.jobs"
    verbose_name = "Trabajos"
