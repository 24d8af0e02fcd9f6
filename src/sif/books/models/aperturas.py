"""Define the tables of the acts that open the books of a year, with the age of what they bring."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from sif.books.models.polizas import Archivo, Poliza


class Apertura(models.Model):
    """The act that opens the books of a year with balances of before, or that adjusts that opening. Never changed.

    de: the books whose year ended, for what comes from here, with the last link of their chain then and their result in
    centavos. archivo: the file of another program. ajusta: the opening that it adjusts, and then `motivo` says why.
    """

    class Origen(models.TextChoices):
        """Sources of the balances that open some books."""

        CIERRE = "cierre", "Ejercicio anterior en este sistema"
        ARCHIVO = "archivo", "Traído de otro programa"

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="aperturas")
    poliza = models.OneToOneField(Poliza, models.PROTECT, related_name="apertura")
    origen = models.CharField(max_length=8, choices=Origen.choices)
    de = models.ForeignKey("registry.Contabilidad", models.PROTECT, null=True, related_name="cierres")
    eslabon = models.PositiveIntegerField(null=True, help_text="último de los libros que cerraron")
    huella = models.BinaryField(max_length=32, null=True)
    resultado = models.BigIntegerField(default=0, help_text="del ejercicio que cerró: ingresos menos gastos")
    archivo = models.ForeignKey(Archivo, models.PROTECT, null=True, related_name="aperturas")
    nombre = models.CharField(max_length=255, blank=True)
    ajusta = models.ForeignKey("self", models.PROTECT, null=True, related_name="ajustes")
    motivo = models.CharField(max_length=300, blank=True)
    hecha_el = models.DateTimeField()
    hecha_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "apertura de ejercicio"
        constraints = [
            models.UniqueConstraint(fields=["contabilidad"], condition=Q(ajusta=None), name="apertura_una_vez"),
            models.UniqueConstraint(fields=["de"], condition=Q(ajusta=None), name="cierre_una_vez"),
            models.CheckConstraint(
                condition=Q(origen="cierre", de__isnull=False, eslabon__isnull=False, archivo=None)
                | Q(origen="archivo", de=None, archivo__isnull=False),
                name="apertura_con_su_origen",
            ),
            models.CheckConstraint(condition=Q(ajusta=None) | ~Q(motivo=""), name="ajuste_con_motivo"),
        ]


class PartidaApertura(models.Model):
    """The document that a line of an opening brings unpaid: the day since which it is owed, and its reference."""

    apertura = models.ForeignKey(Apertura, models.PROTECT, related_name="partidas")
    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="partidas_apertura")
    linea = models.PositiveSmallIntegerField()
    fecha = models.DateField()
    referencia = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = "partida de apertura"
        constraints = [models.UniqueConstraint(fields=["apertura", "linea"], name="partida_una_por_linea")]
