"""Define the tables of the audit: snapshots, runs, hallazgos, observaciones and dismissals."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from sif.registry.versions import Version


class Instantanea(models.Model):
    """A frozen copy of everything the rules read, named by its digest."""

    etapa = models.ForeignKey("registry.Etapa", models.PROTECT, related_name="instantaneas")
    digest = models.CharField(max_length=64, unique=True)
    corte_el = models.DateField()
    hecha_el = models.DateTimeField()
    manifiesto = models.JSONField()

    class Meta:
        verbose_name = "instantánea"


class Corrida(models.Model):
    """One run of the rulebook over one snapshot."""

    instantanea = models.ForeignKey(Instantanea, models.PROTECT, related_name="corridas")
    inicio_el = models.DateTimeField()
    fin_el = models.DateTimeField()
    reglas_digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "corrida del reglamento"


class VersionRegla(models.Model):
    """A rule as it was when it ran, kept for ever: its file as people read it, and all that an engine needs of it."""

    digest = models.CharField(max_length=64, unique=True)
    regla = models.CharField(max_length=8)
    archivo = models.TextField(blank=True)
    compilada = models.TextField()
    guardada_el = models.DateTimeField()

    class Meta:
        verbose_name = "versión de una regla"


class ReglaCorrida(models.Model):
    """The result of a rule in a run, over all accountings, with the version that ran, its engine and its seconds."""

    corrida = models.ForeignKey(Corrida, models.PROTECT, related_name="reglas")
    version = models.ForeignKey(VersionRegla, models.PROTECT, related_name="corridas")
    regla = models.CharField(max_length=8)
    motor = models.CharField(max_length=40)
    segundos = models.FloatField()
    juzgadas = models.PositiveBigIntegerField()
    hallazgo = models.PositiveBigIntegerField()
    cumple = models.PositiveBigIntegerField()
    no_aplica = models.PositiveBigIntegerField()
    sin_dato = models.PositiveBigIntegerField()
    monto_hallazgo = models.BigIntegerField()

    class Meta:
        verbose_name = "regla de una corrida"
        constraints = [
            models.UniqueConstraint(fields=["corrida", "regla"], name="regla_una_vez_por_corrida"),
            models.CheckConstraint(
                condition=Q(
                    juzgadas=models.F("hallazgo") + models.F("cumple") + models.F("no_aplica") + models.F("sin_dato")
                ),
                name="regla_corrida_suma_lo_juzgado",
            ),
        ]


class Cobertura(models.Model):
    """The result of a rule for one contabilidad in a run, with amounts in centavos.

    juzgadas = hallazgo + cumple + no_aplica + sin_dato.
    """

    corrida = models.ForeignKey(Corrida, models.PROTECT, related_name="coberturas")
    regla = models.CharField(max_length=8)
    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="coberturas")
    juzgadas = models.PositiveIntegerField()
    hallazgo = models.PositiveIntegerField()
    cumple = models.PositiveIntegerField()
    no_aplica = models.PositiveIntegerField()
    sin_dato = models.PositiveIntegerField()
    monto_hallazgo = models.BigIntegerField()

    class Meta:
        verbose_name = "cobertura de una regla"
        constraints = [
            models.UniqueConstraint(fields=["corrida", "regla", "contabilidad"], name="cobertura_unica"),
            models.CheckConstraint(
                condition=Q(
                    juzgadas=models.F("hallazgo") + models.F("cumple") + models.F("no_aplica") + models.F("sin_dato")
                ),
                name="cobertura_suma_lo_juzgado",
            ),
        ]


class Hallazgo(models.Model):
    """A finding of a rule in a run; it accuses nobody.

    clave: stable from one snapshot to the next. monto: in centavos. asunto: the matter that people review, the same in
    each run of the stage in which the rule finds that key.
    """

    corrida = models.ForeignKey(Corrida, models.PROTECT, related_name="hallazgos")
    asunto = models.ForeignKey("audit.Asunto", models.PROTECT, related_name="hallazgos")
    regla = models.CharField(max_length=8)
    regla_digest = models.CharField(max_length=64)
    parametros = models.JSONField()
    clave = models.CharField(max_length=200)
    grupo = models.CharField(max_length=200, blank=True)
    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="hallazgos")
    estado = models.CharField(max_length=10)
    resultado = models.CharField(max_length=40)
    dia = models.DateField(null=True)
    monto = models.BigIntegerField()
    fila = models.JSONField()
    mensaje = models.TextField()

    class Meta:
        verbose_name = "hallazgo"
        constraints = [
            models.UniqueConstraint(
                fields=["corrida", "asunto"],
                include=["id", "regla", "contabilidad", "estado", "monto"],
                name="hallazgo_unico",
            ),  # what it includes is what the review is added up by, which then reads this index alone
            models.CheckConstraint(condition=Q(estado__in=["hallazgo", "sin_dato"]), name="hallazgo_estado"),
        ]
        indexes = [
            models.Index(fields=["corrida", "estado", "monto"], name="hallazgo_por_monto"),
            models.Index(fields=["corrida", "regla", "resultado", "monto"], name="hallazgo_por_regla"),
        ]


class Observacion(Version):
    """A version of what an auditor adopted and signed with their name: one fact, from hallazgos of a subject.

    Its words and its hallazgos change by a later version, until an oficio notifies it; the number is the same in all.
    """

    etapa = models.ForeignKey("registry.Etapa", models.PROTECT, related_name="observaciones")
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="observaciones")
    numero = models.PositiveIntegerField()
    regla = models.CharField(max_length=8)
    titulo = models.CharField(max_length=200)
    texto = models.TextField()
    solicitud = models.TextField()
    fundamento = models.CharField(max_length=1000)
    criterio = models.CharField(max_length=60, blank=True)
    monto = models.BigIntegerField()
    hallazgos = models.ManyToManyField(Hallazgo, related_name="observaciones")
    adoptada_el = models.DateTimeField()
    adoptada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    motivo = models.CharField(
        max_length=500, blank=True, help_text="de la adopción en la primera versión; del cambio en las demás"
    )

    class Meta:
        verbose_name = "observación"
        constraints = [
            models.UniqueConstraint(fields=["etapa", "sujeto", "numero", "version"], name="observacion_numero_unico")
        ]

    @property
    def motivo_de_adopcion(self) -> str:
        """Return the reason for the adoption, taken from the first version of the observación."""
        return self.motivo if self.version == 1 else Observacion.objects.get(pk=self.identidad).motivo


class ObservacionSinEfecto(models.Model):
    """An observación left without effect by another person than who adopted it, with its reason.

    notificacion: how its subject was told; None where no oficio had notified it.
    """

    observacion = models.OneToOneField(Observacion, models.PROTECT, related_name="sin_efecto")
    notificacion = models.OneToOneField(
        "notices.Notificacion",
        models.PROTECT,
        null=True,
        related_name="sin_efecto",
        help_text="el aviso a su sujeto, de lo que un oficio ya había notificado",
    )
    motivo = models.CharField(max_length=500)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "observación sin efecto"
        constraints = [models.CheckConstraint(condition=~Q(motivo=""), name="sin_efecto_con_motivo")]


class Descarte(models.Model):
    """An auditor's decision that a hallazgo goes no further, with its reason."""

    hallazgo = models.OneToOneField(Hallazgo, models.PROTECT, related_name="descarte")
    motivo = models.CharField(max_length=500)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "descarte de hallazgo"


from sif.audit.review_models import (  # noqa: E402 - they hang from the tables above
    Asignacion,
    Asunto,
    Comentario,
    MiradaAuditoria,
    Pedido,
    PedidoRespondido,
    Propuesta,
    PropuestaResuelta,
    Redaccion,
    Reparto,
    Vista,
)

__all__ = [
    "Asignacion", "Asunto", "Cobertura", "Comentario", "Corrida", "Descarte", "Hallazgo", "Instantanea",
    "MiradaAuditoria", "Observacion", "ObservacionSinEfecto", "Pedido", "PedidoRespondido", "Propuesta",
    "PropuestaResuelta", "Redaccion", "Reparto", "Vista",
]  # fmt: skip
