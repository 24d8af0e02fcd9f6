"""Define the tables of accounts, required evidence, and templates of frequent entries."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Cuenta(models.Model):
    """A row of the chart of accounts, N-N-NN-NN-NNNN; only the lowest level receives lines.

    `proceso`: the process that added it; null for those of the jurisdiction. None is ever deleted.
    """

    codigo = models.CharField(max_length=14, primary_key=True)
    nombre = models.CharField(max_length=120)
    naturaleza = models.CharField(max_length=1, choices=[("D", "Deudora"), ("A", "Acreedora")])
    rubro = models.CharField(max_length=80, blank=True)
    es_gasto = models.BooleanField(default=False)
    es_ingreso = models.BooleanField(default=False)
    es_por_cobrar = models.BooleanField(default=False)
    es_por_pagar = models.BooleanField(default=False)
    auxiliar = models.CharField(max_length=20, blank=True)
    oficial = models.BooleanField(default=False)
    capturable = models.BooleanField(default=True)
    proceso = models.ForeignKey("registry.Proceso", models.PROTECT, null=True, related_name="cuentas_propias")
    base = models.CharField(max_length=120, blank=True, help_text="acuerdo que agrega la cuenta a su proceso")
    agregada_el = models.DateTimeField(null=True)
    agregada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    class Meta:
        verbose_name = "cuenta"
        constraints = [
            models.CheckConstraint(
                condition=Q(proceso__isnull=True) | (~Q(base="") & Q(agregada_el__isnull=False)),
                name="cuenta_de_proceso_con_base",
            )
        ]


class ClaseEvidencia(models.Model):
    """A class of evidence, as the catalogue names it."""

    clave = models.CharField(max_length=40, primary_key=True)
    nombre = models.CharField(max_length=120)

    class Meta:
        verbose_name = "clase de evidencia"


class CuentaEvidencia(models.Model):
    """A class of evidence that an account asks for (or only admits), over a span of days."""

    cuenta = models.ForeignKey(Cuenta, models.PROTECT, related_name="evidencias_pedidas")
    clase = models.ForeignKey(ClaseEvidencia, models.PROTECT)
    obligatoria = models.BooleanField()
    desde = models.DateField()
    hasta = models.DateField(default="9999-12-31")

    class Meta:
        verbose_name = "evidencia por cuenta"
        constraints = [models.UniqueConstraint(fields=["cuenta", "clase", "desde"], name="cuenta_evidencia_unica")]


class Plantilla(models.Model):
    """A frequent entry of a subject, kept as a draft's content without dates, to begin pólizas from."""

    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="plantillas")
    nombre = models.CharField(max_length=80)
    contenido = models.JSONField()
    creada_el = models.DateTimeField()
    creada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    retirada_el = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "plantilla de póliza"
        constraints = [
            models.UniqueConstraint(
                fields=["sujeto", "nombre"], condition=Q(retirada_el__isnull=True), name="plantilla_nombre_unico"
            )
        ]
