"""Define the records that close a stage, or open it again: what one person proposes and how it ended."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class CierrePropuesto(models.Model):
    """To close a stage, or to open again one that was closed, as one administrator proposes it.

    acuerdo, motivo: what orders it; a stage is opened again by an accord, and closed without one where nobody voted it.
    """

    class Clase(models.TextChoices):
        """Acts that may be proposed on a stage."""

        CIERRE = "cierre", "Cierre"
        REAPERTURA = "reapertura", "Reapertura"

    etapa = models.ForeignKey("registry.Etapa", models.PROTECT, related_name="cierres")
    clase = models.CharField(max_length=10, choices=Clase.choices)
    acuerdo = models.CharField(max_length=60, blank=True)
    motivo = models.CharField(max_length=300, blank=True)
    propuesto_el = models.DateTimeField()
    propuesto_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "cierre de etapa propuesto"
        constraints = [
            models.CheckConstraint(
                condition=Q(clase="cierre") | ~Q(acuerdo="") & ~Q(motivo=""), name="reapertura_con_acuerdo"
            )
        ]


class CierreResuelto(models.Model):
    """The one end of a proposal to close or reopen: another administrator did or refused it, or its author withdrew."""

    class Sentido(models.TextChoices):
        """Decisions that end a proposal to close or reopen a stage."""

        HECHO = "hecho", "Hecho"
        RECHAZADO = "rechazado", "Rechazado"
        RETIRADO = "retirado", "Retirado"

    propuesta = models.OneToOneField(CierrePropuesto, models.PROTECT, related_name="resuelta")
    sentido = models.CharField(max_length=10, choices=Sentido.choices)
    motivo = models.CharField(max_length=300, blank=True, help_text="de quien lo rechaza")
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "cierre de etapa resuelto"
        constraints = [
            models.CheckConstraint(
                condition=Q(sentido="rechazado") & ~Q(motivo="") | ~Q(sentido="rechazado") & Q(motivo=""),
                name="cierre_rechazado_con_motivo",
            )
        ]
