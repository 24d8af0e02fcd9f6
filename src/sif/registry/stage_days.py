"""Read the calendar of review of a stage in force, as later accords move it.

What an accord moves is kept beside what it moved, so each day says the one that it had.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.conf import settings

from sif.law.calendar import (
    BY_LAW,
    Accord,
    Course,
    Milestone,
    accord_calendar,
    load_accords,
    period_calendars,
    review_calendar,
)
from sif.law.processes import review_terms
from sif.registry.models import Etapa, FechasPropuestas, FechasResueltas, Periodo
from sif.registry.procesos import review_of

GIVEN = "plazo dado"


@dataclass(frozen=True, slots=True)
class MovedTerms:
    """The six terms of a review that a later accord gives, in days, and that accord."""

    plazos: tuple[int, ...]
    acuerdo: str


def moved_terms(etapa: Etapa) -> MovedTerms | None:
    """Return the terms of the last accord that moved those of a stage, or None where none did."""
    row = last_movement(etapa)
    return MovedTerms(tuple(row.pedido["plazos"]), row.acuerdo) if row else None


def last_movement(etapa: Etapa, until: int | None = None) -> FechasPropuestas | None:
    """Return the last accord that moved the terms of a stage, or some of the first of them, or None where none did."""
    rows = FechasPropuestas.objects.filter(etapa=etapa, resuelta__sentido=FechasResueltas.Sentido.MOVIDAS)
    return next(
        (r for r in rows.order_by("-resuelta__pk") if r.pedido["plazos"][:until] != r.visto["plazos"][:until]), None
    )


def terms_of(etapa: Etapa) -> tuple[int, ...]:
    """Return the six terms in force of the review of a stage, in days; of an accord of days, those between its days."""
    if moved := moved_terms(etapa):
        return moved.plazos
    if _accord_of(etapa) is None:
        return tuple(etapa.plazos or review_terms(review_of(etapa), settings.JURISDICTION))
    days = [etapa.termina_el, *(milestone.fecha for milestone in _opened(etapa).values())]
    return tuple((after - before).days for before, after in pairwise(days))


def _accord_of(etapa: Etapa) -> Accord | None:
    """Return the accord of the data of law that fixes the days of a stage, or None."""
    accord = load_accords(settings.JURISDICTION).get(etapa.acuerdo)
    return accord if accord is not None and accord.etapa == review_of(etapa) else None


def calendar_of(etapa: Etapa, course: Course = BY_LAW) -> dict[str, Milestone]:
    """The six milestones of the review of a stage: those of its accords, of the terms it carries, or of the law.

    course: what happened in the review of a subject; without it they are the longest that the law gives.
    """
    opened, moved = _opened(etapa, course), moved_terms(etapa)
    if moved is None:
        return opened
    return _were(moved_calendar(etapa, moved, course), opened)


def _opened(etapa: Etapa, course: Course = BY_LAW) -> dict[str, Milestone]:
    """Return the milestones with which a stage was opened."""
    if _accord_of(etapa) is not None:
        days = accord_calendar(etapa.acuerdo, etapa.termina_el, jurisdiction=settings.JURISDICTION)
    else:
        kind, given_by = review_of(etapa), etapa.acuerdo or GIVEN
        days = review_calendar(
            kind,
            etapa.termina_el,
            etapa.plazos,
            None,
            jurisdiction=settings.JURISDICTION,
            given_by=given_by,
            course=course,
        )
    return {milestone.hito: milestone for milestone in days}


def moved_calendar(etapa: Etapa, terms: MovedTerms, course: Course = BY_LAW) -> dict[str, Milestone]:
    """Return the milestones of a stage by the terms of an accord."""
    days = review_calendar(
        review_of(etapa),
        etapa.termina_el,
        terms.plazos,
        None,
        jurisdiction=settings.JURISDICTION,
        given_by=terms.acuerdo,
        course=course,
    )
    return {milestone.hito: milestone for milestone in days}


def period_calendars_of(etapa: Etapa, asked: MovedTerms | None = None) -> dict[Periodo, dict[str, Milestone]]:
    """Return the days of the review of each report of a stage; those of the last are as `calendar_of` gives them.

    The law opens a review with each report of a campaign [LGPP 80.1.d.II-III], with an oficio and its answer (ADR
    0270), and its dictamen waits for the last [LGPP 80.1.d.IV]. Elsewhere one review is of every period. asked: the
    terms of an accord that is proposed, in place of those in force.
    """
    periods = list(etapa.periodos.order_by("numero"))
    ends = [period.hasta for period in periods]
    moved = asked or moved_terms(etapa)
    if moved is not None:
        own: Sequence[int] | None = moved.plazos
    else:
        own = None if etapa.acuerdo in load_accords(settings.JURISDICTION) else etapa.plazos
    given_by = moved.acuerdo if moved else etapa.acuerdo or GIVEN
    reviews = period_calendars(review_of(etapa), ends, own, jurisdiction=settings.JURISDICTION, given_by=given_by)
    found = {period: {day.hito: day for day in days} for period, days in zip(periods, reviews, strict=True)}
    if periods:
        found[periods[-1]] = moved_calendar(etapa, asked) if asked else calendar_of(etapa)
    return found


def _were(now: Mapping[str, Milestone], before: Mapping[str, Milestone]) -> dict[str, Milestone]:
    """Note in each milestone that moved the day that it had."""
    return {
        hito: replace(day, movida_de=before[hito].fecha) if hito in before and before[hito].fecha != day.fecha else day
        for hito, day in now.items()
    }
