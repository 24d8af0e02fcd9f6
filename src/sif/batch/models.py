"""Define the tables of the room: lots, rows, results, equivalent accounts and API keys."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Lote(models.Model):
    """A file (or a message of another program) of one kind, loaded for some books; known by its SHA-256."""

    class Estado(models.TextChoices):
        """The states of a lot."""

        RECIBIDO = "recibido", "Recibido"
        REVISADO = "revisado", "Revisado"
        APLICADO = "aplicado", "Aplicado"
        DESCARTADO = "descartado", "Descartado"

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="lotes")
    tipo = models.CharField(max_length=20)
    origen = models.CharField(
        max_length=8,
        choices=[
            ("archivo", "Archivo"),
            ("sat", "Contabilidad electrónica"),
            ("api", "Otro programa"),
            ("diario", "Libro de beancount"),
        ],
    )
    nombre = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    archivo = models.ForeignKey("books.Archivo", models.PROTECT, null=True, related_name="lotes")
    ignoradas = models.JSONField(default=list, help_text="títulos de columna que no se leyeron")
    estado = models.CharField(max_length=10, choices=Estado.choices, default=Estado.RECIBIDO)
    recibido_el = models.DateTimeField()
    recibido_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="lotes")
    aplicado_el = models.DateTimeField(null=True)
    aplicado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    descartado_el = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "lote"
        constraints = [
            models.UniqueConstraint(
                fields=["contabilidad", "tipo", "sha256"], condition=~Q(estado="descartado"), name="lote_archivo_unico"
            ),
            models.CheckConstraint(
                condition=~Q(estado="aplicado") | Q(aplicado_el__isnull=False, aplicado_por__isnull=False),
                name="lote_aplicado_por_alguien",
            ),
            models.UniqueConstraint(fields=["id", "contabilidad"], name="lote_con_su_contabilidad"),
        ]


class FilaLote(models.Model):
    """A row of a lot: its cells by column, their problems, whether it was chosen, and what came of it.

    `clave` joins the rows of one póliza, or names the thing of a catalogue. `original`: the cells before corrections.
    `resultado`: what applying it did, in words; empty while it was not applied, and in pólizas (see PolizaCargada).
    """

    # rows come by hundreds of thousands: no index that another one already serves, and one constraint (of the
    # migrations) that asks the lot and its books at once
    lote = models.ForeignKey(Lote, models.CASCADE, related_name="filas", db_index=False, db_constraint=False)
    contabilidad = models.ForeignKey(
        "registry.Contabilidad", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    fila = models.PositiveIntegerField()
    clave = models.CharField(max_length=200)
    celdas = models.JSONField()
    problemas = models.JSONField(default=list)
    elegida = models.BooleanField(default=True)
    original = models.JSONField(null=True)
    resultado = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "fila de lote"
        constraints = [models.UniqueConstraint(fields=["lote", "fila"], name="fila_lote_unica")]
        indexes = [
            models.Index(fields=["lote", "clave"], name="fila_lote_por_clave"),
            models.Index(fields=["lote", "fila"], condition=~Q(problemas=[]), name="fila_lote_con_error"),
        ]


class PolizaCargada(models.Model):
    """A póliza and its identifier in another program, of which none is posted twice.

    Never changed.
    """

    # the migrations ask at once the lot with its books, and the póliza with its books
    lote = models.ForeignKey(Lote, models.PROTECT, related_name="polizas", db_constraint=False)
    contabilidad = models.ForeignKey(
        "registry.Contabilidad", models.PROTECT, related_name="polizas_cargadas", db_index=False, db_constraint=False
    )
    externo = models.CharField(max_length=200)
    poliza = models.OneToOneField("books.Poliza", models.PROTECT, related_name="cargada", db_constraint=False)

    class Meta:
        verbose_name = "póliza cargada"
        constraints = [models.UniqueConstraint(fields=["contabilidad", "externo"], name="externo_una_vez")]


class EquivalenciaCuenta(models.Model):
    """An account of another program's chart and the account of ours that it stands for, in some books."""

    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="equivalencias")
    externa = models.CharField(max_length=100)
    nombre = models.CharField(max_length=200, blank=True)
    cuenta = models.ForeignKey("books.Cuenta", models.PROTECT, null=True, related_name="+")
    fijada_el = models.DateTimeField(null=True)
    fijada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "equivalencia de cuenta"
        constraints = [models.UniqueConstraint(fields=["contabilidad", "externa"], name="equivalencia_unica")]


class ClaveApi(models.Model):
    """A key with which another program acts as a person, kept as the SHA-256 of its text and never changed."""

    usuario = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="claves_api")
    nombre = models.CharField(max_length=80)
    comienza = models.CharField(max_length=12, help_text="sus primeros caracteres, para reconocerla")
    huella = models.CharField(max_length=64, unique=True)
    creada_el = models.DateTimeField()
    vence_el = models.DateTimeField()
    solo_lectura = models.BooleanField(null=True, help_text="vacío: de antes de poder elegirlo; registra")

    class Meta:
        verbose_name = "clave de programa"


class RevocacionClave(models.Model):
    """The act that revokes a key, once and for ever; acts of before this table name nobody."""

    class Motivo(models.TextChoices):
        """The reasons to revoke a key."""

        PERSONA = "persona", "La revocó quien la hizo"
        CREDENCIAL = "credencial", "Cambió la contraseña o el factor de la persona"
        CUENTA = "cuenta", "Se deshabilitó la cuenta de la persona"

    clave = models.OneToOneField(ClaveApi, models.PROTECT, related_name="revocacion")
    motivo = models.CharField(max_length=10, choices=Motivo.choices, blank=True)
    revocada_el = models.DateTimeField()
    revocada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "revocación de clave"


class PeticionApi(models.Model):
    """A request of another program that wrote something, with its answer, so that repeating it changes nothing."""

    usuario = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    clave = models.CharField(max_length=80)
    huella = models.CharField(max_length=64, help_text="SHA-256 de la dirección y el cuerpo")
    respuesta = models.JSONField()
    hecha_el = models.DateTimeField()

    class Meta:
        verbose_name = "petición de programa"
        constraints = [models.UniqueConstraint(fields=["usuario", "clave"], name="peticion_una_vez")]
