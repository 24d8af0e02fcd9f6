"""Define the records of invitations and of what two administrators decided."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

_BEGINS, _ENDS = "primer día de la función; vacío: el día en que se da", "primer día sin ella; vacío: sin término"


class PropuestaCuenta(models.Model):
    """An administrator's proposal for an account of the authority, decided by another administrator; never changed."""

    class Clase(models.TextChoices):
        """Kinds of proposal: a new account, one more role, a new password, or the removal of a lost second factor."""

        INVITACION = "invitacion", "Invitación"
        FUNCION = "funcion", "Una función más"
        ENLACE = "enlace", "Enlace nuevo"
        FACTOR = "factor", "Quitar el segundo factor"

    clase = models.CharField(max_length=12, choices=Clase.choices)
    usuario = models.ForeignKey(
        "registry.Usuario", models.PROTECT, null=True, related_name="+", help_text="de quién; vacío: cuenta nueva"
    )
    rol = models.CharField(max_length=24, blank=True)
    nombre = models.CharField(max_length=120, blank=True)
    username = models.CharField(max_length=150, blank=True)
    rfc = models.CharField(max_length=13, blank=True)
    desde = models.DateField(null=True, help_text=_BEGINS)
    hasta = models.DateField(null=True, help_text=_ENDS)
    propuesta_el = models.DateTimeField()
    propuesta_por = models.ForeignKey("registry.Usuario", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "propuesta sobre una cuenta"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(usuario__isnull=False) | (models.Q(clase="invitacion") & ~models.Q(username="")),
                name="propuesta_cuenta_para_alguien",
            )
        ]


class PropuestaCuentaResuelta(models.Model):
    """The one end of a proposal: approved or refused by another administrator, or withdrawn by who made it."""

    class Sentido(models.TextChoices):
        """Decisions that end a proposal for an account."""

        APROBADA = "aprobada", "Aprobada"
        RECHAZADA = "rechazada", "Rechazada"
        RETIRADA = "retirada", "Retirada"

    propuesta = models.OneToOneField(PropuestaCuenta, models.PROTECT, related_name="resuelta")
    sentido = models.CharField(max_length=10, choices=Sentido.choices)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey("registry.Usuario", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "propuesta sobre una cuenta, resuelta"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sentido__in=["aprobada", "rechazada", "retirada"]),
                name="propuesta_cuenta_en_un_sentido",
            )
        ]


class Invitacion(models.Model):
    """A link that makes one account, or renews the password of one; kept as the SHA-256 of its text."""

    huella = models.CharField(max_length=64, unique=True)
    usuario = models.ForeignKey(
        "registry.Usuario",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="a quién renueva; vacío: cuenta nueva",
    )
    rol = models.CharField(max_length=24, blank=True)
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, null=True, related_name="+")
    contabilidades = ArrayField(models.BigIntegerField(), default=list)
    nombre = models.CharField(max_length=120, blank=True)
    username = models.CharField(max_length=150, blank=True)
    rfc = models.CharField(max_length=13, blank=True)
    desde = models.DateField(null=True, help_text=_BEGINS)
    hasta = models.DateField(null=True, help_text=_ENDS)
    invitada_por = models.ForeignKey("registry.Usuario", models.PROTECT, null=True, related_name="+")
    propuesta = models.OneToOneField(PropuestaCuenta, models.PROTECT, null=True, related_name="invitacion")
    hecha_el = models.DateTimeField()
    vence_el = models.DateTimeField()

    class Meta:
        verbose_name = "invitación"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(usuario__isnull=False) | ~models.Q(username=""), name="invitacion_para_alguien"
            )
        ]


class CierreInvitacion(models.Model):
    """The one end of an invitation: used by a person, or withdrawn by one."""

    invitacion = models.OneToOneField(Invitacion, models.PROTECT, related_name="cierre")
    usada_por = models.ForeignKey("registry.Usuario", models.PROTECT, null=True, related_name="+")
    retirada_por = models.ForeignKey(
        "registry.Usuario",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="quién la retiró, o quien tomó el último lugar que da la máquina; vacío: se usó",
    )
    cerrada_el = models.DateTimeField()

    class Meta:
        verbose_name = "cierre de invitación"
