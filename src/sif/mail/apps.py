"""Register the room `mail` with Django."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """The room mail."""

    name = "sif.mail"
    verbose_name = "Correo"
