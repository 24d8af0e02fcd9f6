"""Build a month as weeks that begin on Monday."""

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from sif.web.formats import long_day

_MONTH = re.compile(r"^(\d{4})-(\d{2})$")


@dataclass(frozen=True, slots=True)
class Month:
    """A month; `first` and `last` are the Monday and the Sunday that enclose it."""

    year: int
    number: int
    first: date
    last: date

    @property
    def title(self) -> str:
        """Mayo de 2026."""
        words = _months()[self.number - 1]
        return _("%(month)s de %(year)d") % {"month": words, "year": self.year}

    def beside(self, step: int) -> "Month":
        """Return the month before (-1) or after (1)."""
        place = self.year * 12 + self.number - 1 + step
        return _month(place // 12, place % 12 + 1)

    def as_context(
        self, by_day: Mapping[date, Sequence[Mapping[str, object]]], today: date, limit: date
    ) -> dict[str, object]:
        """Return the context of the template: the days with their events, today, and the first day still in time."""
        days = [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]
        before, after = self.beside(-1), self.beside(1)
        return {
            "titulo": self.title,
            "nombres": _week(),
            "antes": _address(before),
            "antes_palabras": before.title,
            "despues": _address(after),
            "despues_palabras": after.title,
            "dias": [
                {
                    "iso": day.isoformat(),
                    "numero": day.day,
                    "largo": long_day(day, weekday=True),
                    "hoy": day == today,
                    "fuera": day.month != self.number,
                    "limite": day == limit,
                    "eventos": by_day.get(day, ()),
                }
                for day in days
            ],
        }


def month_of(text: str, today: date) -> Month:
    """Return the month asked as 2026-05; this month for anything else."""
    found = _MONTH.match(text)
    if found and 1 <= int(found[2]) <= 12 and 2000 <= int(found[1]) <= 2100:
        return _month(int(found[1]), int(found[2]))
    return _month(today.year, today.month)


def _month(year: int, number: int) -> Month:
    first, last = date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])
    return Month(year, number, first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday()))


def _address(month: Month) -> str:
    return f"{reverse('party:eventos')}?mes={month.year}-{month.number:02d}"


def _months() -> tuple[str, ...]:
    return (
        _("Enero"),
        _("Febrero"),
        _("Marzo"),
        _("Abril"),
        _("Mayo"),
        _("Junio"),
        _("Julio"),
        _("Agosto"),
        _("Septiembre"),
        _("Octubre"),
        _("Noviembre"),
        _("Diciembre"),
    )


def _week() -> tuple[str, ...]:
    return _("lunes"), _("martes"), _("miércoles"), _("jueves"), _("viernes"), _("sábado"), _("domingo")
