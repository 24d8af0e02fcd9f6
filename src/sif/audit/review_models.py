"""Define the tables of the review of a hallazgo, keyed by asunto and not by run."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Asunto(models.Model):
    """A matter under review in a stage: a rule and its stable key, so that a second run finds the same matter."""

    etapa = models.ForeignKey("registry.Etapa", models.PROTECT, related_name="asuntos")
    contabilidad = models.ForeignKey("registry.Contabilidad", models.PROTECT, related_name="asuntos")
    regla = models.CharField(max_length=8)
    clave = models.CharField(max_length=200)

    class Meta:
        verbose_name = "asunto en revisión"
        constraints = [models.UniqueConstraint(fields=["etapa", "regla", "clave"], name="asunto_unico")]


class Asignacion(models.Model):
    """The assignment of a matter to its reviewer; one person at a time, and earlier assignments stay written."""

    asunto = models.ForeignKey(Asunto, models.PROTECT, related_name="asignaciones")
    usuario = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="asignaciones")
    asignada_el = models.DateTimeField()
    asignada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    retirada_el = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "asignación de un asunto"
        constraints = [
            models.UniqueConstraint(
                fields=["asunto"], condition=Q(retirada_el__isnull=True), name="asignacion_de_una_persona"
            )
        ]


class Reparto(models.Model):
    """The distribution of all matters of a rule, of a subject, or of both to one reviewer, later runs included."""

    etapa = models.ForeignKey("registry.Etapa", models.PROTECT, related_name="repartos")
    regla = models.CharField(max_length=8, blank=True)
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, null=True, related_name="repartos")
    usuario = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="repartos")
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    retirado_el = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "reparto por regla o sujeto"
        constraints = [
            models.CheckConstraint(condition=~Q(regla="") | Q(sujeto__isnull=False), name="reparto_de_algo"),
            models.UniqueConstraint(
                fields=["etapa", "regla", "sujeto"],
                condition=Q(retirado_el__isnull=True),
                nulls_distinct=False,
                name="reparto_vigente_unico",
            ),
        ]


class MiradaAuditoria(models.Model):
    """A look of the authority at a paper, or at whole keys, that a hallazgo leads to. Never changed.

    archivo: digest of the paper; empty where a reason was said to see papers and keys (`campos`).
    """

    hallazgo = models.ForeignKey("audit.Hallazgo", models.PROTECT, related_name="miradas")
    persona = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    archivo = models.CharField(max_length=64, blank=True)
    campos = models.CharField(max_length=60, blank=True, help_text="los campos vistos, separados por comas")
    motivo = models.CharField(max_length=200)
    propia = models.BooleanField(help_text="si el hallazgo era de quien miró")
    mirada_el = models.DateTimeField()

    class Meta:
        verbose_name = "mirada de la autoridad"
        constraints = [
            models.CheckConstraint(condition=Q(motivo__regex=r"\S"), name="mirada_de_auditoria_con_motivo"),
        ]
        indexes = [models.Index(fields=["hallazgo", "persona", "mirada_el"], name="mirada_de_auditoria")]


class Propuesta(models.Model):
    """A proposed decision on a matter, for another person to confirm or return; one at a time is pending per matter."""

    class Decision(models.TextChoices):
        """The decisions that a person may propose on a hallazgo."""

        ADOPTAR = "adoptar", "Adoptar"
        DESECHAR = "desechar", "Desechar"
        UNIR = "unir", "Unir a una observación"
        REDACTAR = "redactar", "Cambiar el texto de su observación"

    asunto = models.ForeignKey(Asunto, models.PROTECT, related_name="propuestas")
    hallazgo = models.ForeignKey("audit.Hallazgo", models.PROTECT, related_name="propuestas")
    decision = models.CharField(max_length=8, choices=Decision.choices)
    motivo = models.CharField(max_length=500, blank=True)
    texto = models.TextField(blank=True, help_text="las palabras nuevas, si se propone cambiar el texto")
    observacion = models.ForeignKey("audit.Observacion", models.PROTECT, null=True, related_name="propuestas")
    propuesta_el = models.DateTimeField()
    propuesta_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="propuestas")

    class Meta:
        verbose_name = "propuesta de decisión"
        constraints = [
            models.CheckConstraint(condition=~Q(decision="desechar", motivo=""), name="propuesta_desechar_con_motivo"),
            models.CheckConstraint(
                condition=~Q(decision="unir") | Q(observacion__isnull=False), name="propuesta_unir_a_una"
            ),
            models.CheckConstraint(
                condition=(Q(decision="redactar", observacion__isnull=False) & ~Q(texto=""))
                | (~Q(decision="redactar") & Q(texto="")),
                name="propuesta_redactar_con_texto",
            ),
        ]


class PropuestaResuelta(models.Model):
    """The outcome of a proposal and its author; the database refuses a confirmation or return by the proposer."""

    class Sentido(models.TextChoices):
        """The outcomes of a proposal."""

        CONFIRMADA = "confirmada", "Confirmada"
        DEVUELTA = "devuelta", "Devuelta"
        RETIRADA = "retirada", "Retirada"

    propuesta = models.OneToOneField(Propuesta, models.PROTECT, related_name="resuelta")
    sentido = models.CharField(max_length=10, choices=Sentido.choices)
    comentario = models.CharField(max_length=500, blank=True)
    observacion = models.ForeignKey(
        "audit.Observacion", models.PROTECT, null=True, related_name="resueltas", help_text="la que quedó al confirmar"
    )
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "propuesta resuelta"
        constraints = [
            models.CheckConstraint(
                condition=Q(sentido__in=["confirmada", "devuelta", "retirada"]), name="propuesta_resuelta_en_un_sentido"
            )
        ]


class Comentario(models.Model):
    """A comment of a person on a matter; written once."""

    asunto = models.ForeignKey(Asunto, models.PROTECT, related_name="comentarios")
    texto = models.TextField()
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "comentario de la revisión"


class Pedido(models.Model):
    """A request for information needed to decide a matter, with its addressee."""

    class Destino(models.TextChoices):
        """The addressees of a request for information."""

        SUJETO = "sujeto", "Sujeto obligado"
        AUDITOR = "auditor", "Otra persona de la auditoría"
        PROVEEDOR = "proveedor", "Proveedor"
        SAT = "sat", "SAT"
        CNBV = "cnbv", "CNBV"

    asunto = models.ForeignKey(Asunto, models.PROTECT, related_name="pedidos")
    destino = models.CharField(max_length=10, choices=Destino.choices)
    texto = models.TextField()
    pedido_el = models.DateTimeField()
    pedido_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "pedido de más información"


class PedidoRespondido(models.Model):
    """The answer to a request for information, written once."""

    pedido = models.OneToOneField(Pedido, models.PROTECT, related_name="respondido")
    texto = models.TextField()
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "pedido respondido"
        constraints = [models.CheckConstraint(condition=~Q(texto=""), name="pedido_respondido_con_texto")]


class Redaccion(models.Model):
    """The words an observación will say of a matter, instead of those of the rule; the last one stands."""

    asunto = models.ForeignKey(Asunto, models.PROTECT, related_name="redacciones")
    texto = models.TextField()
    hecha_el = models.DateTimeField()
    hecha_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "redacción de un asunto"


class Vista(models.Model):
    """A filter of the queue with a name, of one person; others see it if it is shared."""

    usuario = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="vistas")
    nombre = models.CharField(max_length=60)
    consulta = models.CharField(max_length=500, blank=True)
    compartida = models.BooleanField(default=False)
    guardada_el = models.DateTimeField()

    class Meta:
        verbose_name = "vista guardada"
        constraints = [models.UniqueConstraint(fields=["usuario", "nombre"], name="vista_nombre_unico")]
