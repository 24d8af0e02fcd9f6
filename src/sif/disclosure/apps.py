"""Registers the room `disclosure` with Django."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    """The room disclosure."""

    name = "sif.disclosure"
    verbose_name = "Publicación"
