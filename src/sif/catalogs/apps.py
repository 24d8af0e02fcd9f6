"""App configuration of the room."""

from django.apps import AppConfig


class CataloguesConfig(AppConfig):
    """What pólizas name besides money."""

    name = "sif.catalogs"
    label = "catalogs"
    verbose_name = "catálogos"
