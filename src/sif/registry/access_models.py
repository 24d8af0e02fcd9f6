"""Define the records of access: looks at whole keys, entries, refusals and acts."""

from django.conf import settings
from django.db import models


class Mirada(models.Model):
    """A look at personal keys that are shown masked: who looked, at whose, which fields, and for what. Never changed.

    objeto: number of the row looked at, of the table that `tipo` names; empty for a file of many (`renglones`).
    """

    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="miradas")
    persona = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="miradas")
    tipo = models.CharField(max_length=20)
    objeto = models.BigIntegerField(null=True)
    campos = models.CharField(max_length=60, help_text="los campos vistos, separados por comas")
    renglones = models.PositiveIntegerField(default=1)
    motivo = models.CharField(max_length=200)
    mirada_el = models.DateTimeField()

    class Meta:
        app_label = "registry"
        verbose_name = "mirada a datos personales"
        constraints = [
            models.CheckConstraint(condition=models.Q(motivo__regex=r"\S"), name="mirada_con_motivo"),
        ]
        indexes = [models.Index(fields=["sujeto", "-id"], name="mirada_del_sujeto")]


class Suceso(models.Model):
    """An event of access, by numbers alone: who entered, was refused or did which act, and whence. Never changed."""

    class Clase(models.TextChoices):
        """Kinds of event."""

        ENTRADA = "entrada", "Entrada"
        RECHAZO = "rechazo", "Rechazo"
        CREDENCIAL = "credencial", "Credencial"
        CUENTA = "cuenta", "Cuenta y función"
        ACTO = "acto", "Acto"
        EXPORTACION = "exportacion", "Descarga"

    ocurrido_el = models.DateTimeField()
    clase = models.CharField(max_length=12, choices=Clase.choices)
    verbo = models.CharField(max_length=60)
    persona = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="sucesos")
    tipo = models.CharField(max_length=40, blank=True)
    objeto = models.BigIntegerField(null=True)
    direccion = models.CharField(max_length=43, blank=True, help_text="red de donde vino: /24 en IPv4, /48 en IPv6")
    via = models.CharField(max_length=20, blank=True)
    factor = models.BooleanField(null=True, help_text="si entró con un segundo factor; vacío: no es una entrada")
    pedido = models.CharField(max_length=26, blank=True, help_text="el mismo de la línea del registro de sucesos")

    class Meta:
        app_label = "registry"
        verbose_name = "suceso de acceso"
        indexes = [
            models.Index(fields=["persona", "-id"], name="suceso_de_persona"),
            models.Index(fields=["objeto", "-id"], name="suceso_de_cuenta", condition=models.Q(tipo="Usuario")),
        ]


class Limite(models.Model):
    """Attempts counted in the window that opened at `desde`; `clave` is a rate and a digest of who attempts."""

    clave = models.CharField(max_length=60, primary_key=True)
    n = models.PositiveIntegerField()
    desde = models.DateTimeField()

    class Meta:
        verbose_name = "límite de intentos"


class AlcancePersona(models.Model):
    """That a subject nominates, nominated or enrols a person, in any version: the database writes it as she is."""

    identidad = models.BigIntegerField()
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = "alcance de una persona"
        constraints = [models.UniqueConstraint(fields=["identidad", "sujeto"], name="alcance_persona_una_vez")]
