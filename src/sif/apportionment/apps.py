"""App configuration of the room."""

from django.apps import AppConfig


class ApportionmentConfig(AppConfig):
    """Prorrateo."""

    name = "sif.apportionment"
    label = "apportionment"
    verbose_name = "prorrateo"
