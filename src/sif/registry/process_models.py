"""Define the records of opening a process: proposed calendar, opening act, matched names."""

from django.db import models


class CalendarioPropuesto(models.Model):
    """A process as somebody proposes it, with the calendar of its stages. Never changed: another replaces it.

    `etapas`: a row each, with its kind, days, six terms of review and the accord that fixes them ('' for those of law).
    """

    clase = models.CharField(max_length=24)
    clave = models.CharField(max_length=40)
    nombre = models.CharField(max_length=160)
    ambito = models.CharField(max_length=8)
    entidad = models.CharField(max_length=3, blank=True)
    anio = models.PositiveSmallIntegerField()
    jornada_el = models.DateField(null=True)
    etapas = models.JSONField()
    propuesto_el = models.DateTimeField()
    propuesto_por = models.ForeignKey("registry.Usuario", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "calendario propuesto"


class ProcesoAbierto(models.Model):
    """The act that opened a process with the calendar proposed: its stages, periods and windows came of it."""

    propuesta = models.OneToOneField(CalendarioPropuesto, models.PROTECT, related_name="apertura")
    proceso = models.OneToOneField("registry.Proceso", models.PROTECT, related_name="apertura")
    abierto_el = models.DateTimeField()
    abierto_por = models.ForeignKey("registry.Usuario", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "apertura de proceso"


class CalendarioCerrado(models.Model):
    """The act that closed a proposed calendar without opening it: another person refused it, or who proposed withdrew.

    motivo: why it was refused; '' for one withdrawn.
    """

    class Sentido(models.TextChoices):
        """Decisions that close a proposed calendar without opening a process."""

        RECHAZADO = "rechazado", "Rechazado"
        RETIRADO = "retirado", "Retirado"

    propuesta = models.OneToOneField(CalendarioPropuesto, models.PROTECT, related_name="cierre")
    sentido = models.CharField(max_length=9, choices=Sentido.choices)
    motivo = models.CharField(max_length=300, blank=True)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey("registry.Usuario", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "cierre de calendario propuesto"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sentido="retirado", motivo="")
                | models.Q(sentido="rechazado") & ~models.Q(motivo=""),
                name="calendario_rechazado_con_motivo",
            )
        ]


class ColumnasArchivo(models.Model):
    """The meaning of each column of the files of candidacies with some heads, as a person said it; the last rules.

    `encabezado` is the digest of the heads; `columnas` gives the place of each column known, by its key.
    """

    encabezado = models.CharField(max_length=64)
    columnas = models.JSONField()
    dicho_el = models.DateTimeField()
    dicho_por = models.ForeignKey("registry.Usuario", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "columnas de un archivo"


class AliasSujeto(models.Model):
    """The subject that a name of the files of candidacies is, as a person said; the last of each name rules."""

    nombre = models.CharField(max_length=120, help_text="sin acentos, en mayúsculas")
    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="alias")
    dicho_el = models.DateTimeField()
    dicho_por = models.ForeignKey("registry.Usuario", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "nombre de sujeto en archivos"
