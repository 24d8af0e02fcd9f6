"""Define the tables of the mailbox: deliveries, recipients and readings."""

from django.conf import settings
from django.db import models


class Notificacion(models.Model):
    """An act delivered to a subject; it takes effect when deposited, not when opened [RF 9.1]."""

    folio = models.CharField(max_length=40, unique=True)
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="notificaciones")
    asunto = models.CharField(max_length=200)
    acto = models.CharField(max_length=60, help_text="clave del acto que se notifica")
    documento_sha256 = models.CharField(max_length=64)
    depositada_el = models.DateTimeField()
    vence_el = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "notificación"


class LecturaNotificacion(models.Model):
    """The first time a person opened a notification."""

    notificacion = models.ForeignKey(Notificacion, models.PROTECT, related_name="lecturas")
    usuario = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    leida_el = models.DateTimeField()

    class Meta:
        verbose_name = "lectura de notificación"
        constraints = [models.UniqueConstraint(fields=["notificacion", "usuario"], name="lectura_unica")]
