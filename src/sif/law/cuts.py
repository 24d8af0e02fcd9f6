"""Cut a stretch of time in the periods that are reported: quarters, months, years, thirty days, or whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sif.law.days import UnknownTerm

_MONTHS = {"mes": 1, "trimestre": 3, "semestre": 6, "ejercicio": 12}
_DAYS = {"treinta": 30}
WHOLE = "etapa"


@dataclass(frozen=True, slots=True)
class Cut:
    """A period to report: its number within the year (or the stage), its first and its last day."""

    numero: int
    desde: date
    hasta: date


def cuts(corte: str, desde: date, hasta: date) -> list[Cut]:
    """Cut the days from `desde` to `hasta`, both included; a first or last period that does not fit is shortened.

    Calendar periods keep the number they have in their year: a party born in July begins in its third quarter.
    """
    if hasta < desde:
        raise UnknownTerm(f"Un periodo del {desde} al {hasta} está al revés. Dé primero el primer día.")
    if corte == WHOLE:
        return [Cut(1, desde, hasta)]
    if corte in _DAYS:
        return list(_by_days(_DAYS[corte], desde, hasta))
    if corte in _MONTHS:
        return list(_by_months(_MONTHS[corte], desde, hasta))
    raise UnknownTerm(f"El corte «{corte}» no se conoce; son {', '.join([WHOLE, *_DAYS, *_MONTHS])}.")


def _by_days(size: int, desde: date, hasta: date) -> Iterator[Cut]:
    number = 1
    while desde <= hasta:
        end = min(desde + timedelta(days=size - 1), hasta)
        yield Cut(number, desde, end)
        desde, number = end + timedelta(days=1), number + 1


def _by_months(size: int, desde: date, hasta: date) -> Iterator[Cut]:
    year, number = desde.year, (desde.month - 1) // size + 1
    while date(year, (number - 1) * size + 1, 1) <= hasta:
        first, last = date(year, (number - 1) * size + 1, 1), _last_day(year, number * size)
        yield Cut(number, max(first, desde), min(last, hasta))
        year, number = (year, number + 1) if number * size < 12 else (year + 1, 1)


def _last_day(year: int, month: int) -> date:
    following = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return following - timedelta(days=1)
