"""Add up the published tables by what a picture compares: subject, rule, state, place or stage."""

from dataclasses import dataclass

from django.db.models import Count, F, Model, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from sif.disclosure.models import ContabilidadPublicada, ReglaPublicada, SancionPublicada
from sif.values import Money


@dataclass(frozen=True, slots=True)
class Part:
    """The total of some rows of a stage: their number and their amount, under a key and its words."""

    clave: str
    nombre: str
    cuantas: int
    monto: Money


@dataclass(frozen=True, slots=True)
class StageMoney:
    """The income and the spending of the candidacies of a published stage, and their number."""

    clave: str
    nombre: str
    candidaturas: int
    ingresos: Money
    egresos: Money


def sanctions_by_subject(proceso: str, siglas: str = "") -> list[Part]:
    """Return the sanctions of a stage, or of a subject in the stage, added up by subject, the largest first."""
    return _parts(_sanctions(proceso, siglas), "siglas", "sujeto", "monto")


def sanctions_by_rule(proceso: str, siglas: str = "") -> list[Part]:
    """Return the same for each rule that was broken, by its published title."""
    title = ReglaPublicada.objects.filter(proceso=OuterRef("proceso"), regla=OuterRef("regla")).values("titulo")
    named = _sanctions(proceso, siglas).annotate(titulo=Coalesce(Subquery(title[:1]), "regla"))
    return _parts(named, "regla", "titulo", "monto")


def spending_by_state(proceso: str) -> list[Part]:
    """Return the reported spending of the candidacies of a stage by state, the largest first; '' is the country."""
    return _parts(_candidacies().filter(proceso__clave=proceso), "entidad", "entidad", "egresos")


def spending_by_place(proceso: str) -> list[Part]:
    """Return the same for each place in which they compete."""
    return _parts(_candidacies().filter(proceso__clave=proceso), "territorio", "territorio", "egresos")


def campaigns_by_stage() -> list[StageMoney]:
    """Return the income and the spending of the candidacies of each published stage, the first stage first."""
    rows = (
        _candidacies()
        .values_list("proceso__clave", "proceso__nombre", "proceso__termina_el")
        .annotate(cuantas=Count("pk"), entra=Sum("ingresos"), sale=Sum("egresos"))
        .order_by("proceso__termina_el", "proceso__clave")
    )
    return [
        StageMoney(clave, nombre, many, Money(int(received)), Money(int(spent)))
        for clave, nombre, _ends, many, received, spent in rows
    ]


def _candidacies() -> QuerySet[ContabilidadPublicada]:
    return ContabilidadPublicada.objects.filter(clase="candidatura").order_by()


def _sanctions(proceso: str, siglas: str) -> QuerySet[SancionPublicada]:
    rows = SancionPublicada.objects.filter(proceso__clave=proceso).order_by()
    return rows.filter(siglas=siglas) if siglas else rows


def _parts(rows: QuerySet[Model], key: str, words: str, amount: str) -> list[Part]:
    found = (
        rows.values(parte=F(key), palabras=F(words))
        .annotate(cuantas=Count("pk"), suma=Sum(amount))
        .order_by("-suma", "parte")
        .values_list("parte", "palabras", "cuantas", "suma")
    )
    return [Part(clave, nombre, many, Money(int(total))) for clave, nombre, many, total in found]
