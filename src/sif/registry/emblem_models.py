"""Define the record of an emblem: the picture by which a subject is known, from a day on."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet


class EmblemaSujeto(models.Model):
    """The emblem of a subject from `desde` on, by the accord or document that registers it. Never changed.

    The one of the latest first day rules, and of the same day the last registered, which corrects the other. `sha256`
    names the file as it was given, `figura_sha256` the PNG that was drawn of it, which is the one shown.
    """

    sujeto = models.ForeignKey("registry.SujetoObligado", models.PROTECT, related_name="emblemas")
    acuerdo = models.CharField(max_length=120, help_text="acuerdo o documento que lo registra")
    desde = models.DateField()
    archivo = models.CharField(max_length=160, help_text="nombre del archivo, como llegó")
    sha256 = models.CharField(max_length=64)
    figura_sha256 = models.CharField(max_length=64)
    registrado_el = models.DateTimeField()
    registrado_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "emblema de sujeto"
        constraints = [
            models.CheckConstraint(
                condition=~Q(acuerdo="")
                & ~Q(archivo="")
                & Q(sha256__regex=r"^[0-9a-f]{64}$", figura_sha256__regex=r"^[0-9a-f]{64}$"),
                name="emblema_completo",
            )
        ]


def ruling_on(day: date, rows: QuerySet[EmblemaSujeto]) -> QuerySet[EmblemaSujeto]:
    """Return, of some emblems, the one of each subject that rules on a day."""
    return rows.filter(desde__lte=day).order_by("sujeto", "-desde", "-pk").distinct("sujeto")
