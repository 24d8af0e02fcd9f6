"""Define the published tables: redacted copies of what the law makes public."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class ProcesoPublicado(models.Model):
    """A process and stage as published; `sin_voto` is null where it was published before that was kept."""

    clave = models.CharField(max_length=60, unique=True)
    nombre = models.CharField(max_length=200)
    ambito = models.CharField(max_length=8)
    entidad = models.CharField(max_length=3, blank=True)
    inicia_el = models.DateField()
    termina_el = models.DateField()
    jornada_el = models.DateField(null=True)
    datos_al = models.DateTimeField()
    sin_voto = models.BooleanField(
        null=True, help_text="se propuso sin ninguna resolución aprobada; nulo antes de que se guardara"
    )
    informes = models.JSONField(
        null=True,
        help_text="por clase de informe: cuántos vencieron, se presentaron y corren; nulo antes de que se guardara",
    )

    class Meta:
        verbose_name = "proceso publicado"


class ContabilidadPublicada(models.Model):
    """The statement of account of one contabilidad as published; centavos, one amount a public heading.

    `aprobada_el` is when its books were opened, which the 26 columns call the approval; `contiende_desde` is the day of
    the approval of the candidacy, and `acuerdo_aprobacion` the accord that says it. `no_reportado` is null while the
    council has approved no resolución of its subject, and 0 where it approved one with nothing unreported. `estatus` is
    `baja` where its candidacy ended: `cancelada_el` is then the start of `baja_desde`, the day that its act says.
    """

    proceso = models.ForeignKey(ProcesoPublicado, models.PROTECT, related_name="contabilidades")
    id_contabilidad = models.BigIntegerField(unique=True)
    clase = models.CharField(max_length=16)
    nombre = models.CharField(max_length=160)
    cargo = models.CharField(max_length=80, blank=True)
    territorio = models.CharField(max_length=120, blank=True)
    entidad = models.CharField(max_length=3, blank=True)
    sujeto = models.CharField(max_length=120)
    siglas = models.CharField(max_length=16)
    tipo_asociacion = models.CharField(max_length=4)
    estatus = models.CharField(max_length=10)
    aprobada_el = models.DateTimeField()
    cancelada_el = models.DateTimeField(null=True)
    tope = models.BigIntegerField(null=True)
    ingresos = models.BigIntegerField()
    egresos = models.BigIntegerField()
    no_reportado = models.BigIntegerField(null=True, help_text="nulo mientras el Consejo no lo resuelve")
    diferencia_prorrateo = models.BigIntegerField(default=0)
    rubros = models.JSONField(help_text="rubro oficial -> centavos")
    ingresos_por_origen = models.JSONField(help_text="origen -> centavos")
    informes_debidos = models.PositiveSmallIntegerField()
    informes_presentados = models.PositiveSmallIntegerField()
    informes_tarde = models.PositiveSmallIntegerField()
    datos_al = models.DateTimeField()
    contiende_desde = models.DateField(null=True, help_text="de la candidatura; nulo si no consta o no es de una")
    acuerdo_aprobacion = models.CharField(max_length=60, blank=True, default="", db_default="")
    emblema = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="SHA-256 del PNG del sujeto"
    )
    baja = models.CharField(
        max_length=20, blank=True, default="", db_default="", help_text="por qué dejó de contender, clave de bajas.yaml"
    )
    baja_desde = models.DateField(null=True, help_text="primer día en que ya no contiende")
    sustituta = models.CharField(
        max_length=160, blank=True, default="", db_default="", help_text="nombre de quien la sustituye"
    )
    sustituta_contabilidad = models.BigIntegerField(null=True, help_text="contabilidad de quien la sustituye")
    informes_en_plazo = models.PositiveSmallIntegerField(
        null=True, help_text="sin presentar y con plazo que corre; nulo antes de que se guardara"
    )
    informes_hasta = models.DateField(null=True, help_text="último día del último de esos plazos")
    integrantes = models.JSONField(
        null=True,
        help_text="de una coalición: siglas, nombre, parte en puntos base, desde y acuerdo; nulo si no se guardó",
    )

    class Meta:
        verbose_name = "contabilidad publicada"


class SancionPublicada(models.Model):
    """A sanction of an approved resolución as published."""

    proceso = models.ForeignKey(ProcesoPublicado, models.PROTECT, related_name="sanciones")
    conclusion = models.CharField(max_length=30)
    resolucion = models.CharField(max_length=40)
    sujeto = models.CharField(max_length=120)
    siglas = models.CharField(max_length=16)
    conducta = models.CharField(max_length=300)
    articulo = models.CharField(max_length=400)
    regla = models.CharField(max_length=8)
    monto_involucrado = models.BigIntegerField()
    umas = models.PositiveIntegerField()
    forma = models.CharField(max_length=16)
    monto = models.BigIntegerField()
    partes = models.JSONField(default=list, help_text="integrantes de la coalición: siglas y centavos")
    votada_el = models.DateTimeField()
    votos_a_favor = models.PositiveSmallIntegerField()
    votos_en_contra = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "sanción publicada"
        constraints = [models.UniqueConstraint(fields=["proceso", "conclusion"], name="sancion_publicada_unica")]


class DocumentoPublicado(models.Model):
    """A public document (dictamen or resolución) with the digests of its files."""

    proceso = models.ForeignKey(ProcesoPublicado, models.PROTECT, related_name="documentos")
    clave = models.CharField(max_length=60, unique=True)
    titulo = models.CharField(max_length=200)
    siglas = models.CharField(max_length=16)
    pdf_sha256 = models.CharField(max_length=64)
    publicado_el = models.DateTimeField()

    class Meta:
        verbose_name = "documento publicado"


class ReglaPublicada(models.Model):
    """A rule of the audit in words, with the sanctions of approved resoluciones that rest on it."""

    proceso = models.ForeignKey(ProcesoPublicado, models.PROTECT, related_name="reglas")
    regla = models.CharField(max_length=8)
    titulo = models.CharField(max_length=200)
    texto = models.TextField()
    fundamento = models.JSONField()
    sancionadas = models.PositiveIntegerField()

    class Meta:
        verbose_name = "regla publicada"
        constraints = [models.UniqueConstraint(fields=["proceso", "regla"], name="regla_publicada_unica")]


class PublicacionPropuesta(models.Model):
    """A proposal of one person to publish a stage: the digest of the file that holds the whole content."""

    etapa = models.ForeignKey("registry.Etapa", models.PROTECT, related_name="publicaciones_propuestas")
    huella = models.CharField(max_length=64)
    propuesta_el = models.DateTimeField()
    propuesta_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "publicación propuesta"


class Publicacion(models.Model):
    """The act by which a second person publishes what was proposed; the published tables are a copy of its content."""

    propuesta = models.OneToOneField(PublicacionPropuesta, models.PROTECT, related_name="publicacion")
    publicada_el = models.DateTimeField()
    publicada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    archivos = models.JSONField(
        null=True,
        help_text="clave.forma de cada archivo abierto -> SHA-256, bytes y renglones; nulo antes de que se dijera",
    )

    class Meta:
        verbose_name = "publicación"


class RetiroPropuesto(models.Model):
    """A proposal to withdraw a publication, with its reason and basis of law, for another person to confirm."""

    publicacion = models.ForeignKey(Publicacion, models.PROTECT, related_name="retiros_propuestos")
    motivo = models.CharField(max_length=500)
    fundamento = models.CharField(max_length=200, help_text="artículos de la ley, o acuerdo o sentencia que lo ordena")
    propuesto_el = models.DateTimeField()
    propuesto_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "retiro propuesto"
        constraints = [
            models.CheckConstraint(condition=~Q(motivo="") & ~Q(fundamento=""), name="retiro_propuesto_con_motivo")
        ]


class PublicacionRetirada(models.Model):
    """The withdrawal of a publication; the public reads its notice, and the stage once it is published anew.

    `propuesta` is null where one person withdrew, as was done before withdrawing took two.
    """

    publicacion = models.OneToOneField(Publicacion, models.PROTECT, related_name="retirada")
    propuesta = models.OneToOneField(RetiroPropuesto, models.PROTECT, null=True, related_name="retiro")
    motivo = models.CharField(max_length=500)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "publicación retirada"
        constraints = [models.CheckConstraint(condition=~Q(motivo=""), name="publicacion_retirada_con_motivo")]


class ArchivoPublicado(models.Model):
    """An open file of a publication, written with the act that published it and kept by its digest.

    The public takes it away while that publication is the last of its stage and is in sight. The act says it too
    (`Publicacion.archivos`), which is what `sif verificar` compares these rows with.
    """

    publicacion = models.BigIntegerField(help_text="número de la publicación")
    proceso = models.CharField(max_length=60)
    clave = models.CharField(max_length=40)
    forma = models.CharField(max_length=4)
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    renglones = models.PositiveIntegerField()

    class Meta:
        verbose_name = "archivo publicado"
        constraints = [
            models.UniqueConstraint(fields=["publicacion", "clave", "forma"], name="archivo_publicado_unico")
        ]


class RetiroPublicado(models.Model):
    """The notice of a withdrawal as the public reads it, for ever: what, when, why, on what basis and by whom.

    `lugares` holds what the publication showed: numbers of contabilidades and keys of documents.
    """

    publicacion = models.BigIntegerField(unique=True, help_text="número de la publicación retirada")
    proceso = models.CharField(max_length=60)
    nombre = models.CharField(max_length=200)
    huella = models.CharField(max_length=64)
    datos_al = models.DateTimeField()
    publicada_el = models.DateTimeField()
    retirada_el = models.DateTimeField()
    motivo = models.CharField(max_length=500)
    fundamento = models.CharField(max_length=200)
    autoridad = models.CharField(max_length=200)
    lugares = models.JSONField()

    class Meta:
        verbose_name = "retiro publicado"


class CargaHistorica(models.Model):
    """A public file of totals of a past process, as it was loaded: it never becomes books. The last of a key rules."""

    clave = models.CharField(max_length=60)
    nombre = models.CharField(max_length=200)
    ambito = models.CharField(max_length=8, blank=True)
    inicia_el = models.DateField(null=True)
    termina_el = models.DateField(null=True)
    archivo = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    mapa = models.JSONField(help_text="de qué columna del archivo salió cada dato")
    redondeados = models.PositiveIntegerField(help_text="importes con fracciones de centavo")
    descuadrados = models.PositiveIntegerField(help_text="cuentas cuyos rubros no suman su total")
    cargada_el = models.DateTimeField()
    cargada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "carga histórica"
        indexes = [models.Index(fields=["clave", "-id"], name="carga_historica_vigente")]


class CuentaHistorica(models.Model):
    """An account of a past process: totals in centavos, null where the file does not say them. It has no books."""

    carga = models.ForeignKey(CargaHistorica, models.PROTECT, related_name="cuentas")
    renglon = models.PositiveIntegerField(help_text="su lugar en el archivo")
    identificador = models.CharField(max_length=40, blank=True, help_text="su número en el archivo, si lo trae")
    nombre = models.CharField(max_length=200)
    sujeto = models.CharField(max_length=200, blank=True)
    siglas = models.CharField(max_length=200, blank=True)
    asociacion = models.CharField(max_length=40, blank=True)
    cargo = models.CharField(max_length=120, blank=True)
    entidad = models.CharField(max_length=120, blank=True)
    lugar = models.CharField(max_length=200, blank=True)
    estatus = models.CharField(max_length=40, blank=True)
    tope = models.BigIntegerField(null=True)
    ingresos = models.BigIntegerField(null=True)
    gasto = models.BigIntegerField(null=True)
    determinado = models.BigIntegerField(null=True)
    ajustes_negativos = models.PositiveSmallIntegerField()
    rubros = models.JSONField(help_text="rubro de gasto -> centavos")
    origenes = models.JSONField(help_text="origen del ingreso -> centavos")

    class Meta:
        verbose_name = "cuenta histórica"
        constraints = [models.UniqueConstraint(fields=["carga", "renglon"], name="cuenta_historica_unica")]


class CargaHistoricaRetirada(models.Model):
    """The act that takes a past process out of sight, with its reason; the one before it of its key does not return."""

    carga = models.OneToOneField(CargaHistorica, models.PROTECT, related_name="retirada")
    motivo = models.CharField(max_length=300)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "carga histórica retirada"
        constraints = [models.CheckConstraint(condition=~Q(motivo=""), name="carga_historica_retirada_con_motivo")]
