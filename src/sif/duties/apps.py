"""Register the room `duties` with Django."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """The room duties."""

    name = "sif.duties"
    verbose_name = "Obligaciones"
