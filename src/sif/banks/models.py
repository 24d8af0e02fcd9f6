"""Define the tables of banks: statements, lines, links, explanations and closed months."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from sif.registry.versions import Act


class EstadoDeCuenta(models.Model):
    """A statement that was loaded: its file is kept as evidence; balances in centavos. Never changed."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="estados_de_cuenta")
    cuenta = models.ForeignKey("registry.CuentaBancaria", models.PROTECT, related_name="estados")
    archivo = models.ForeignKey("books.Archivo", models.PROTECT, related_name="estados_de_cuenta")
    nombre = models.CharField(max_length=255)
    formato = models.CharField(max_length=8)
    desde = models.DateField()
    hasta = models.DateField(help_text="último día")
    saldo_inicial = models.BigIntegerField()
    saldo_final = models.BigIntegerField()
    lineas_leidas = models.PositiveIntegerField()
    lineas_nuevas = models.PositiveIntegerField()
    cargado_el = models.DateTimeField()
    cargado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "estado de cuenta"
        constraints = [
            models.UniqueConstraint(fields=["cuenta", "archivo"], name="estado_de_cuenta_una_vez"),
            models.CheckConstraint(condition=Q(hasta__gte=F("desde")), name="estado_de_cuenta_dias_en_orden"),
        ]


class LineaBancaria(models.Model):
    """A movement as the bank tells it; `monto` in centavos, positive in and negative out. Never changed."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="lineas_bancarias")
    cuenta = models.ForeignKey("registry.CuentaBancaria", models.PROTECT, related_name="lineas")
    estado = models.ForeignKey(EstadoDeCuenta, models.PROTECT, related_name="lineas")
    lugar = models.PositiveIntegerField(help_text="lugar en su archivo")
    fecha = models.DateField()
    monto = models.BigIntegerField()
    referencia = models.CharField(max_length=120, blank=True)
    descripcion = models.CharField(max_length=500, blank=True)
    id_banco = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = "línea bancaria"
        constraints = [models.UniqueConstraint(fields=["estado", "lugar"], name="linea_bancaria_en_su_lugar")]
        indexes = [models.Index(fields=["cuenta", "fecha"], name="linea_bancaria_por_dia")]


def counted(lines: "models.QuerySet[LineaBancaria]") -> Any:
    """Add to some lines the day on which each counts (`dia`): its own, or the nearest that its statement covers."""
    return lines.annotate(dia=Least(Greatest("fecha", "estado__desde"), "estado__hasta"))


class Enlace(models.Model):
    """Some bank lines and some movements of the books are the same money: their sums are equal. Never changed."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="enlaces_bancarios")
    cuenta = models.ForeignKey("registry.CuentaBancaria", models.PROTECT, related_name="enlaces")
    nivel = models.PositiveSmallIntegerField(null=True, help_text="de la propuesta; vacío: lo enlazó una persona")
    razones = models.JSONField(default=list)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "enlace bancario"
        constraints = [models.UniqueConstraint(fields=["id", "contabilidad"], name="enlace_con_su_contabilidad")]


class EnlaceDeshecho(Act):
    """The act that takes back a link: its lines and movements are open again. Never changed."""

    enlace = models.OneToOneField(Enlace, models.PROTECT, related_name="deshecho")

    class Meta:
        verbose_name = "enlace bancario deshecho"


class LadoBanco(models.Model):
    """A bank line in a link; while the link stands, the database lets no other claim the line. Never changed."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="+")
    enlace = models.ForeignKey(Enlace, models.PROTECT, related_name="lados_banco")
    linea = models.ForeignKey(LineaBancaria, models.PROTECT, related_name="lados")

    class Meta:
        verbose_name = "lado del banco"


class LadoLibros(models.Model):
    """A movement in a link; while the link stands, the database lets no other claim it. Never changed."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="+")
    enlace = models.ForeignKey(Enlace, models.PROTECT, related_name="lados_libros")
    movimiento = models.ForeignKey("books.Movimiento", models.PROTECT, related_name="lados_bancarios")

    class Meta:
        verbose_name = "lado de los libros"


class ExplicacionPendiente(models.Model):
    """The explanation, in words, of a bank line or a movement without a counterpart.

    The last one is shown; none is ever changed.
    """

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="explicaciones_bancarias")
    cuenta = models.ForeignKey("registry.CuentaBancaria", models.PROTECT, related_name="explicaciones")
    linea = models.ForeignKey(LineaBancaria, models.PROTECT, null=True, related_name="explicaciones")
    movimiento = models.ForeignKey(
        "books.Movimiento", models.PROTECT, null=True, related_name="explicaciones_bancarias"
    )
    texto = models.CharField(max_length=300)
    escrita_el = models.DateTimeField()
    escrita_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "explicación de una partida"
        constraints = [
            models.CheckConstraint(
                condition=Q(linea__isnull=False, movimiento__isnull=True)
                | Q(linea__isnull=True, movimiento__isnull=False),
                name="explicacion_de_un_lado",
            )
        ]


class ConciliacionMensual(models.Model):
    """A month whose reconciliation was closed: its figures and items as they stood. Never changed."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="conciliaciones")
    cuenta = models.ForeignKey("registry.CuentaBancaria", models.PROTECT, related_name="conciliaciones")
    mes = models.DateField(help_text="su primer día")
    saldo_libros = models.BigIntegerField()
    saldo_banco = models.BigIntegerField()
    partidas = models.JSONField(help_text="las partidas en conciliación como quedaron")
    cerrada_el = models.DateTimeField()
    cerrada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "conciliación mensual"
        constraints = [
            models.UniqueConstraint(fields=["cuenta", "mes"], name="conciliacion_mensual_una_vez"),
            models.CheckConstraint(condition=Q(mes__day=1), name="conciliacion_mensual_primer_dia"),
        ]


class MapaColumnas(models.Model):
    """The map of columns of a bank's CSV, as last given by a subject."""

    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="mapas_de_columnas")
    banco = models.CharField(max_length=60)
    mapa = models.JSONField()
    guardado_el = models.DateTimeField()
    guardado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "mapa de columnas"
        constraints = [models.UniqueConstraint(fields=["sujeto", "banco"], name="mapa_de_columnas_unico")]
