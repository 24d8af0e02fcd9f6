"""App configuration of the room."""

from django.apps import AppConfig


class BatchConfig(AppConfig):
    """Loading by lots."""

    name = "sif.batch"
    label = "batch"
    verbose_name = "carga por lotes"
