"""App configuration of the room."""

from django.apps import AppConfig


class BanksConfig(AppConfig):
    """Bank statements, read and matched with the books; what nobody explains stays in sight."""

    name = "sif.banks"
    label = "banks"
    verbose_name = "bancos"
