"""Say what keeps the terms of a calendar from happening in their order, and which are shorter than those of the law."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.conf import settings

from sif.law.calendar import MILESTONES, Milestone, period_calendars
from sif.law.processes import PlannedPeriod, review_terms
from sif.values import Problem

NAMES = {
    "informe": "el informe",
    "oficio": "el oficio",
    "respuesta": "la respuesta",
    "dictamen": "el dictamen",
    "comision": "la Comisión",
    "consejo": "el Consejo",
}
APART = MILESTONES[: MILESTONES.index("dictamen") + 1]  # each needs the day of the one before to be over


@dataclass(frozen=True, slots=True)
class ShorterTerm:
    """A term in days that is shorter than the law's, which gives `ley` days."""

    hito: str
    dias: int
    ley: int


def shorter_terms(revision: str, plazos: Sequence[int]) -> tuple[ShorterTerm, ...]:
    """Return the terms, of the six of a calendar of review, that are shorter than the law's."""
    legal = review_terms(revision, settings.JURISDICTION)
    rows = zip(MILESTONES, plazos, legal, strict=True)
    return tuple(ShorterTerm(hito, days, law) for hito, days, law in rows if days < law)


def order_problems(
    revision: str, periods: Sequence[PlannedPeriod], plazos: Sequence[int], where: str
) -> Iterator[Problem]:
    """Name the first acts of the review of some periods that would fall before what they follow is over.

    A report may be presented until its last day ends, and an oficio answered until its own: what follows is of a later
    day. The Comisión may vote on the day of the dictamen, and the Consejo on that of the Comisión.
    """
    ends = [each.hasta for each in periods]
    reviews = period_calendars(revision, ends, plazos, jurisdiction=settings.JURISDICTION)
    for period, days in zip(periods, reviews, strict=True):
        found = next(_backwards(period.vence, {day.hito: day for day in days}), None)
        if found is not None:
            (before, ended), (after, begins) = found
            told = f"{NAMES[after].capitalize()} sería el {begins:%d/%m/%Y} y {NAMES[before]}"
            told += f" {'vence' if before in ('informe', 'respuesta') else 'es'} el {ended:%d/%m/%Y}."
            cure = f"Dé a {NAMES[after]} los días que falten: va después de que ese día termine."
            yield Problem("orden", where, told, cure)
            return


def _backwards(due: date, days: Mapping[str, Milestone]) -> Iterator[tuple[tuple[str, date], tuple[str, date]]]:
    dated = [("informe", due), *((hito, days[hito].fecha) for hito in APART[1:] if hito in days)]
    for before, after in pairwise(dated):
        if after[1] <= before[1]:
            yield before, after
