"""Define the records of candidacies that end: the act that ends one, who takes its place, and who is restored."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

MOVED = "cambio_coalicion"  # why it ended where the same person goes on for another subject
LEFT = "termina_desde"  # where `with_ends` puts what it read


class FinCandidatura(models.Model):
    """The act that ends a candidacy: why, the first day on which it no longer contends, its accord. Never changed.

    `causa` is a key of `bajas.yaml`; `presentada_el`, the day of a resignation. Its books stay: they record what took
    place before that day and owe the reports of the days they ran. One stands at most: another enters once a
    restitution left the one before without effect.
    """

    candidatura = models.ForeignKey("registry.Candidatura", models.PROTECT, related_name="fines")
    causa = models.CharField(max_length=20)
    desde = models.DateField()
    presentada_el = models.DateField(null=True)
    acuerdo = models.CharField(max_length=60)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "fin de candidatura"
        constraints = [
            models.CheckConstraint(condition=~Q(acuerdo=""), name="fin_candidatura_con_acuerdo"),
            models.CheckConstraint(
                condition=Q(causa="renuncia", presentada_el__isnull=False, presentada_el__lte=F("desde"))
                | ~Q(causa="renuncia") & Q(presentada_el__isnull=True),
                name="fin_candidatura_renuncia_presentada",
            ),
        ]


class SustitucionCandidatura(models.Model):
    """The act by which one candidacy takes the place of another that ended, with books of its own. Never changed."""

    sale = models.OneToOneField(FinCandidatura, models.PROTECT, related_name="sustitucion")
    entra = models.OneToOneField("registry.Candidatura", models.PROTECT, related_name="sustituye")
    acuerdo = models.CharField(max_length=60)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "sustitución de candidatura"
        constraints = [models.CheckConstraint(condition=~Q(acuerdo=""), name="sustitucion_con_acuerdo")]


class RestitucionCandidatura(models.Model):
    """The act that leaves the end of a candidacy without effect: it contends again, as if it never left. Never changed.

    `acuerdo` is the one that corrects a mistake, or the judgment of the court that restores it.
    """

    fin = models.OneToOneField(FinCandidatura, models.PROTECT, related_name="restitucion")
    acuerdo = models.CharField(max_length=60)
    motivo = models.CharField(max_length=300)
    hecho_el = models.DateTimeField()
    hecho_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "restitución de candidatura"
        constraints = [
            models.CheckConstraint(condition=~Q(acuerdo="") & ~Q(motivo=""), name="restitucion_con_acuerdo_y_motivo")
        ]


def standing_ends() -> QuerySet[FinCandidatura]:
    """Return the ends that no restitution left without effect: one for each candidacy at most."""
    return FinCandidatura.objects.filter(restitucion=None)


def with_ends[M: models.Model](books: QuerySet[M]) -> QuerySet[M]:
    """Read with many contabilidades the day on which the candidacy of each left, which `dejo_el` then tells."""
    ends = standing_ends().filter(candidatura=OuterRef("candidatura"))
    found: QuerySet[M] = books.annotate(**{LEFT: Subquery(ends.values("desde")[:1])})
    return found


def left_on(books: dict[str, Any]) -> date | None:
    """Return the day on which the candidacy of some books left, of their fields: as `with_ends` read it, or now."""
    if LEFT not in books:
        ends = standing_ends().filter(candidatura=books["candidatura_id"])
        books[LEFT] = ends.values_list("desde", flat=True).first() if books["candidatura_id"] else None
    found: date | None = books[LEFT]
    return found


def contends() -> Q:
    """Return the condition of a candidacy that contends, for a filter of its rows."""
    return ~Q(Exists(standing_ends().filter(candidatura=OuterRef("pk"))))
