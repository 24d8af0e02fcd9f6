"""Define the table of what a party's organ approves to spend."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from sif.books.models.cuentas import Cuenta


class PartidaPresupuesto(models.Model):
    """An amount, in centavos, approved to be spent in an account of some books, or in one project of it.

    cuenta: an account or a group of accounts of spending. Never changed: a later one of the same account and project
    amends it, and the first is what was approved [LGPP 60.1.d, g].
    """

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="presupuesto")
    cuenta = models.ForeignKey(Cuenta, models.PROTECT, related_name="presupuesto")
    proyecto = models.ForeignKey("catalogs.Proyecto", models.PROTECT, null=True, related_name="presupuesto")
    monto = models.BigIntegerField()
    aprobada_el = models.DateField()
    acuerdo = models.CharField(max_length=160, help_text="del órgano del sujeto que la aprobó o la modificó")
    registrada_el = models.DateTimeField()
    registrada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)

    class Meta:
        verbose_name = "partida del presupuesto"
        constraints = [models.CheckConstraint(condition=Q(monto__gte=0), name="partida_presupuesto_monto")]
