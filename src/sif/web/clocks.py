"""Compute the clock of a term: time left, tone, legal hour and strip of days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from sif.registry.clock import end_of_term, has_ended
from sif.web.formats import local, short_day

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """A running term. titulo: what is due; desde: its first instant or None; articulo: 'LGPP 79.1.b)'; nota: why.

    hecho: how what it asked was done, or that nothing is asked any more; then it neither runs nor alarms.
    accion: the words of the link to `url`.
    """

    titulo: str | Promise
    vence_el: datetime
    ahora: datetime
    desde: datetime | None = None
    articulo: str = ""
    nota: str | Promise = ""
    url: str = ""
    hecho: str | Promise = ""
    accion: str | Promise = ""

    @property
    def last(self) -> date:
        """Return the last day of the term."""
        return end_of_term(self.vence_el)[0]

    @property
    def left(self) -> timedelta:
        """Return the time left until the term ends, negative once overdue."""
        return self.vence_el - self.ahora

    @property
    def is_over(self) -> bool:
        """True from the legal hour on."""
        return has_ended(self.vence_el, self.ahora)

    @property
    def tone(self) -> str:
        """aviso below four days, grave below one and once overdue, curso before."""
        if self.left < _DAY:
            return "grave"
        return "aviso" if self.left < 4 * _DAY else "curso"

    @property
    def icon(self) -> str:
        """The hourglass, empty once nothing remains."""
        return "hourglass-bottom" if self.left < _DAY else "hourglass-split"

    @property
    def remaining(self) -> str:
        """2 días 14 h, or 14 h 12 min under one day; for an overdue term, how long ago it ended."""
        return duration_words(abs(self.left))


@dataclass(frozen=True, slots=True)
class StripDay:
    """One day of the strip. clase: past|today|last, both, or ''; texto: its label."""

    clase: str
    texto: str


def duration_words(span: timedelta) -> str:
    """Days and hours; under one day, hours and minutes."""
    minutes = int(span.total_seconds()) // 60
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days == 0:
        return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes % 60}
    if hours == 0:
        return ngettext("%(days)d día", "%(days)d días", days) % {"days": days}
    return ngettext("%(days)d día %(hours)d h", "%(days)d días %(hours)d h", days) % {"days": days, "hours": hours}


def strip_days(clock: Clock) -> list[StripDay]:
    """Return the days of the term in order, at most 31; empty when the term has no known start."""
    if clock.desde is None:
        return []
    first, today = local(clock.desde).date(), local(clock.ahora).date()
    last = end_of_term(clock.vence_el)[0]
    total = (last - first).days + 1
    if not 2 <= total <= 31:
        return []
    drawn = []
    for offset in range(total):
        day = first + timedelta(days=offset)
        name = short_day(day, weekday=total <= 7) if total <= 12 or day in (first, today, last) else ""
        kinds = [kind for kind, yes in (("past", day < today), ("today", day == today), ("last", day == last)) if yes]
        if day == today:
            name = gettext("%(day)s, hoy") % {"day": name}
        elif day == last:
            name = gettext("%(day)s, vence") % {"day": name}
        drawn.append(StripDay(" ".join(kinds), name))
    return drawn
