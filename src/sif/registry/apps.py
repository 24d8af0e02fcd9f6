"""Registers the room `registry` with Django."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The room registry."""

    name = "sif.registry"
    verbose_name = "Registro"
