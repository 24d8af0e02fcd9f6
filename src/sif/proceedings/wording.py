"""Format amounts, shares, days and hours as documents of law write them."""

from datetime import date, datetime

from django.conf import settings

from sif.law.parameters import uma_stands_since
from sif.registry import clock
from sif.rulebook.printing import spanish_day
from sif.values import Money


def pesos(centavos: int) -> str:
    """Return an amount as a document of law writes it: $1,234.50."""
    return Money(centavos).in_pesos()


def old_uma(day: date) -> str:
    """Return that the UMA of a day is of an earlier year, as the later one is not known here; '' where it is known."""
    since = uma_stands_since(day, settings.JURISDICTION)
    return f"es la que rige desde el {legal_day(since)}; la siguiente no consta en el sistema" if since else ""


def percent(basis_points: int) -> str:
    """Basis points as people read them: 5318 is 53.18 %."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d} %" if rest else f"{whole} %"


def legal_day(moment: datetime | date) -> str:
    """Return a day in words, in the legal zone: 15 de julio de 2018."""
    return spanish_day(clock.legal_day(moment) if isinstance(moment, datetime) else moment)


def due_day(due: datetime) -> str:
    """Return the last day of a term, in words."""
    return spanish_day(clock.end_of_term(due)[0])


def legal_hour(due: datetime) -> str:
    """Return the hour in which a term ends: 14:05 horas; that of a day is 24:00 horas, as on the pages."""
    return f"{clock.end_of_term(due)[1]} horas"


def count(number: int, one: str, many: str) -> str:
    """Return a number with its noun: 1 hallazgo, 3 hallazgos."""
    return f"{number:,} {one if number == 1 else many}"
