"""Define the tables of invoices as received: lines, complement and place in an inbox."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Comprobante(models.Model):
    """A CFDI as received: a folio and the bytes of an XML. Amounts in centavos; `total` in pesos whatever the currency.

    The same bytes are one row whoever cites them; other bytes that bear its folio are another row, so that nobody's
    upload stops or defines another's (ADR 0217). Never changed: what SAT says of it is `EstatusComprobante`, read by
    `books.estatus.with_estatus`.
    """

    uuid = models.CharField(max_length=36)
    version = models.CharField(max_length=4)
    tipo = models.CharField(max_length=1)
    emisor_rfc = models.CharField(max_length=13)
    emisor_nombre = models.CharField(max_length=300, blank=True)
    receptor_rfc = models.CharField(max_length=13)
    fecha = models.DateTimeField()
    subtotal = models.BigIntegerField()
    total = models.BigIntegerField()
    moneda = models.CharField(max_length=3)
    forma_pago = models.CharField(max_length=2, blank=True)
    sello = models.CharField(max_length=16)
    xml_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    tiene_ine = models.BooleanField(null=True)
    complementos = models.CharField(max_length=200, blank=True, help_text="nombres de sus complementos, por comas")

    class Meta:
        verbose_name = "comprobante"
        constraints = [models.UniqueConstraint(fields=["uuid", "xml_sha256"], name="comprobante_folio_y_archivo")]


class HojaIne(models.Model):
    """One leaf of the INE complement of an invoice, as written."""

    comprobante = models.ForeignKey(Comprobante, models.PROTECT, related_name="hojas_ine")
    linea = models.PositiveSmallIntegerField()
    tipo_proceso = models.CharField(max_length=20)
    tipo_comite = models.CharField(max_length=24, blank=True)
    entidad = models.CharField(max_length=3, blank=True)
    ambito = models.CharField(max_length=10, blank=True)
    id_contabilidad = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = "hoja del complemento INE"
        constraints = [models.UniqueConstraint(fields=["comprobante", "linea"], name="hoja_ine_unica")]


class ConceptoComprobante(models.Model):
    """One line of an invoice; quantity in thousandths, prices in centavos."""

    comprobante = models.ForeignKey(Comprobante, models.PROTECT, related_name="conceptos")
    linea = models.PositiveSmallIntegerField()
    descripcion = models.TextField()
    unidad = models.CharField(max_length=40, blank=True)
    clave_producto = models.CharField(max_length=10, blank=True)
    cantidad_milesimas = models.BigIntegerField()
    valor_unitario = models.BigIntegerField()
    importe = models.BigIntegerField()

    class Meta:
        verbose_name = "concepto de comprobante"
        constraints = [models.UniqueConstraint(fields=["comprobante", "linea"], name="concepto_unico")]


class Recepcion(models.Model):
    """An invoice dropped in the inbox of one contabilidad, with what the checks said that day."""

    comprobante = models.ForeignKey(Comprobante, models.PROTECT, related_name="recepciones")
    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="recepciones")
    archivo = models.CharField(max_length=255)
    problemas = models.JSONField(default=list)
    recibida_el = models.DateTimeField()
    recibida_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    descartada_el = models.DateTimeField(null=True)
    motivo = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "recepción de comprobante"
        constraints = [models.UniqueConstraint(fields=["comprobante", "contabilidad"], name="recepcion_unica")]


class PagoDocumento(models.Model):
    """An invoice paid by a comprobante of payment (Pagos 2.0), in part or whole; amounts in centavos."""

    comprobante = models.ForeignKey(Comprobante, models.PROTECT, related_name="pagados")
    linea = models.PositiveSmallIntegerField()
    documento_uuid = models.CharField(max_length=36, db_index=True)
    parcialidad = models.PositiveSmallIntegerField()
    pagado_el = models.DateField(null=True)
    forma = models.CharField(max_length=2, blank=True)
    saldo_anterior = models.BigIntegerField()
    pagado = models.BigIntegerField()
    saldo_insoluto = models.BigIntegerField()

    class Meta:
        verbose_name = "documento pagado"
        constraints = [models.UniqueConstraint(fields=["comprobante", "linea"], name="pagado_unico")]


class RelacionComprobante(models.Model):
    """Another invoice that this one names, with SAT's kind of relation: 01 credit note, 04 substitution…"""

    comprobante = models.ForeignKey(Comprobante, models.PROTECT, related_name="relacionados")
    linea = models.PositiveSmallIntegerField()
    tipo = models.CharField(max_length=2, blank=True)
    uuid = models.CharField(max_length=36, db_index=True)

    class Meta:
        verbose_name = "relación de comprobante"
        constraints = [models.UniqueConstraint(fields=["comprobante", "linea"], name="relacion_unica")]


class NominaComprobante(models.Model):
    """The payroll that a comprobante of type N carries; amounts in centavos."""

    comprobante = models.OneToOneField(Comprobante, models.PROTECT, related_name="nomina")
    curp = models.CharField(max_length=18)
    pagada_el = models.DateField(null=True)
    percepciones = models.BigIntegerField()
    deducciones = models.BigIntegerField()

    class Meta:
        verbose_name = "nómina de comprobante"


class EstatusComprobante(models.Model):
    """The status of an invoice at SAT on a day, read from a file or requested from its service; never changed."""

    comprobante = models.ForeignKey(Comprobante, models.PROTECT, related_name="estatus", db_index=False)
    estatus = models.CharField(max_length=14)
    fuente = models.CharField(max_length=10, choices=[("archivo", "Archivo"), ("servicio", "Servicio del SAT")])
    al = models.DateField()
    anotado_el = models.DateTimeField()
    anotado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    class Meta:
        verbose_name = "estatus de comprobante"
        constraints = [
            models.CheckConstraint(
                condition=Q(estatus__in=["vigente", "cancelado", "no_encontrado"]), name="estatus_conocido"
            )
        ]
        indexes = [models.Index(fields=["comprobante", "-al", "-id"], name="estatus_ultimo")]
