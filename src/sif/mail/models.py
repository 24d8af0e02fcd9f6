"""Define the tables of mail: addresses, messages, their letters while they wait, and what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Direccion(models.Model):
    """The address that a person gave for their mail, and in which language; the last one rules. Never changed.

    An empty one says that the person wants no mail.
    """

    usuario = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="direcciones")
    correo = models.CharField(max_length=254, blank=True)
    idioma = models.CharField(max_length=5)
    hecha_el = models.DateTimeField()

    class Meta:
        verbose_name = "dirección de correo"
        indexes = [models.Index(fields=["usuario", "-id"], name="direccion_de_persona")]


class Mensaje(models.Model):
    """A message that an act caused, queued in its transaction. Never changed; its text is in its letter.

    `tipo` and `objeto` say of what it is, as the trail does. `para` is empty where the person had given no address: it
    is kept that nobody was written to. `clave` says the same of two messages of which only one is sent.
    """

    class Clase(models.TextChoices):
        """The kinds of message."""

        INVITACION = "invitacion", "Invitación"
        ENLACE = "enlace", "Enlace nuevo"
        AVISO = "aviso", "Aviso de una notificación"
        DIRECCION = "direccion", "Cambio de dirección"
        RECORDATORIO = "recordatorio", "Recordatorio de un plazo"
        ACUSE = "acuse", "Acuse de un informe"
        FUNCION = "funcion", "Cambio de una función"
        DOS_PERSONAS = "dos_personas", "Acto de dos personas"

    identificador = models.CharField(max_length=32, unique=True, help_text="el de Message-ID, fijo desde que se encola")
    clase = models.CharField(max_length=16, choices=Clase.choices)
    para = models.CharField(max_length=254, blank=True)
    persona = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="a quién, si tiene cuenta"
    )
    idioma = models.CharField(max_length=5)
    asunto = models.CharField(max_length=200)
    huella = models.CharField(max_length=64, help_text="SHA-256 de su texto")
    tipo = models.CharField(max_length=30, blank=True)
    objeto = models.BigIntegerField(null=True)
    clave = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001 - only some messages have one
    encolado_el = models.DateTimeField()
    caduca_el = models.DateTimeField(help_text="después ya no se manda")
    pedido_por = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="de quién es el acto; vacío: de nadie, lo pide el calendario",
    )

    class Meta:
        verbose_name = "mensaje de correo"
        indexes = [models.Index(fields=["tipo", "objeto"], name="mensaje_de_que")]


class Carta(models.Model):
    """The text of a message that waits, encrypted, and when it is sent next. Gone once it is sent or expires.

    `tomada_el` says that a process is sending it; found later with it, nobody knows whether that one did.
    """

    mensaje = models.OneToOneField(Mensaje, models.PROTECT, primary_key=True, related_name="carta")
    cuerpo = models.TextField()
    proximo_el = models.DateTimeField(null=True, help_text="vacío: ya no se intenta por sí sola")
    tomada_el = models.DateTimeField(null=True)
    intentos = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "carta que espera"
        indexes = [
            models.Index(fields=["proximo_el"], name="carta_por_mandar", condition=Q(proximo_el__isnull=False)),
        ]


class Intento(models.Model):
    """The result of a message at an instant: an attempt, or its return.

    Never changed; the last one gives the state of the message.
    """

    class Resultado(models.TextChoices):
        """The results of an attempt."""

        ENVIADO = "enviado", "Lo aceptó el servidor"
        POSPUESTO = "pospuesto", "Se intentará otra vez"
        CORTADO = "cortado", "No se sabe si salió"
        RECHAZADO = "rechazado", "Lo rechazó el servidor"
        ABANDONADO = "abandonado", "Ya no se intenta"
        DEVUELTO = "devuelto", "Devuelto"
        SIN_DIRECCION = "sin_direccion", "Sin dirección"

    mensaje = models.ForeignKey(Mensaje, models.PROTECT, related_name="hechos")
    resultado = models.CharField(max_length=16, choices=Resultado.choices)
    codigo = models.PositiveSmallIntegerField(null=True, help_text="el que dio el servidor")
    dicho = models.CharField(max_length=300, blank=True, help_text="las palabras del servidor")
    hecho_el = models.DateTimeField()

    class Meta:
        verbose_name = "intento de correo"
        indexes = [models.Index(fields=["mensaje", "-id"], name="intento_de_mensaje")]
