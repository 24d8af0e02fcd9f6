"""Define the tables of the room: shared expenses, each campaign's part, and the percentages a subject declared."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sif.books.models import Archivo, Poliza


class AvisoPorcentajes(models.Model):
    """The percentages of prorrateo that a subject told the Comisión; they are not changed [LGPP 51.1.b.III].

    `porcentajes`: basis points by inciso and column, as the law had them on the day they were told.
    """

    etapa = models.ForeignKey("registry.Etapa", models.PROTECT, related_name="avisos_porcentajes")
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="avisos_porcentajes")
    porcentajes = models.JSONField()
    informado_el = models.DateTimeField()
    informado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "aviso de porcentajes de prorrateo"
        constraints = [models.UniqueConstraint(fields=["etapa", "sujeto"], name="aviso_porcentajes_unico")]


class Prorrateo(models.Model):
    """One expense shared among the campaigns it benefits; in centavos, `total` = sum of parts + `diferencia`."""

    class Clase(models.TextChoices):
        """The classes of shared expense, by the beneficiaries that the expense shows."""

        GENERICO = "generico", "Genérico"
        CONJUNTO = "conjunto", "Conjunto"
        PERSONALIZADO = "personalizado", "Personalizado"

    class Criterio(models.TextChoices):
        """By what the expense benefits a campaign: the first three of [LGPP 83.1], the others of [LGPP 83.3]."""

        CONJUNTO = "conjunto", "Invita a votar por un conjunto de candidaturas sin especificarlas"
        PROPUESTA = "propuesta", "Difunde una política pública o propuesta del partido o la coalición"
        EMBLEMA = "emblema", "Publica el emblema, el lema o la plataforma electoral"
        NOMBRE = "nombre", "Menciona el nombre de las candidaturas"
        IMAGEN = "imagen", "Difunde la imagen de las candidaturas"
        VOTO = "voto", "Promueve de manera expresa el voto a favor de esas campañas"

    folio = models.CharField(max_length=30, unique=True)
    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="prorrateos")
    gasto = models.ForeignKey(Poliza, models.PROTECT, related_name="prorrateos")
    poliza = models.OneToOneField(Poliza, models.PROTECT, related_name="prorrateo")
    clase = models.CharField(max_length=14, choices=Clase.choices)
    criterio = models.CharField(max_length=10, choices=Criterio.choices)
    detalle = models.CharField(max_length=300, help_text="cómo se sabe que benefició a esas campañas")
    fecha = models.DateField()
    inciso = models.CharField(max_length=1, help_text="de LGPP 83.2")
    total = models.BigIntegerField()
    diferencia = models.BigIntegerField()
    cedula = models.ForeignKey(Archivo, models.PROTECT, related_name="cedulas_prorrateo")
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "prorrateo"
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gt=0, diferencia__gte=0, diferencia__lt=F("total")), name="prorrateo_importes"
            ),
            models.CheckConstraint(condition=~Q(poliza=F("gasto")), name="prorrateo_dos_polizas"),
        ]


class ParteProrrateo(models.Model):
    """The part of one campaign in a prorrateo.

    columna_pb: the percentage of its column, in basis points. tope and monto: its cap and its amount, in centavos.
    """

    prorrateo = models.ForeignKey(Prorrateo, models.PROTECT, related_name="partes")
    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="partes_prorrateo")
    poliza = models.OneToOneField(Poliza, models.PROTECT, related_name="parte_prorrateo")
    columna = models.CharField(max_length=1)
    columna_pb = models.PositiveIntegerField()
    tope = models.BigIntegerField()
    monto = models.BigIntegerField()

    class Meta:
        verbose_name = "parte de un prorrateo"
        constraints = [
            models.UniqueConstraint(fields=["prorrateo", "contabilidad"], name="parte_prorrateo_unica"),
            models.CheckConstraint(
                condition=Q(monto__gt=0, tope__gt=0, columna_pb__gt=0, columna_pb__lte=10_000), name="parte_importes"
            ),
        ]
