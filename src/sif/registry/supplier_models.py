"""Define suppliers and their spans in the national registry of suppliers."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Func


class Proveedor(models.Model):
    """A supplier, whoever buys from it."""

    rfc = models.CharField(max_length=13, unique=True)
    nombre = models.CharField(max_length=200)

    class Meta:
        verbose_name = "proveedor"


class RegistroRnp(models.Model):
    """A span of active registration of a supplier in the national registry (RNP)."""

    proveedor = models.ForeignKey(Proveedor, models.PROTECT, related_name="registros_rnp")
    folio = models.CharField(max_length=24)
    desde = models.DateField()
    hasta = models.DateField(default="9999-12-31")

    class Meta:
        verbose_name = "registro en el RNP"
        constraints = [
            ExclusionConstraint(
                name="rnp_sin_traslape",
                expressions=[
                    ("proveedor", RangeOperators.EQUAL),
                    (Func("desde", "hasta", function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
