"""Draw terms as a line of bars on their days; the table below says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sif.web.formats import short_day, short_month
from sif.web.gauges import reach

AXIS, ROW, MARK = 26, 42, 60
"""Height of the axis of days and of the row of a term, its words above its bar; width of the least bar, in hundredths
of a hundredth."""
WEEKS, MOST_TICKS = 62, 9
"""Days up to which the axis writes each week; beyond them it writes months, so many at most."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a calendar: its key, what is due, the day it starts and ends, who acts, basis, and the day moved.

    ours: whether who looks at it must act. from_first: whether its first day is one of its days, as of what opens that
    day; a term that is counted from an act runs from the day after.
    """

    clave: str
    acto: str
    desde: date
    hasta: date
    toca: str
    base: str
    movida_de: date | None = None
    ours: bool = False
    from_first: bool = False

    def runs(self, now: datetime) -> bool:
        """Return whether it runs on a day."""
        today = now.date()
        return (self.desde < today or (self.from_first and self.desde == today)) and today <= self.hasta


@dataclass(frozen=True, slots=True)
class _Days:
    """The days that a drawing spans, from its left edge to its right."""

    first: date
    last: date

    @property
    def count(self) -> int:
        """Return the number of days, at least one."""
        return max(1, (self.last - self.first).days)

    def at(self, day: date) -> str:
        """Return the place of a day in the drawing."""
        place = reach((day - self.first).days, self.count)
        return f"{place // 100}.{place % 100:02d}%"

    def late(self, day: date) -> bool:
        """Return whether a day falls in the second half."""
        return (day - self.first).days * 2 > self.count

    def ticks(self) -> list[date]:
        """Return the days to write on the axis: Mondays of two months at most, or the first days of months."""
        if self.count <= WEEKS:
            monday = self.first + timedelta(days=-self.first.weekday() % 7)
            return [monday + timedelta(days=7 * n) for n in range((self.last - monday).days // 7 + 1)]
        months = range(self.first.year * 12 + self.first.month, self.last.year * 12 + self.last.month)
        step = -(-len(months) // MOST_TICKS) or 1
        return [date(month // 12, month % 12 + 1, 1) for month in months if month % step == 0]


def terms_line(terms: Sequence[Term], now: datetime) -> SafeString:
    """Draw some terms, at least one, below the axis of their days."""
    days = _Days(min(term.desde for term in terms), max(term.hasta for term in terms))
    height = AXIS + len(terms) * ROW + 24
    shapes = [_tick(days, day, height - 20) for day in days.ticks()]
    if days.first <= now.date() <= days.last:
        shapes.append(_today(days, now.date(), height))
    shapes += [_bar(days, term, AXIS + row * ROW, now) for row, term in enumerate(terms)]
    return format_html(
        '<svg class="terms-line" role="img" aria-label="{}" width="100%" height="{}">{}</svg>',
        _("Los plazos de la etapa en una línea; la tabla de abajo dice lo mismo."),
        height,
        SafeString("".join(shapes)),
    )


def _tick(days: _Days, day: date, bottom: int) -> SafeString:
    return format_html(
        '<line class="tick" x1="{0}" x2="{0}" y1="0" y2="{1}"/>'
        '<text x="{0}" dx="{2}" y="14" text-anchor="{3}">{4}</text>',
        days.at(day),
        bottom,
        *((-4, "end") if (day - days.first).days * 10 > days.count * 9 else (4, "start")),
        short_month(day) if day.month == 1 and days.count > WEEKS else short_day(day),
    )


def _today(days: _Days, today: date, height: int) -> SafeString:
    return format_html(
        '<line class="now" x1="{0}" x2="{0}" y1="{5}" y2="{1}"/>'
        '<text class="name" x="{0}" dx="{4}" y="{2}" text-anchor="{6}">{3}</text>',
        days.at(today),
        height - 14,
        height - 6,
        _("hoy, %(day)s") % {"day": short_day(today)},
        -6 if days.late(today) else 6,
        AXIS,
        "end" if days.late(today) else "start",
    )


def _bar(days: _Days, term: Term, top: int, now: datetime) -> SafeString:
    """Draw a term; its words begin with its bar, or end with it in the second half."""
    width = max(MARK, reach((term.hasta - term.desde).days, days.count))
    late = days.late(term.desde)
    return format_html(
        '<text class="name" x="{}" y="{}" text-anchor="{}">{}</text>'
        '<rect class="{}" x="{}" y="{}" width="{}" height="12"/>',
        days.at(term.hasta) if late else days.at(term.desde),
        top + 14,
        "end" if late else "start",
        f"{term.acto}, {short_day(term.hasta)}",
        "running" if term.runs(now) else "ours" if term.ours else "",
        days.at(term.desde),
        top + 20,
        f"{width // 100}.{width % 100:02d}%",
    )
