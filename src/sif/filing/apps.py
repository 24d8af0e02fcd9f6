"""Registers the room `filing` with Django."""

from django.apps import AppConfig


class FilingConfig(AppConfig):
    """The room filing."""

    name = "sif.filing"
    verbose_name = "Informes"
