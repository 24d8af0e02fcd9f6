"""Records of access: who looked at the whole keys of a person."""

from django.conf import settings
from django.db import models


class Mirada(models.Model):
    """A look at personal keys that are shown masked: who looked, at whose, which fields, and for what. Never changed.

    objeto: number of the row looked at, of the table that `tipo` names; empty for a file of many (`renglones`).
    """

    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="miradas")
    persona = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="miradas")
    tipo = models.CharField(max_length=20)
    objeto = models.BigIntegerField(null=True)
    campos = models.CharField(max_length=60, help_text="los campos vistos, separados por comas")
    renglones = models.PositiveIntegerField(default=1)
    motivo = models.CharField(max_length=200)
    mirada_el = models.DateTimeField()

    class Meta:
        app_label = "registry"
        verbose_name = "mirada a datos personales"
        constraints = [
            models.CheckConstraint(condition=models.Q(motivo__regex=r"\S"), name="mirada_con_motivo"),
        ]
        indexes = [models.Index(fields=["sujeto", "-id"], name="mirada_del_sujeto")]
