"""Tables of the texts of law that an installation loaded, and of the acts that confirm a basis on them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

USER = settings.AUTH_USER_MODEL


class TextoDeLey(models.Model):
    """A version of a law as this installation loaded it: its file by digest, the days it rules, and who loaded it."""

    ley = models.CharField(max_length=10)
    desde = models.DateField()
    hasta = models.DateField(null=True, help_text="primer día en que ya no rige; vacío: hasta la versión siguiente")
    archivo = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    articulos = models.PositiveIntegerField()
    cargado_el = models.DateTimeField()
    cargado_por = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", help_text="vacío: quien opera la máquina"
    )

    class Meta:
        verbose_name = "texto de una ley"
        constraints = [
            models.UniqueConstraint(fields=["ley", "desde", "sha256"], name="texto_una_vez"),
            models.CheckConstraint(
                condition=Q(hasta__isnull=True) | Q(hasta__gt=models.F("desde")), name="texto_lapso_en_orden"
            ),
        ]


class ArticuloDeLey(models.Model):
    """An article of a loaded text, word by word."""

    texto = models.ForeignKey(TextoDeLey, models.PROTECT, related_name="filas")
    numero = models.CharField(max_length=20)
    contenido = models.TextField()

    class Meta:
        verbose_name = "artículo de un texto de ley"
        constraints = [models.UniqueConstraint(fields=["texto", "numero"], name="articulo_una_vez")]


class BasePropuesta(models.Model):
    """A basis that one person proposes to confirm, for which cases, and the words of the law that say it.

    clave, huella and articulo: the basis as the program cites it; when it says another thing, its digest is another and
    this confirms it no more. sujeto, etapa and ambito: the cases for which it is confirmed; '' is every one. Without a
    loaded article, motivo says what the person had before them.
    """

    clave = models.CharField(max_length=160)
    huella = models.CharField(max_length=64)
    articulo = models.CharField(max_length=200)
    dice = models.TextField(blank=True)
    sujeto = models.CharField(max_length=16, blank=True)
    etapa = models.CharField(max_length=16, blank=True)
    ambito = models.CharField(max_length=8, blank=True)
    leido = models.ForeignKey(ArticuloDeLey, models.PROTECT, null=True, related_name="bases")
    palabras = models.TextField(blank=True)
    motivo = models.CharField(max_length=500, blank=True)
    propuesta_el = models.DateTimeField()
    propuesta_por = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "base propuesta para confirmarse"
        constraints = [
            models.CheckConstraint(
                condition=Q(leido__isnull=False) & ~Q(palabras="") | Q(leido__isnull=True) & ~Q(motivo=""),
                name="base_con_palabras_o_motivo",
            ),
        ]
        indexes = [models.Index(fields=["clave"], name="base_por_clave")]


class BaseResuelta(models.Model):
    """The end of a proposal: another person confirms or refuses it, or who made it takes it back."""

    class Sentido(models.TextChoices):
        """Decisions that end a proposal."""

        CONFIRMADA = "confirmada", "Confirmada"
        RECHAZADA = "rechazada", "Rechazada"
        RETIRADA = "retirada", "Retirada"

    propuesta = models.OneToOneField(BasePropuesta, models.PROTECT, related_name="resuelta")
    sentido = models.CharField(max_length=10, choices=Sentido.choices)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "base propuesta, resuelta"
        constraints = [
            models.CheckConstraint(
                condition=Q(sentido__in=["confirmada", "rechazada", "retirada"]), name="base_en_un_sentido"
            )
        ]


class BaseSinEfecto(models.Model):
    """That a basis is no longer confirmed: one person says so and why, since it takes nothing from anybody."""

    resuelta = models.OneToOneField(BaseResuelta, models.PROTECT, related_name="sin_efecto")
    motivo = models.CharField(max_length=500)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "base que dejó de estar confirmada"
        constraints = [models.CheckConstraint(condition=~Q(motivo=""), name="base_sin_efecto_con_motivo")]
