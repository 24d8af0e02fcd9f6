"""Tables of the acts of law that follow an observation, up to the vote and its sanctions."""

from django.conf import settings
from django.db import models
from django.db.models import Q


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


class OficioPropuesto(models.Model):
    """What one person proposed to notify a subject, by the digest of its observaciones; another person issues it."""

    etapa = models.ForeignKey("registry.Etapa", models.PROTECT, related_name="oficios_propuestos")
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="oficios_propuestos")
    huella = models.CharField(max_length=64)
    propuesto_el = models.DateTimeField()
    propuesto_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "oficio propuesto"


class OficioRetirado(models.Model):
    """The end of a proposal of oficio that was not issued."""

    propuesto = models.OneToOneField(OficioPropuesto, models.PROTECT, related_name="retirado")
    retirado_el = models.DateTimeField()
    retirado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "oficio retirado"


class Oficio(models.Model):
    """The oficio de errores y omisiones of a subject, notified, with the last instant to answer."""

    etapa = models.ForeignKey("registry.Etapa", models.PROTECT, related_name="oficios")
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="oficios")
    numero = models.CharField(max_length=40, unique=True)
    documento = models.OneToOneField(Documento, models.PROTECT, related_name="oficio")
    notificacion = models.OneToOneField("notices.Notificacion", models.PROTECT, related_name="oficio")
    observaciones = models.ManyToManyField("audit.Observacion", related_name="oficios")
    notificado_el = models.DateTimeField()
    vence_el = models.DateTimeField()
    emitido_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    propuesto = models.OneToOneField(OficioPropuesto, models.PROTECT, null=True, related_name="oficio")

    class Meta:
        verbose_name = "oficio de errores y omisiones"
        constraints = [models.UniqueConstraint(fields=["etapa", "sujeto"], name="oficio_uno_por_sujeto")]


class Respuesta(models.Model):
    """What the subject answered to one observation; a later version supersedes, none is lost."""

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
    """The dictamen of a subject at one stage; closed, its conclusions do not change."""

    etapa = models.ForeignKey("registry.Etapa", models.PROTECT, related_name="dictamenes")
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="dictamenes")
    numero = models.CharField(max_length=40, unique=True)
    documento = models.OneToOneField(Documento, models.PROTECT, null=True, related_name="dictamen")
    abierto_el = models.DateTimeField()
    cerrado_el = models.DateTimeField(null=True)
    cerrado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    class Meta:
        verbose_name = "dictamen"
        constraints = [
            models.UniqueConstraint(fields=["etapa", "sujeto"], name="dictamen_uno_por_sujeto"),
            models.CheckConstraint(
                condition=Q(cerrado_el__isnull=True, documento__isnull=True)
                | Q(cerrado_el__isnull=False, documento__isnull=False, cerrado_por__isnull=False),
                name="dictamen_cerrado_con_documento",
            ),
        ]


class Conclusion(models.Model):
    """A conclusion of a dictamen, keyed as 6_C38_FD; it closes only with an answer considered and an analysis."""

    class Referencia(models.TextChoices):
        """How the observation ended; every conclusion has exactly one."""

        ATENDIDA = "atendida", "Atendida"
        SIN_EFECTOS = "sin_efectos", "Sin efectos"
        NO_ATENDIDA = "no_atendida", "No atendida"

    dictamen = models.ForeignKey(Dictamen, models.PROTECT, related_name="conclusiones")
    clave = models.CharField(max_length=30)
    observacion = models.OneToOneField("audit.Observacion", models.PROTECT, related_name="conclusion")
    respuesta_considerada = models.TextField(blank=True)
    analisis = models.TextField(blank=True)
    referencia = models.CharField(max_length=12, choices=Referencia.choices, blank=True)
    monto_no_atendido = models.BigIntegerField(default=0)
    unidades_no_atendidas = models.PositiveIntegerField(
        null=True, help_text="hechos no atendidos de los observados; vacío: todos los hallazgos"
    )
    conducta = models.CharField(max_length=300)
    articulo = models.CharField(max_length=200)
    criterio = models.CharField(max_length=60, blank=True)
    cerrada_el = models.DateTimeField(null=True)
    cerrada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    class Meta:
        verbose_name = "conclusión"
        constraints = [
            models.UniqueConstraint(fields=["dictamen", "clave"], name="conclusion_clave_unica"),
            models.CheckConstraint(
                condition=Q(cerrada_el__isnull=True)
                | (~Q(respuesta_considerada="") & ~Q(analisis="") & ~Q(referencia="") & Q(cerrada_por__isnull=False)),
                name="conclusion_cerrada_completa",
            ),
            models.CheckConstraint(
                condition=Q(cerrada_el__isnull=True)
                | (Q(respuesta_considerada__regex=r"\S") & Q(analisis__regex=r"\S")),
                name="conclusion_cerrada_en_palabras",
            ),
            models.CheckConstraint(
                condition=Q(referencia="no_atendida") | Q(monto_no_atendido=0), name="conclusion_monto_si_no_atendida"
            ),
        ]


class Determinado(models.Model):
    """An unreported amount decided after hearing, in centavos; column B of the cap table."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="determinados")
    conclusion = models.ForeignKey(Conclusion, models.PROTECT, related_name="determinados")
    origen = models.CharField(max_length=12)
    fecha = models.DateField()
    monto = models.BigIntegerField()
    firme = models.BooleanField(default=True)

    class Meta:
        verbose_name = "monto determinado"


class Resolucion(models.Model):
    """The resolución on a dictamen, put to the vote of the council."""

    class Estado(models.TextChoices):
        """States of a resolución."""

        PROYECTO = "proyecto", "Proyecto"
        EN_DISCUSION = "en_discusion", "En discusión"
        APROBADA = "aprobada", "Aprobada"
        RECHAZADA = "rechazada", "Rechazada"

    dictamen = models.OneToOneField(Dictamen, models.PROTECT, related_name="resolucion")
    numero = models.CharField(max_length=40, unique=True)
    estado = models.CharField(max_length=12, choices=Estado.choices, default=Estado.PROYECTO)
    sesion_el = models.DateField()
    documento = models.OneToOneField(Documento, models.PROTECT, related_name="resolucion")
    elaborada_el = models.DateTimeField()
    elaborada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    contada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    votada_el = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "resolución"


class Sancion(models.Model):
    """The sanction of one conclusion, with the arithmetic that gives it; amounts in centavos, rate in basis points."""

    resolucion = models.ForeignKey(Resolucion, models.PROTECT, related_name="sanciones")
    conclusion = models.OneToOneField(Conclusion, models.PROTECT, related_name="sancion")
    criterio = models.CharField(max_length=60)
    monto_involucrado = models.BigIntegerField()
    porcentaje_pb = models.PositiveIntegerField(null=True)
    unidades = models.PositiveIntegerField(null=True)
    umas_por_unidad = models.PositiveIntegerField(null=True)
    uma = models.BigIntegerField()
    umas = models.PositiveIntegerField()
    forma = models.CharField(max_length=12)
    monto = models.BigIntegerField()
    trabajo = models.JSONField()

    class Meta:
        verbose_name = "sanción"
        constraints = [
            models.CheckConstraint(condition=Q(forma__in=["multa", "reduccion"]), name="sancion_forma"),
            models.CheckConstraint(condition=Q(monto__gte=0), name="sancion_no_negativa"),
        ]


class ParteSancion(models.Model):
    """What each member of a coalition pays of a sanction, by its share; centavos and basis points."""

    sancion = models.ForeignKey(Sancion, models.PROTECT, related_name="partes")
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="partes_sancion")
    participacion_pb = models.PositiveIntegerField()
    monto = models.BigIntegerField()

    class Meta:
        verbose_name = "parte de una sanción"
        constraints = [
            models.UniqueConstraint(fields=["sancion", "sujeto"], name="parte_sancion_unica"),
            models.CheckConstraint(condition=Q(monto__gte=0), name="parte_sancion_no_negativa"),
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
