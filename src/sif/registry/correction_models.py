"""Define the records by which a registered subject or candidacy is corrected."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class CorreccionPropuesta(models.Model):
    """A correction that one administrator proposes for a subject or a candidacy; the row is never changed.

    `visto` and `pedido`: the values on that day and the values requested, in the words of the form, by field.
    """

    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, null=True, related_name="correcciones")
    candidatura = models.ForeignKey("registry.Candidatura", models.PROTECT, null=True, related_name="correcciones")
    visto = models.JSONField()
    pedido = models.JSONField()
    motivo = models.CharField(max_length=300)
    documento = models.CharField(max_length=120, help_text="acuerdo o documento que lo prueba")
    propuesta_el = models.DateTimeField()
    propuesta_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "corrección propuesta"
        constraints = [
            models.CheckConstraint(
                condition=Q(sujeto__isnull=False, candidatura__isnull=True)
                | Q(sujeto__isnull=True, candidatura__isnull=False),
                name="correccion_de_una_cosa",
            ),
            models.CheckConstraint(condition=~Q(motivo="") & ~Q(documento=""), name="correccion_con_motivo"),
        ]


class CorreccionResuelta(models.Model):
    """The one end of a correction: approved or refused by another administrator, or withdrawn by who proposed it.

    `antes` and `despues`: the columns of the row before and after, null unless approved. The database alone writes
    `despues` on the row, and the first `antes` is what its leaf covers.
    """

    class Sentido(models.TextChoices):
        """Decisions that end a proposed correction."""

        APROBADA = "aprobada", "Aprobada"
        RECHAZADA = "rechazada", "Rechazada"
        RETIRADA = "retirada", "Retirada"

    propuesta = models.OneToOneField(CorreccionPropuesta, models.PROTECT, related_name="resuelta")
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, null=True, related_name="+")
    candidatura = models.ForeignKey("registry.Candidatura", models.PROTECT, null=True, related_name="+")
    sentido = models.CharField(max_length=9, choices=Sentido.choices)
    motivo = models.CharField(max_length=300, blank=True, help_text="de quien la rechaza")
    antes = models.JSONField(null=True)
    despues = models.JSONField(null=True)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "corrección resuelta"
        constraints = [
            models.CheckConstraint(
                condition=Q(sentido="aprobada", antes__isnull=False, despues__isnull=False)
                | Q(sentido__in=["rechazada", "retirada"], antes__isnull=True, despues__isnull=True),
                name="correccion_aprobada_con_lo_que_cambia",
            ),
            models.CheckConstraint(
                condition=Q(sentido="rechazada") & ~Q(motivo="") | ~Q(sentido="rechazada") & Q(motivo=""),
                name="correccion_rechazada_con_motivo",
            ),
        ]
