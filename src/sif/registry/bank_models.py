"""Define the records of bank accounts: each account, its notice to the authority and its closing."""

from datetime import date

from django.db import models

from sif.registry.versions import Act


class CuentaBancaria(models.Model):
    """A bank account of one contabilidad, never changed; its notice [RF 54] and its closing are acts beside it.

    `mancomunada`: two signatures move it.
    """

    class Tipo(models.TextChoices):
        """Purposes of a bank account."""

        CAMPANA = "campana", "Gastos de campaña"
        CONCENTRADORA = "concentradora", "Concentradora"
        ORDINARIA = "ordinaria", "Operación ordinaria"
        APORTACIONES = "aportaciones", "Aportaciones"

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="cuentas_bancarias")
    clabe = models.CharField(max_length=18)
    banco = models.CharField(max_length=60)
    titular_rfc = models.CharField(max_length=13, blank=True)
    tipo = models.CharField(max_length=16, choices=Tipo.choices, default=Tipo.CAMPANA)
    plaza = models.CharField(max_length=80, blank=True)
    mancomunada = models.BooleanField(default=False)
    apertura_el = models.DateField()

    class Meta:
        verbose_name = "cuenta bancaria"
        constraints = [
            models.UniqueConstraint(fields=["contabilidad", "clabe"], name="cuenta_bancaria_unica"),
            models.UniqueConstraint(fields=["id", "contabilidad"], name="cuenta_con_su_contabilidad"),
        ]

    @property
    def avisada_el(self) -> date | None:
        """Return the day on which the authority was told of it; None while nobody told."""
        act = getattr(self, "aviso", None)
        return act.fecha if act else None

    @property
    def cancelada_el(self) -> date | None:
        """Return the day on which the bank closed it; None while it is open."""
        act = getattr(self, "cancelacion", None)
        return act.fecha if act else None


class AvisoCuenta(Act):
    """The act that records on which day the authority was told of a bank account [RF 54.1]. Never changed."""

    cuenta = models.OneToOneField(CuentaBancaria, models.PROTECT, related_name="aviso")
    fecha = models.DateField()

    class Meta:
        verbose_name = "aviso de cuenta bancaria"


class CancelacionCuenta(Act):
    """The act that records on which day the bank closed an account. Never changed."""

    cuenta = models.OneToOneField(CuentaBancaria, models.PROTECT, related_name="cancelacion")
    fecha = models.DateField()

    class Meta:
        verbose_name = "cancelación de cuenta bancaria"
