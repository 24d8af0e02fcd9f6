"""Define the records of the accords that move the days of a stage already open: what is proposed and how it ended."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class FechasPropuestas(models.Model):
    """The days of a stage as a later accord moves them, proposed by one administrator.

    visto, pedido: `{"plazos": [six terms, in days], "vencen": {"1": "2027-05-10"}}`, the days as they stood and as the
    accord leaves them; `vencen` has the last day to report of each period, by its number. dias: each day that changes,
    with its key (`oficio`, `informe:1`), as it was and as it is.
    """

    etapa = models.ForeignKey("registry.Etapa", models.PROTECT, related_name="movimientos")
    acuerdo = models.CharField(max_length=40)
    aprobado_el = models.DateField()
    motivo = models.CharField(max_length=300)
    visto = models.JSONField()
    pedido = models.JSONField()
    dias = models.JSONField()
    propuesto_el = models.DateTimeField()
    propuesto_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "fechas propuestas"
        constraints = [models.CheckConstraint(condition=~Q(acuerdo="") & ~Q(motivo=""), name="fechas_con_acuerdo")]


class FechasResueltas(models.Model):
    """The one end of a proposal of days: another administrator moved or refused them, or who proposed withdrew."""

    class Sentido(models.TextChoices):
        """Decisions that end a proposal to move the days of a stage."""

        MOVIDAS = "movidas", "Movidas"
        RECHAZADAS = "rechazadas", "Rechazadas"
        RETIRADAS = "retiradas", "Retiradas"

    propuesta = models.OneToOneField(FechasPropuestas, models.PROTECT, related_name="resuelta")
    sentido = models.CharField(max_length=10, choices=Sentido.choices)
    motivo = models.CharField(max_length=300, blank=True, help_text="de quien las rechaza")
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "fechas resueltas"
        constraints = [
            models.CheckConstraint(
                condition=Q(sentido="rechazadas") & ~Q(motivo="") | ~Q(sentido="rechazadas") & Q(motivo=""),
                name="fechas_rechazadas_con_motivo",
            )
        ]
