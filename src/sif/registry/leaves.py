"""Define the log of records: one leaf for each row, and the cuts that publish its trees."""

from django.db import models


class Hoja(models.Model):
    """The leaf of a row: the digest of all its columns on the day it entered, and a salt of its own.

    The database writes both, nobody else. What enters the tree is the digest and then the salt: without the salt, which
    is never published, nobody confirms a guess of the row with what is.
    """

    tabla = models.CharField(max_length=63, db_collation="C")
    fila = models.CharField(max_length=64, db_collation="C", help_text="la llave de la fila, como texto")
    contabilidad_id = models.BigIntegerField(null=True)
    huella = models.BinaryField(max_length=32)
    sal = models.BinaryField(max_length=32, help_text="al azar; entra al árbol y no se publica")

    class Meta:
        app_label = "registry"
        verbose_name = "hoja del registro"
        constraints = [models.UniqueConstraint(fields=["tabla", "fila"], name="hoja_de_una_fila")]
        indexes = [
            models.Index(
                fields=["contabilidad_id", "id"],
                name="hoja_por_contabilidad",
                condition=models.Q(contabilidad_id__isnull=False),
            )
        ]


class Corte(models.Model):
    """A daily cut of the log: every leaf up to `hasta` is in its trees, and none before it can appear later."""

    numero = models.PositiveIntegerField(unique=True)
    hecho_el = models.DateTimeField()
    hasta = models.BigIntegerField()
    raices = models.TextField(default="", help_text="raices.json como se publicó, letra por letra")

    class Meta:
        app_label = "registry"
        verbose_name = "corte del registro"

    @property
    def sello_de_tiempo(self) -> bytes | None:
        """Return the answer of the service of time stamps over `raices`; None if there is none."""
        kept = SelloCorte.objects.filter(corte=self).values_list("respuesta", flat=True).first()
        return None if kept is None else bytes(kept)


class SelloCorte(models.Model):
    """The time stamp of a cut, kept once it was judged. It is a record: the next cut covers its leaf."""

    corte = models.OneToOneField(Corte, models.PROTECT, related_name="sello")
    respuesta = models.BinaryField(help_text="respuesta RFC 3161 sobre raices.json")

    class Meta:
        app_label = "registry"
        verbose_name = "sello de tiempo de un corte"


class SelloBitacora(models.Model):
    """The seal of a day of a log of availability, as it was first made. Nobody who writes in the folder changes it."""

    bitacora = models.CharField(max_length=20, help_text="sonda, paginas o fallas")
    dia = models.DateField()
    sha256 = models.CharField(max_length=64, help_text="del archivo del día, como se selló")
    guardado_el = models.DateTimeField()

    class Meta:
        app_label = "registry"
        verbose_name = "sello de un día de la bitácora"
        constraints = [models.UniqueConstraint(fields=["bitacora", "dia"], name="sello_de_un_dia")]


class Cabeza(models.Model):
    """The head of one tree at a cut: how many leaves, their root, and the seal of the authority."""

    corte = models.ForeignKey(Corte, models.PROTECT, related_name="cabezas")
    arbol = models.CharField(max_length=64)
    tamano = models.PositiveBigIntegerField()
    raiz = models.CharField(max_length=64)
    sello = models.TextField()

    class Meta:
        app_label = "registry"
        verbose_name = "cabeza de árbol"
        constraints = [models.UniqueConstraint(fields=["corte", "arbol"], name="cabeza_unica_del_corte")]
