"""Define the records beside an appointment: the document that proves it, and the relief of a Responsable by another."""

from django.conf import settings
from django.db import models


class DocumentoNombramiento(models.Model):
    """A document that proves an appointment: how it is cited, and its file by its SHA-256. Never changed."""

    nombramiento = models.ForeignKey("registry.Nombramiento", models.PROTECT, related_name="documentos")
    referencia = models.CharField(max_length=120, help_text="número del oficio, acta o acuerdo")
    nombre = models.CharField(max_length=255, help_text="del archivo, como llegó")
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    guardado_el = models.DateTimeField()
    guardado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "documento de nombramiento"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(referencia="") & models.Q(sha256__regex=r"^[0-9a-f]{64}$", bytes__gt=0),
                name="documento_nombramiento_completo",
            ),
            models.UniqueConstraint(fields=["nombramiento", "sha256"], name="documento_nombramiento_una_vez"),
        ]


class RelevoResponsable(models.Model):
    """The act by which one Responsable takes the place of another in a subject, from a day. Never changed.

    `entrega`: what was pending in the subject when it was done, as `duties.handover` lists it.
    """

    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="relevos")
    sale = models.OneToOneField("registry.FinNombramiento", models.PROTECT, related_name="relevo")
    entra = models.OneToOneField("registry.Nombramiento", models.PROTECT, related_name="relevo")
    documento = models.OneToOneField(DocumentoNombramiento, models.PROTECT, related_name="relevo")
    desde = models.DateField()
    entrega = models.JSONField()
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "relevo de responsable de finanzas"
