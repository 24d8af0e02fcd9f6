"""Define the tables of drafts and of posted pólizas with all that supports them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sif.books.models.comprobantes import Comprobante
from sif.books.models.cuentas import ClaseEvidencia, Cuenta


class Borrador(models.Model):
    """A póliza being written: its header and lines as typed, until posted or thrown away. `version` shows conflicts."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="borradores")
    comprobante = models.ForeignKey(Comprobante, models.PROTECT, null=True, related_name="borradores")
    contenido = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    guardado_el = models.DateTimeField()
    guardado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "borrador de póliza"


class Poliza(models.Model):
    """A posted póliza: never updated, never deleted; each is a link of its contabilidad's chain of digests."""

    class Subtipo(models.TextChoices):
        """Subtypes, with the letters of the short reference."""

        INGRESOS = "IG", "Ingresos"
        EGRESOS = "EG", "Egresos"
        DIARIO = "DR", "Diario"

    class Clase(models.TextChoices):
        """The purposes of a póliza; transfers, reclassifications and openings are not new operations."""

        ORDINARIA = "ordinaria", "Ordinaria"
        TRANSFERENCIA = "transferencia", "Transferencia"
        RECLASIFICACION = "reclasificacion", "Reclasificación"
        PRORRATEO = "prorrateo", "Prorrateo"
        APERTURA = "apertura", "Apertura"

    contabilidad = models.ForeignKey(
        "registry.Contabilidad", models.PROTECT, related_name="polizas", db_index=False
    )  # the unique numbers begin with it
    periodo = models.ForeignKey("registry.Periodo", models.PROTECT, related_name="polizas")
    tipo = models.CharField(max_length=12)
    subtipo = models.CharField(max_length=2, choices=Subtipo.choices)
    numero = models.PositiveIntegerField()
    clase = models.CharField(max_length=16, choices=Clase.choices, default=Clase.ORDINARIA)
    fecha_operacion = models.DateField()
    registrada_el = models.DateTimeField()
    registrada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    concepto = models.CharField(max_length=500)
    total = models.BigIntegerField(help_text="suma de cargos, con signo; la base comprueba que es la de sus líneas")
    revierte_a = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversion")
    eslabon = models.PositiveIntegerField()
    huella_anterior = models.BinaryField(max_length=32, null=True)
    huella = models.BinaryField(max_length=32)
    formato = models.PositiveSmallIntegerField(db_default=1, help_text="escritura que cubre su huella")

    class Meta:
        verbose_name = "póliza"
        constraints = [
            models.UniqueConstraint(
                fields=["contabilidad", "periodo", "tipo", "subtipo", "numero"], name="poliza_numero_unico"
            ),
            models.UniqueConstraint(fields=["contabilidad", "eslabon"], name="poliza_eslabon_unico"),
            models.UniqueConstraint(fields=["id", "contabilidad"], name="poliza_con_su_contabilidad"),
            models.CheckConstraint(condition=Q(numero__gte=1), name="poliza_numero_desde_uno"),
            models.CheckConstraint(
                condition=Q(tipo__in=["normal", "correccion", "ajuste", "jornada"]), name="poliza_tipo_conocido"
            ),
            models.CheckConstraint(
                condition=Q(revierte_a__isnull=True, total__gte=0) | Q(revierte_a__isnull=False, total__lte=0),
                name="poliza_negativa_solo_si_revierte",
            ),
        ]
        indexes = [
            models.Index(fields=["contabilidad", "fecha_operacion"], name="poliza_por_fecha"),
            models.Index(fields=["contabilidad", "registrada_el"], name="poliza_por_registro"),
        ]


class Movimiento(models.Model):
    """One line of a póliza: a debit or a credit in centavos, negative only in reversals."""

    # the pair of both references the póliza with its contabilidad, in one constraint (migration 0003)
    poliza = models.ForeignKey(Poliza, models.PROTECT, related_name="movimientos", db_index=False, db_constraint=False)
    contabilidad = models.ForeignKey(
        "registry.Contabilidad", models.PROTECT, related_name="movimientos", db_index=False, db_constraint=False
    )
    linea = models.PositiveSmallIntegerField()
    cuenta = models.ForeignKey(Cuenta, models.PROTECT, related_name="movimientos", db_index=False)
    concepto = models.CharField(max_length=300, blank=True)
    cargo = models.BigIntegerField(default=0)
    abono = models.BigIntegerField(default=0)
    auxiliar_tipo = models.CharField(max_length=20, blank=True)
    auxiliar_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = "movimiento"
        constraints = [
            models.UniqueConstraint(fields=["poliza", "linea"], name="movimiento_linea_unica"),
            models.CheckConstraint(condition=Q(cargo=0) | Q(abono=0), name="movimiento_cargo_o_abono"),
            models.CheckConstraint(
                condition=Q(auxiliar_tipo="", auxiliar_id__isnull=True)
                | (~Q(auxiliar_tipo="") & Q(auxiliar_id__isnull=False)),
                name="movimiento_auxiliar_completo",
            ),
        ]
        indexes = [
            models.Index(fields=["contabilidad", "cuenta"], include=["cargo", "abono"], name="movimiento_por_cuenta"),
            models.Index(
                fields=["contabilidad", "auxiliar_tipo", "auxiliar_id"],
                name="movimiento_por_auxiliar",
                condition=Q(auxiliar_id__isnull=False),
            ),
        ]


class Archivo(models.Model):
    """A stored file, named by its SHA-256: the same bytes are kept once."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    bytes = models.BigIntegerField()
    tipo = models.CharField(max_length=80, help_text="tipo reconocido por su contenido")
    guardado_el = models.DateTimeField()

    class Meta:
        verbose_name = "archivo"


class Entrega(models.Model):
    """The delivery of a file by a person for a subject, which lets the people of the subject cite the file.

    The digest of a file alone lets nobody cite the file.
    """

    archivo = models.ForeignKey(Archivo, models.PROTECT, related_name="entregas", db_index=False)
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="entregas")
    entregada_el = models.DateTimeField()
    entregada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "entrega de archivo"
        constraints = [models.UniqueConstraint(fields=["archivo", "sujeto"], name="entrega_una_por_sujeto")]


class Evidencia(models.Model):
    """A file attached to a póliza under a class. Voided, it stays visible."""

    poliza = models.ForeignKey(Poliza, models.PROTECT, related_name="evidencias")
    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="evidencias")
    clase = models.ForeignKey(ClaseEvidencia, models.PROTECT)
    archivo = models.ForeignKey(Archivo, models.PROTECT, related_name="usos")
    nombre = models.CharField(max_length=255)
    cargada_el = models.DateTimeField()
    cargada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "evidencia"
        indexes = [models.Index(fields=["contabilidad", "id"], name="evidencia_ultima")]


class EvidenciaSinEfecto(models.Model):
    """The act that leaves a piece of evidence without effect, with its reason."""

    evidencia = models.OneToOneField(Evidencia, models.PROTECT, related_name="sin_efecto")
    motivo = models.CharField(max_length=300)
    hecha_el = models.DateTimeField()
    hecha_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "evidencia sin efecto"


class UsoComprobante(models.Model):
    """The part of an invoice that a póliza uses, in centavos."""

    comprobante = models.ForeignKey(Comprobante, models.PROTECT, related_name="usos")
    poliza = models.ForeignKey(Poliza, models.PROTECT, related_name="comprobantes")
    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="usos_comprobante")
    monto = models.BigIntegerField()

    class Meta:
        verbose_name = "uso de comprobante"
        constraints = [models.UniqueConstraint(fields=["comprobante", "poliza"], name="uso_unico_por_poliza")]


class Pago(models.Model):
    """A payment that a póliza records."""

    poliza = models.ForeignKey(Poliza, models.PROTECT, related_name="pagos")
    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="pagos")
    proveedor = models.ForeignKey("registry.Proveedor", models.PROTECT, null=True)
    medio = models.CharField(max_length=14)
    fecha = models.DateField()
    monto = models.BigIntegerField()

    class Meta:
        verbose_name = "pago"
        constraints = [
            models.CheckConstraint(
                condition=Q(medio__in=["efectivo", "cheque", "transferencia"]), name="pago_medio_conocido"
            )
        ]


class Aportacion(models.Model):
    """A contribution that a póliza records, with the folio of its receipt."""

    poliza = models.ForeignKey(Poliza, models.PROTECT, related_name="aportaciones")
    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="aportaciones")
    aportante = models.ForeignKey("registry.Aportante", models.PROTECT, related_name="aportaciones")
    calidad = models.CharField(max_length=14)
    medio = models.CharField(max_length=14)
    fecha = models.DateField()
    folio = models.CharField(max_length=30)
    monto = models.BigIntegerField()

    class Meta:
        verbose_name = "aportación"
        constraints = [
            models.CheckConstraint(
                condition=Q(calidad__in=["militante", "simpatizante", "candidatura"]), name="aportacion_calidad"
            ),
            models.CheckConstraint(
                condition=Q(medio__in=["efectivo", "cheque", "transferencia", "especie"]), name="aportacion_medio"
            ),
        ]
        indexes = [models.Index(fields=["-fecha", "-id"], name="aportacion_por_fecha")]


class LadoTransferencia(models.Model):
    """One side of a transfer between two contabilidades; both sides share the folio."""

    folio = models.CharField(max_length=30)
    lado = models.CharField(max_length=8, choices=[("salida", "Salida"), ("entrada", "Entrada")])
    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="lados_transferencia")
    contraparte = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="lados_contraparte")
    poliza = models.ForeignKey(Poliza, models.PROTECT, related_name="lados_transferencia")
    forma = models.CharField(max_length=8, choices=[("efectivo", "Efectivo"), ("especie", "Especie")])
    fecha = models.DateField()
    monto = models.BigIntegerField()

    class Meta:
        verbose_name = "lado de transferencia"
        constraints = [
            models.CheckConstraint(condition=~Q(contabilidad=F("contraparte")), name="transferencia_entre_dos"),
        ]


class Contrato(models.Model):
    """A contract with a supplier; `monto` with VAT, in centavos. Never changed: its notices amend it."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="contratos")
    proveedor = models.ForeignKey("registry.Proveedor", models.PROTECT, related_name="contratos")
    objeto = models.CharField(max_length=300)
    suscrito_el = models.DateField()
    entrega_el = models.DateField(null=True)
    monto = models.BigIntegerField()
    registrado_el = models.DateTimeField()

    class Meta:
        verbose_name = "contrato"
