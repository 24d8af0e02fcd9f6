"""Invoices as received: known once, with their lines, their complement and the inbox they were dropped in."""

from django.conf import settings
from django.db import models


class Comprobante(models.Model):
    """A CFDI as received, known once whoever cites it. Amounts in centavos; `total` in pesos whatever the currency."""

    uuid = models.CharField(max_length=36, unique=True)
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
    estatus_sat = models.CharField(max_length=12, default="desconocido")
    estatus_el = models.DateField(null=True)
    xml_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    tiene_ine = models.BooleanField(null=True)

    class Meta:
        verbose_name = "comprobante"


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
