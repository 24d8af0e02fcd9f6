"""Registers the room `audit` with Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The room audit."""

    name = "sif.audit"
    verbose_name = "Auditoría"
