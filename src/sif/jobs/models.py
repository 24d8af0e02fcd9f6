"""Define the tables of jobs and of the receipts of their pieces."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Trabajo(models.Model):
    """A job: owner, kind, the identifiers it works on, progress, state, result and error. Working state, no record.

    `referencia` holds numbers and digests alone. `clave` names the work, so that asking twice while it runs is one job.
    """

    class Estado(models.TextChoices):
        """States of a job."""

        EN_COLA = "en_cola", "En cola"
        EN_CURSO = "en_curso", "En curso"
        HECHO = "hecho", "Hecho"
        FALLIDO = "fallido", "Fallido"
        CANCELADO = "cancelado", "Cancelado"

    OPEN = (Estado.EN_COLA, Estado.EN_CURSO)
    BROKEN = "falla"

    tipo = models.CharField(max_length=40)
    clave = models.CharField(max_length=120)
    referencia = models.JSONField(default=dict, help_text="números y huellas, nunca datos de personas")
    persona = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="trabajos")
    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, null=True, related_name="trabajos")
    estado = models.CharField(max_length=10, choices=Estado.choices, default=Estado.EN_COLA)
    total = models.PositiveIntegerField(default=1, help_text="piezas")
    hechas = models.PositiveIntegerField(default=0)
    avance = models.PositiveIntegerField(default=0, help_text="renglones de la pieza en curso")
    por_cancelar = models.BooleanField(default=False)
    intentos = models.PositiveSmallIntegerField(default=0)
    resultado = models.JSONField(default=dict)
    problemas = models.JSONField(default=list, help_text="por qué no se hizo, con lugar y cura")
    pedido_el = models.DateTimeField()
    comenzado_el = models.DateTimeField(null=True)
    terminado_el = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "trabajo"
        constraints = [
            models.UniqueConstraint(
                fields=["tipo", "clave"], condition=Q(estado__in=["en_cola", "en_curso"]), name="trabajo_uno_a_la_vez"
            ),
            models.CheckConstraint(
                condition=Q(estado__in=["en_cola", "en_curso"], terminado_el__isnull=True)
                | (~Q(estado__in=["en_cola", "en_curso"]) & Q(terminado_el__isnull=False)),
                name="trabajo_terminado_con_su_hora",
            ),
        ]
        indexes = [models.Index(fields=["persona", "-id"], name="trabajo_de_persona")]

    @property
    def is_open(self) -> bool:
        """Return whether the job waits or runs."""
        return self.estado in self.OPEN

    @property
    def can_resume(self) -> bool:
        """Return whether the job stopped for an outside cause: cancelled, or broken after its last attempt."""
        broken = any(problem["codigo"] == self.BROKEN for problem in self.problemas)
        return self.estado == self.Estado.CANCELADO or (self.estado == self.Estado.FALLIDO and broken)


class TrabajoPieza(models.Model):
    """The receipt of one piece, inserted in the transaction of its effect: a piece with receipt is never done again."""

    trabajo = models.ForeignKey(Trabajo, models.CASCADE, related_name="piezas")
    n = models.PositiveIntegerField()
    resultado = models.JSONField(default=dict)

    class Meta:
        verbose_name = "pieza de trabajo"
        constraints = [models.UniqueConstraint(fields=["trabajo", "n"], name="trabajo_pieza_una_vez")]
