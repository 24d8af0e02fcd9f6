"""Records of invitations: who asked whom to enter, as what, and how each invitation ended."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


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
    invitada_por = models.ForeignKey("registry.Usuario", models.PROTECT, null=True, related_name="+")
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
    """The one end of an invitation: used by a person, or withdrawn."""

    invitacion = models.OneToOneField(Invitacion, models.PROTECT, related_name="cierre")
    usada_por = models.ForeignKey("registry.Usuario", models.PROTECT, null=True, related_name="+")
    cerrada_el = models.DateTimeField()

    class Meta:
        verbose_name = "cierre de invitación"
