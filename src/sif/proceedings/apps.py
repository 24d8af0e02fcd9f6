"""Registers the room `proceedings` with Django."""

from django.apps import AppConfig


class ProceedingsConfig(AppConfig):
    """The room proceedings."""

    name = "sif.proceedings"
    verbose_name = "Procedimiento"
