"""Define the tables of kárdex entries, contracting notices and receipts for work."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sif.books.models.polizas import Contrato, Poliza
from sif.registry.versions import Act, Cancellable

MEDIOS = ["efectivo", "cheque", "transferencia"]


class MovimientoInventario(models.Model):
    """An entry or an exit of the kárdex of an article; quantity in thousandths, cost in centavos. Never changed."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="movimientos_inventario")
    articulo = models.ForeignKey("catalogs.Articulo", models.PROTECT, related_name="movimientos")
    tipo = models.CharField(max_length=8, choices=[("entrada", "Entrada"), ("salida", "Salida")])
    fecha = models.DateField()
    cantidad_milesimas = models.BigIntegerField()
    costo = models.BigIntegerField(help_text="de toda la cantidad, en centavos; en las salidas, al costo promedio")
    documento = models.CharField(max_length=40, help_text="folio de la nota de entrada o de salida")
    evento = models.ForeignKey("catalogs.Evento", models.PROTECT, null=True, related_name="salidas_inventario")
    origen = models.CharField(
        max_length=14,
        choices=[("compra", "Compra"), ("aportacion", "Aportación"), ("transferencia", "Transferencia")],
        blank=True,
        help_text="de las entradas",
    )
    destino = models.CharField(max_length=160, blank=True)
    recibe = models.CharField(max_length=160, blank=True)
    poliza = models.ForeignKey(Poliza, models.PROTECT, null=True, related_name="movimientos_inventario")
    registrado_el = models.DateTimeField()
    registrado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "movimiento de inventario"
        constraints = [
            models.CheckConstraint(condition=~Q(cantidad_milesimas=0), name="inventario_cantidad"),
            models.UniqueConstraint(fields=["contabilidad", "tipo", "documento", "articulo"], name="nota_unica"),
        ]


class AvisoContratacion(models.Model):
    """The notice of a contract, given within three days of signing it [LGPP 61.1.f]; only another amends it."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="avisos")
    contrato = models.ForeignKey(Contrato, models.PROTECT, related_name="avisos")
    folio = models.CharField(max_length=40, unique=True)
    tipo = models.CharField(
        max_length=14,
        choices=[("nuevo", "Nuevo"), ("modificatorio", "Modificatorio"), ("cancelacion", "Cancelación")],
    )
    modifica_a = models.ForeignKey("self", models.PROTECT, null=True, related_name="modificaciones")
    contenido = models.JSONField(help_text="los datos del contrato tal como se avisaron")
    presentado_el = models.DateTimeField()
    presentado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "aviso de contratación"
        constraints = [
            models.CheckConstraint(
                condition=Q(tipo="nuevo", modifica_a__isnull=True) | (~Q(tipo="nuevo") & Q(modifica_a__isnull=False)),
                name="aviso_modifica_a_otro",
            )
        ]


class ReciboRepap(Cancellable):
    """A receipt for political activities (REPAP) paid to a person; `monto` in centavos. Never changed."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="recibos_repap")
    persona = models.ForeignKey("registry.Persona", models.PROTECT, related_name="recibos_repap")
    folio = models.CharField(max_length=30)
    actividad = models.CharField(max_length=200)
    desde = models.DateField()
    hasta = models.DateField()
    monto = models.BigIntegerField()
    medio = models.CharField(max_length=14)
    pagado_el = models.DateField()
    poliza = models.ForeignKey(Poliza, models.PROTECT, null=True, related_name="recibos_repap")
    expedido_el = models.DateTimeField()
    expedido_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "recibo REPAP"
        constraints = [
            models.UniqueConstraint(fields=["id", "contabilidad"], name="repap_con_su_contabilidad"),
            models.UniqueConstraint(fields=["contabilidad", "folio"], name="repap_folio_unico"),
            models.CheckConstraint(condition=Q(monto__gt=0), name="repap_monto"),
            models.CheckConstraint(condition=Q(hasta__gte=F("desde")), name="repap_dias_en_orden"),
            models.CheckConstraint(condition=Q(medio__in=MEDIOS), name="repap_medio"),
        ]


class CancelacionRepap(Act):
    """The act that leaves a REPAP receipt without effect, with its reason; its folio stays used. Never changed."""

    recibo = models.OneToOneField(ReciboRepap, models.PROTECT, related_name="cancelacion")
    motivo = models.CharField(max_length=200)

    class Meta:
        verbose_name = "cancelación de recibo REPAP"


class Cep(Cancellable):
    """The electronic receipt of a party's representative at the polls (CEP), paid or free. Never changed."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="ceps")
    persona = models.ForeignKey("registry.Persona", models.PROTECT, related_name="ceps")
    folio = models.CharField(max_length=30)
    representacion = models.CharField(max_length=8, choices=[("general", "General"), ("casilla", "Casilla")])
    seccion = models.CharField(max_length=12, blank=True)
    oneroso = models.BooleanField()
    monto = models.BigIntegerField(default=0)
    medio = models.CharField(max_length=14, blank=True)
    pagado_el = models.DateField(null=True)
    poliza = models.ForeignKey(Poliza, models.PROTECT, null=True, related_name="ceps")
    expedido_el = models.DateTimeField()
    expedido_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "comprobante electrónico de pago"
        constraints = [
            models.UniqueConstraint(fields=["id", "contabilidad"], name="cep_con_su_contabilidad"),
            models.UniqueConstraint(fields=["contabilidad", "folio"], name="cep_folio_unico"),
            models.CheckConstraint(
                condition=Q(oneroso=True, monto__gt=0, medio__in=MEDIOS) | Q(oneroso=False, monto=0),
                name="cep_oneroso_con_monto",
            ),
        ]

    @property
    def firmado_el(self) -> datetime | None:
        """Return when it was signed; None while nobody signed it."""
        act = getattr(self, "firma", None)
        return act.hecho_el if act else None


class FirmaCep(Act):
    """The e.firma under a CEP: its seal (base64) and the certificate that proves it. Never changed."""

    cep = models.OneToOneField(Cep, models.PROTECT, related_name="firma")
    certificado_serie = models.CharField(max_length=40)
    certificado = models.BinaryField(help_text="con que se firmó, para comprobar el sello")
    sello = models.TextField()

    class Meta:
        verbose_name = "firma de CEP"


class CancelacionCep(Act):
    """The act that leaves a CEP without effect, with its reason; its folio stays used. Never changed."""

    cep = models.OneToOneField(Cep, models.PROTECT, related_name="cancelacion")
    motivo = models.CharField(max_length=200)

    class Meta:
        verbose_name = "cancelación de CEP"
