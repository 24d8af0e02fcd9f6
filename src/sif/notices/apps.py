"""Registers the room `notices` with Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The room notices."""

    name = "sif.notices"
    verbose_name = "Notificaciones"
