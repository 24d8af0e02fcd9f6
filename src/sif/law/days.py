"""Count the days of a term: natural ones, or the business days of the authority's year."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import holidays

from sif.law.sources import LawDataError, data_path, day, only_keys, read_data, status
from sif.values import Span

KINDS = frozenset({"naturales", "habiles"})
_FILE = frozenset({"base", "estatus", "fuente", "cada_anio", "lapsos"})
_WHY = frozenset({"base", "estatus", "fuente"})


class UnknownTerm(ValueError):
    """The stage, the accord or the terms given are not usable; the message says what was seen and what is wanted."""


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Days of a year that a term in business days leaves out besides weekends, half-open, and where they were read."""

    desde: date
    hasta: date
    base: str
    estatus: str
    fuente: str


@cache
def _data(jurisdiction: str) -> dict[str, Any]:
    content = read_data(data_path(jurisdiction, "law", "inhabiles.yaml"))
    return only_keys(content, _FILE, frozenset(), "inhabiles.yaml")


@cache
def closed_days(anio: int, jurisdiction: str) -> tuple[ClosedDays, ...]:
    """Return what the file leaves out of a year besides days of obligatory rest; a span may begin the year before."""
    found = []
    for place, raw in enumerate(_data(jurisdiction)["lapsos"], 1):
        where = f"inhabiles.yaml, lapso {place}"
        row = only_keys(raw, _WHY | {"desde", "hasta"}, frozenset(), where)
        found.append(_closed(row, day(row["desde"], where), day(row["hasta"], where), where))
    for place, raw in enumerate(_data(jurisdiction)["cada_anio"], 1):
        where = f"inhabiles.yaml, cada año {place}"
        row = only_keys(raw, _WHY | {"inicia", "termina", "vigente"}, frozenset(), where)
        for begins in (anio - 1, anio):
            first = date(begins, row["inicia"]["mes"], row["inicia"]["dia"])
            end = date(begins, row["termina"]["mes"], row["termina"]["dia"])
            end = end if end > first else end.replace(year=begins + 1)
            if first >= day(row["vigente"], where):
                found.append(_closed(row, first, end, where))
    year = Span(date(anio, 1, 1), date(anio + 1, 1, 1))
    return tuple(each for each in found if Span(each.desde, each.hasta).overlaps(year))


def _closed(row: dict[str, Any], desde: date, hasta: date, where: str) -> ClosedDays:
    if hasta <= desde:
        raise LawDataError(f"{where}: va del {desde} al {hasta}. «hasta» es el primer día que sí se cuenta.")
    return ClosedDays(desde, hasta, row["base"], status(row["estatus"], where), row["fuente"])


@cache
def _out(anio: int, jurisdiction: str) -> frozenset[date]:
    out = set(holidays.country_holidays(jurisdiction.upper(), years=anio))
    for each in closed_days(anio, jurisdiction):
        out |= {each.desde + timedelta(days=n) for n in range((each.hasta - each.desde).days)}
    return frozenset(out)


def is_business_day(fecha: date, proceso: Span | None = None, *, jurisdiction: str) -> bool:
    """Return whether a term in business days counts that day.

    Inside an electoral process every day does [LGIPE 97.1, LGSMIME 7.1], for what is linked to it; otherwise, neither
    Saturdays, Sundays, days of obligatory rest [LFT 74] nor the days of `inhabiles.yaml`.
    """
    if proceso is not None and fecha in proceso:
        return True
    return fecha.weekday() < 5 and fecha not in _out(fecha.year, jurisdiction)


def add_days(
    fecha: date, dias: int, cuenta: str = "naturales", proceso: Span | None = None, *, jurisdiction: str
) -> date:
    """The last day of a term of `dias` days that starts to run the day after `fecha`; cuenta: naturales or habiles."""
    if cuenta not in KINDS or dias < 0:
        raise UnknownTerm(f"Un plazo son 0 o más días naturales o habiles; llegó {dias} {cuenta}.")
    if cuenta == "naturales":
        return fecha + timedelta(days=dias)
    while dias:
        fecha += timedelta(days=1)
        dias -= is_business_day(fecha, proceso, jurisdiction=jurisdiction)
    return fecha


def count_days(desde: date, hasta: date, cuenta: str = "naturales", *, jurisdiction: str) -> int:
    """Return the days of a term that runs from the day after `desde` to `hasta`; 0 if `hasta` is not after `desde`."""
    days = [desde + timedelta(days=n) for n in range(1, (hasta - desde).days + 1)]
    return (
        len(days)
        if cuenta == "naturales"
        else sum(is_business_day(day, None, jurisdiction=jurisdiction) for day in days)
    )
