"""Define the tables of report versions and presentations."""

from datetime import UTC, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

CLOCKS = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
"""The hours that the clock of a computer may say of a signature."""


class Informe(models.Model):
    """A frozen version of the report of some books for a period. Totals in centavos; `contenido` is what is signed."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="informes")
    periodo = models.ForeignKey("registry.Periodo", models.PROTECT, related_name="informes")
    tipo = models.CharField(max_length=8, default="IC")
    etapa_captura = models.CharField(max_length=12, help_text="normal o correccion")
    version = models.PositiveSmallIntegerField()
    folio = models.CharField(max_length=40, unique=True)
    contenido = models.JSONField()
    contenido_sha256 = models.CharField(max_length=64)
    ingresos = models.BigIntegerField()
    egresos = models.BigIntegerField()
    generado_el = models.DateTimeField()
    generado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "informe"
        constraints = [
            models.UniqueConstraint(
                fields=["contabilidad", "periodo", "tipo", "version"], name="informe_version_unica"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="informe_version_desde_uno"),
        ]


class Preparacion(models.Model):
    """The hour at which the cadena of a report was given to be signed with a certificate: it is good for 30 minutes."""

    informe = models.ForeignKey(Informe, models.PROTECT, related_name="preparaciones")
    serie = models.CharField(max_length=40, help_text="los 20 dígitos del certificado con que se firmará")
    rfc = models.CharField(max_length=13)
    preparada_el = models.DateTimeField()

    class Meta:
        verbose_name = "preparación de cadena"
        indexes = [models.Index(fields=["informe", "serie"], name="preparacion_informe_serie")]


class Firmado(models.Model):
    """The signature of a report as it was judged: what was signed and when it was given, by whom, with what."""

    preparada_el = models.DateTimeField()
    cadena = models.TextField()
    sello = models.TextField()
    certificado = models.BinaryField()
    rfc = models.CharField(max_length=13)
    nombre = models.CharField(max_length=200)
    serie = models.CharField(max_length=40)
    emisor_sha256 = models.CharField(max_length=64)
    revocacion = models.CharField(max_length=12)

    class Meta:
        abstract = True


class Presentacion(Firmado):
    """The signed presentation of a report, with everything its acuse says; never updated."""

    informe = models.OneToOneField(Informe, models.PROTECT, related_name="presentacion")
    recibida_el = models.DateTimeField()
    acuse = models.JSONField()
    hoja = models.PositiveIntegerField(unique=True, help_text="índice en el árbol de acuses, desde 0")

    class Meta:
        verbose_name = "presentación de informe"


class Compromiso(Firmado):
    """A report's signature as it arrived, judged and not yet an act with its acuse; its hour is that of the act.

    `firmado_el` is what the clock of who signed says, and counts for nothing. `eslabon` is the last link of the books
    when it arrived. `papel` is as what a person signed a report of which the law asks two signatures, as `law.duties`
    names them; null where it asks one. Never changed.
    """

    informe = models.ForeignKey(Informe, models.PROTECT, related_name="compromisos")
    huella = models.CharField(max_length=64, unique=True, help_text="SHA-256 de la cadena y el sello")
    recibido_el = models.DateTimeField()
    firmado_el = models.DateTimeField(null=True)
    eslabon = models.PositiveBigIntegerField()
    recibido_de = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    papel = models.CharField(max_length=24, null=True)  # noqa: DJ001  null leaves the digest of older rows as it was

    class Meta:
        verbose_name = "compromiso de presentación"
        constraints = [
            models.CheckConstraint(condition=Q(papel__isnull=True) | ~Q(papel=""), name="compromiso_papel_dicho"),
            models.CheckConstraint(
                condition=Q(firmado_el__isnull=True) | Q(firmado_el__gte=CLOCKS[0], firmado_el__lt=CLOCKS[1]),
                name="compromiso_hora_de_un_reloj",
            ),
        ]


class CompromisoSinEfecto(models.Model):
    """The reasons why a commitment did not become the presentation of its report; it stays, with its hour."""

    compromiso = models.OneToOneField(Compromiso, models.PROTECT, related_name="sin_efecto")
    problemas = models.JSONField()
    hecho_el = models.DateTimeField()

    class Meta:
        verbose_name = "compromiso sin efecto"


class Deposito(models.Model):
    """The deposit of a document that proves a duty of a subject, which no report or notice of this system proves.

    `obligacion` is the key of the duty in the catalogue of law; `etapa`, the stage of a duty that is of a stage, null
    for one of a period of the calendar. `cumplida_el` is the day on which it was met: that of the deposit, or an
    earlier one that the document says. Its acuse is drawn after its act (`AcuseDeposito`); `acuse_sha256` is that of an
    acuse of before, drawn within its act, and null of every other. Never changed: a correction is a later deposit.
    """

    folio = models.CharField(max_length=40, unique=True)
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="depositos")
    obligacion = models.CharField(max_length=8)
    etapa = models.ForeignKey("registry.Etapa", models.PROTECT, null=True, related_name="depositos")
    desde = models.DateField(help_text="primer día del periodo")
    hasta = models.DateField(help_text="último día del periodo")
    cumplida_el = models.DateField()
    nombre = models.CharField(max_length=255, help_text="del archivo, como llegó")
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    depositado_el = models.DateTimeField()
    depositado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acuse_sha256 = models.CharField(max_length=64, null=True)  # noqa: DJ001  null leaves the digest of older rows

    class Meta:
        verbose_name = "depósito de una obligación"
        constraints = [
            models.CheckConstraint(
                condition=Q(acuse_sha256__isnull=True) | Q(acuse_sha256__regex=r"^[0-9a-f]{64}$"),
                name="deposito_acuse_es_huella",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$", bytes__gt=0, hasta__gte=models.F("desde")),
                name="deposito_completo",
            ),
        ]

    @property
    def acuse_kept(self) -> str:
        """The SHA-256 of its acuse as it was issued, before its seal; '' while it was not drawn."""
        made = getattr(self, "acuse", None)
        return made.archivo_id if made else self.acuse_sha256 or ""


class AcuseDeposito(models.Model):
    """The acuse of a deposit as it was issued, drawn once after the act of the deposit; never changed."""

    deposito = models.OneToOneField(Deposito, models.PROTECT, related_name="acuse")
    archivo = models.ForeignKey("books.Archivo", models.PROTECT, related_name="+")
    dibujado_el = models.DateTimeField()

    class Meta:
        verbose_name = "acuse de un depósito"


class CabezaArbol(models.Model):
    """A published head of the tree of acuses: how many leaves it covers and its root, sealed by the authority."""

    tamano = models.PositiveIntegerField(unique=True)
    raiz = models.CharField(max_length=64)
    publicada_el = models.DateTimeField()
    sello_autoridad = models.TextField()

    class Meta:
        verbose_name = "cabeza del árbol de acuses"
