"""Registers the room `statutes` with Django."""

from django.apps import AppConfig


class StatutesConfig(AppConfig):
    """The room statutes."""

    name = "sif.statutes"
    verbose_name = "Leyes cargadas"
