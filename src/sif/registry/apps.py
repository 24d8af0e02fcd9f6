"""Registers the room `registry` with Django."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The room registry."""

    name = "sif.registry"
    verbose_name = "Registro"

    def ready(self) -> None:
        """Listen to entries to the system."""
        from sif.registry import entries

        entries.connect()
