"""App configuration of the room."""

from django.apps import AppConfig


class CataloguesConfig(AppConfig):
    """The application of the catalogues that pólizas cite, besides money."""

    name = "sif.catalogs"
    label = "catalogs"
    verbose_name = "catálogos"
