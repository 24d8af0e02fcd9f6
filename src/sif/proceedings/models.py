"""Define the tables of the acts that follow an observation, up to vote and sanctions."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sif.proceedings.oficio_models import Oficio as Oficio
from sif.proceedings.oficio_models import OficioPropuesto as OficioPropuesto
from sif.proceedings.oficio_models import OficioRetirado as OficioRetirado
from sif.registry.models import Usuario

PAID_FORMS = ("multa", "un_tanto_igual", "reduccion")
SANCTION_FORMS = (*PAID_FORMS, "amonestacion", "vista")
OF_BEFORE = "vacío: lo impuesto antes de que se guardara"


class Documento(models.Model):
    """A document of an act: its PDF, its editable DOCX, and the text both say, each by SHA-256."""

    clave = models.CharField(max_length=60, unique=True)
    titulo = models.CharField(max_length=200)
    pdf_sha256 = models.CharField(max_length=64)
    docx_sha256 = models.CharField(max_length=64)
    texto_sha256 = models.CharField(max_length=64)
    hecho_el = models.DateTimeField()

    class Meta:
        verbose_name = "documento"


class Respuesta(models.Model):
    """The answer of a subject to one observación; a later version supersedes the answer, and no version is lost."""

    oficio = models.ForeignKey(Oficio, models.PROTECT, related_name="respuestas")
    observacion = models.ForeignKey("audit.Observacion", models.PROTECT, related_name="respuestas")
    version = models.PositiveSmallIntegerField()
    texto = models.TextField()
    polizas = models.ManyToManyField("books.Poliza", related_name="respuestas")
    presentada_el = models.DateTimeField()
    presentada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "respuesta a una observación"
        constraints = [
            models.UniqueConstraint(fields=["observacion", "version"], name="respuesta_version_unica"),
            models.CheckConstraint(condition=~Q(texto=""), name="respuesta_con_texto"),
        ]


class Dictamen(models.Model):
    """The dictamen of a subject at one stage, opened; its closing is a row of its own and nothing in it changes."""

    etapa = models.ForeignKey("registry.Etapa", models.PROTECT, related_name="dictamenes")
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="dictamenes")
    numero = models.CharField(max_length=40, unique=True)
    abierto_el = models.DateTimeField()
    abierto_por = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="vacío: lo abierto antes de que se guardara quién",
    )

    class Meta:
        verbose_name = "dictamen"
        constraints = [models.UniqueConstraint(fields=["etapa", "sujeto"], name="dictamen_uno_por_sujeto")]

    @property
    def documento(self) -> Documento | None:
        """Its document, once closed."""
        return self.cierre.documento if hasattr(self, "cierre") else None

    @property
    def resolucion(self) -> Resolucion | None:
        """Return the last project of resolución drawn on it, or None; those before it were rejected."""
        return max(self.resoluciones.all(), key=lambda row: row.pk, default=None)

    @property
    def cerrado_el(self) -> datetime | None:
        """Return the moment of the closing, or None while the dictamen is open."""
        return self.cierre.cerrado_el if hasattr(self, "cierre") else None

    @property
    def cerrado_por(self) -> Usuario | None:
        """Return the person who closed the dictamen, or None while it is open."""
        return self.cierre.cerrado_por if hasattr(self, "cierre") else None


class DictamenCerrado(models.Model):
    """The closing of a dictamen, with its document; from then on its conclusions do not change."""

    dictamen = models.OneToOneField(Dictamen, models.PROTECT, related_name="cierre")
    documento = models.OneToOneField(Documento, models.PROTECT, related_name="dictamen_cerrado")
    cerrado_el = models.DateTimeField()
    cerrado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "dictamen cerrado"


class Conclusion(models.Model):
    """A conclusion of a dictamen, keyed as 6_C38_FD; it closes only with an answer considered and an analysis.

    What is analysed is in its versions, and the properties here read the last; its closing is a row of its own.
    """

    class Referencia(models.TextChoices):
        """The outcomes of an observación; every conclusion has exactly one."""

        ATENDIDA = "atendida", "Atendida"
        SIN_EFECTOS = "sin_efectos", "Sin efectos"
        NO_ATENDIDA = "no_atendida", "No atendida"

    dictamen = models.ForeignKey(Dictamen, models.PROTECT, related_name="conclusiones")
    clave = models.CharField(max_length=30)
    observacion = models.OneToOneField("audit.Observacion", models.PROTECT, related_name="conclusion")
    conducta = models.CharField(max_length=300)
    articulo = models.CharField(max_length=1000)
    criterio = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = "conclusión"
        constraints = [models.UniqueConstraint(fields=["dictamen", "clave"], name="conclusion_clave_unica")]

    @property
    def ultimo(self) -> AnalisisConclusion:
        """The last version of its analysis; an empty one, not written, while there is none."""
        models.prefetch_related_objects([self], "versiones")
        rows = list(self.versiones.all())
        return rows[-1] if rows else AnalisisConclusion(conclusion=self)

    @property
    def respuesta_considerada(self) -> str:
        """The answer considered, in the last version."""
        return self.ultimo.respuesta_considerada

    @property
    def analisis(self) -> str:
        """The analysis, in the last version."""
        return self.ultimo.analisis

    @property
    def referencia(self) -> str:
        """Return the outcome of the observación in the last version; empty while undecided."""
        return self.ultimo.referencia

    @property
    def monto_no_atendido(self) -> int:
        """Centavos left unattended, in the last version."""
        return self.ultimo.monto_no_atendido

    @property
    def unidades_no_atendidas(self) -> int | None:
        """Facts left unattended, in the last version; None for all."""
        return self.ultimo.unidades_no_atendidas

    @property
    def cerrada_el(self) -> datetime | None:
        """Return the moment of the closing, or None while the conclusion is open."""
        return self.cierre.cerrada_el if hasattr(self, "cierre") else None

    @property
    def cerrada_por(self) -> Usuario | None:
        """Return the person who closed the conclusion, or None while it is open."""
        return self.cierre.cerrada_por if hasattr(self, "cierre") else None


class AnalisisConclusion(models.Model):
    """A version of the analysis of a conclusion; a later one supersedes it, and none is lost."""

    conclusion = models.ForeignKey(Conclusion, models.PROTECT, related_name="versiones")
    version = models.PositiveSmallIntegerField()
    respuesta_considerada = models.TextField(blank=True)
    analisis = models.TextField(blank=True)
    referencia = models.CharField(max_length=12, choices=Conclusion.Referencia.choices, blank=True)
    monto_no_atendido = models.BigIntegerField(default=0)
    unidades_no_atendidas = models.PositiveIntegerField(
        null=True, help_text="hechos no atendidos de los observados; vacío: todos los hallazgos"
    )
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="vacío: lo escrito antes de que se guardaran versiones",
    )

    class Meta:
        verbose_name = "análisis de una conclusión"
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["conclusion", "version"], name="analisis_version_unica"),
            models.CheckConstraint(
                condition=Q(referencia="no_atendida") | Q(monto_no_atendido=0), name="analisis_monto_si_no_atendida"
            ),
        ]


class ConclusionCerrada(models.Model):
    """The closing of a conclusion, on the version of its analysis that stands."""

    conclusion = models.OneToOneField(Conclusion, models.PROTECT, related_name="cierre")
    analisis = models.OneToOneField(AnalisisConclusion, models.PROTECT, related_name="cierre")
    cerrada_el = models.DateTimeField()
    cerrada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "conclusión cerrada"


class Determinado(models.Model):
    """An unreported amount decided after hearing, in centavos; column B of the cap table."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="determinados")
    conclusion = models.ForeignKey(Conclusion, models.PROTECT, related_name="determinados")
    origen = models.CharField(max_length=12)
    fecha = models.DateField()
    monto = models.BigIntegerField()

    class Meta:
        verbose_name = "monto determinado"


class DeterminadoRevocado(models.Model):
    """That a determined amount no longer stands, with the ruling that revoked it; until then it is firm."""

    determinado = models.OneToOneField(Determinado, models.PROTECT, related_name="revocado")
    motivo = models.CharField(max_length=500)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "monto determinado que se revocó"
        constraints = [models.CheckConstraint(condition=~Q(motivo=""), name="determinado_revocado_con_motivo")]


class Resolucion(models.Model):
    """The project of resolución on a dictamen, put to the vote by other rows. sustituye: the rejected one before it."""

    class Estado(models.TextChoices):
        """States of a resolución."""

        PROYECTO = "proyecto", "Proyecto"
        EN_DISCUSION = "en_discusion", "En discusión"
        APROBADA = "aprobada", "Aprobada"
        RECHAZADA = "rechazada", "Rechazada"

    dictamen = models.ForeignKey(Dictamen, models.PROTECT, related_name="resoluciones")
    sustituye = models.OneToOneField("self", models.PROTECT, null=True, related_name="sustituta")
    numero = models.CharField(max_length=40, unique=True)
    sesion_el = models.DateField()
    proyecto = models.OneToOneField(Documento, models.PROTECT, related_name="resolucion")
    elaborada_el = models.DateTimeField()
    elaborada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "resolución"
        constraints = [
            models.UniqueConstraint(
                fields=["dictamen"], condition=Q(sustituye__isnull=True), name="resolucion_primera_de_su_dictamen"
            )
        ]

    @property
    def estado(self) -> str:
        """The state that its acts give it."""
        if hasattr(self, "votacion"):
            return self.votacion.estado
        return self.Estado.EN_DISCUSION if hasattr(self, "sometimiento") else self.Estado.PROYECTO

    @property
    def documento(self) -> Documento:
        """The document with its vote, or that of the project while nobody has counted."""
        return self.votacion.documento if hasattr(self, "votacion") else self.proyecto

    @property
    def votada_el(self) -> datetime | None:
        """Return the moment of the vote count, or None before the vote."""
        return self.votacion.votada_el if hasattr(self, "votacion") else None


class ResolucionSometida(models.Model):
    """The act that puts a project to the discussion and vote of the council."""

    resolucion = models.OneToOneField(Resolucion, models.PROTECT, related_name="sometimiento")
    sometida_el = models.DateTimeField()
    sometida_por = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="vacío: lo sometido antes de que se guardara quién",
    )

    class Meta:
        verbose_name = "resolución sometida a votación"


class ResolucionVotada(models.Model):
    """The count of a vote: approved or rejected, with the document that says so."""

    resolucion = models.OneToOneField(Resolucion, models.PROTECT, related_name="votacion")
    estado = models.CharField(max_length=12, choices=Resolucion.Estado.choices)
    documento = models.OneToOneField(Documento, models.PROTECT, related_name="resolucion_votada")
    votada_el = models.DateTimeField()
    contada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="vacío: lo contado antes de que se guardara quién",
    )

    class Meta:
        verbose_name = "resolución votada"
        constraints = [
            models.CheckConstraint(
                condition=Q(estado__in=["aprobada", "rechazada"]), name="resolucion_votada_de_un_modo"
            )
        ]


class Sancion(models.Model):
    """The sanction of one conclusion, with the arithmetic that gives it; amounts in centavos, rate in basis points."""

    resolucion = models.ForeignKey(Resolucion, models.PROTECT, related_name="sanciones")
    conclusion = models.ForeignKey(Conclusion, models.PROTECT, related_name="sanciones")
    criterio = models.CharField(max_length=60)
    monto_involucrado = models.BigIntegerField()
    porcentaje_pb = models.PositiveIntegerField(null=True)
    unidades = models.PositiveIntegerField(null=True)
    umas_por_unidad = models.PositiveIntegerField(null=True)
    uma = models.BigIntegerField()
    umas = models.PositiveIntegerField()
    forma = models.CharField(max_length=16)
    monto = models.BigIntegerField()
    trabajo = models.JSONField()
    persona = models.CharField(max_length=16, null=True, help_text=OF_BEFORE)  # noqa: DJ001 - leaves of before stay true
    articulo = models.CharField(max_length=40, null=True, help_text=OF_BEFORE)  # noqa: DJ001
    maximo = models.BigIntegerField(null=True, help_text="lo más que admite esa forma; vacío: no tiene máximo en pesos")
    sobrante = models.BigIntegerField(null=True, help_text="lo que pasa del máximo y no puede sancionarse")
    uma_del = models.DateField(null=True, help_text="día cuya UMA se multiplica")
    ministracion = models.BigIntegerField(null=True, help_text="la mensual de la que se reduce, si se conoce")
    porcentaje_mensual_pb = models.PositiveIntegerField(null=True, help_text="parte de cada ministración que se reduce")
    meses = models.PositiveIntegerField(null=True, help_text="meses en que se reduce; el último, lo que falte")
    anteriores = models.JSONField(null=True, help_text="resoluciones firmes por las que reincide")
    vistas = models.JSONField(null=True, help_text="lo que la ley deja a quien decide")

    class Meta:
        verbose_name = "sanción"
        constraints = [
            models.UniqueConstraint(fields=["resolucion", "conclusion"], name="sancion_una_por_conclusion"),
            models.CheckConstraint(condition=Q(forma__in=SANCTION_FORMS), name="sancion_forma"),
            models.CheckConstraint(condition=Q(monto__gte=0), name="sancion_no_negativa"),
            models.CheckConstraint(
                condition=Q(persona__isnull=False, articulo__isnull=False, uma_del__isnull=False),
                name="sancion_con_su_base",
            ),
            models.CheckConstraint(
                condition=Q(forma__in=PAID_FORMS, monto__gt=0) | (~Q(forma__in=PAID_FORMS) & Q(monto=0)),
                name="sancion_ninguna_multa_de_cero",
            ),
            models.CheckConstraint(
                condition=Q(maximo__isnull=True) | Q(monto__lte=F("maximo")), name="sancion_hasta_su_maximo"
            ),
            models.CheckConstraint(
                condition=~Q(forma__in=["reduccion", "un_tanto_igual"]) | Q(persona="partido"),
                name="sancion_propia_de_un_partido",
            ),
            models.CheckConstraint(
                condition=Q(meses__isnull=True)
                | Q(forma="reduccion", meses__gt=0, porcentaje_mensual_pb__gt=0, ministracion__gt=0),
                name="sancion_por_meses_si_se_reduce",
            ),
        ]


class ParteSancion(models.Model):
    """The part of a sanction that a member of a coalition pays, by its share in basis points; centavos, never zero."""

    sancion = models.ForeignKey(Sancion, models.PROTECT, related_name="partes")
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="partes_sancion")
    participacion_pb = models.PositiveIntegerField()
    monto = models.BigIntegerField()

    class Meta:
        verbose_name = "parte de una sanción"
        constraints = [
            models.UniqueConstraint(fields=["sancion", "sujeto"], name="parte_sancion_unica"),
            models.CheckConstraint(condition=Q(monto__gte=0), name="parte_sancion_no_negativa"),
            models.CheckConstraint(condition=Q(monto__gt=0), name="parte_sancion_de_algo"),
        ]


class BaseDeSancion(models.Model):
    """A basis of law on which a sanction rests, as the program cited it when it was drawn.

    estatus: whether the text of law that the project read says it of that very case. One that does not is confirmed
    here, by its key and digest, before anybody votes.
    """

    sancion = models.ForeignKey(Sancion, models.PROTECT, related_name="bases")
    clave = models.CharField(max_length=160)
    huella = models.CharField(max_length=64)
    articulo = models.CharField(max_length=200)
    dice = models.TextField(blank=True)
    estatus = models.CharField(max_length=13)

    class Meta:
        verbose_name = "base de una sanción"
        constraints = [
            models.UniqueConstraint(fields=["sancion", "clave"], name="base_de_sancion_unica"),
            models.CheckConstraint(
                condition=Q(estatus__in=["confirmado", "por confirmar"]), name="base_de_sancion_estatus"
            ),
        ]


class Voto(models.Model):
    """A councillor's vote on a resolución; cast once."""

    class Sentido(models.TextChoices):
        """The ways to vote."""

        A_FAVOR = "a_favor", "A favor"
        EN_CONTRA = "en_contra", "En contra"

    resolucion = models.ForeignKey(Resolucion, models.PROTECT, related_name="votos")
    consejero = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="votos")
    sentido = models.CharField(max_length=10, choices=Sentido.choices)
    voto_particular = models.TextField(blank=True)
    emitido_el = models.DateTimeField()

    class Meta:
        verbose_name = "voto"
        constraints = [models.UniqueConstraint(fields=["resolucion", "consejero"], name="voto_unico")]
