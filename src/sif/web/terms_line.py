"""Draw terms as a line of bars on their days; the table below says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sif.web.formats import short_day
from sif.web.gauges import reach

ROW, MARK = 42, 60
"""Height of the row of a term, its words above its bar; width of the least bar, in hundredths of a hundredth."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a calendar: its key, what is due, the day it starts and ends, who acts, basis, and the day moved.

    ours: whether who looks at it must act.
    """

    clave: str
    acto: str
    desde: date
    hasta: date
    toca: str
    base: str
    movida_de: date | None = None
    ours: bool = False

    def runs(self, now: datetime) -> bool:
        """Return whether it runs on a day."""
        return self.desde < now.date() <= self.hasta


def terms_line(terms: Sequence[Term], now: datetime) -> SafeString:
    """Draw some terms, at least one; the words of each begin with its bar, or end with it in the second half."""
    first, last = min(term.desde for term in terms), max(term.hasta for term in terms)
    span = max(1, (last - first).days)

    def at(day: date) -> str:
        place = reach((day - first).days, span)
        return f"{place // 100}.{place % 100:02d}%"

    shapes = []
    for row, term in enumerate(terms):
        width = max(MARK, reach((term.hasta - term.desde).days, span))
        kind = "running" if term.runs(now) else "ours" if term.ours else ""
        late = (term.desde - first).days * 2 > span
        shapes.append(
            format_html(
                '<text class="name" x="{}" y="{}" text-anchor="{}">{}</text>'
                '<rect class="{}" x="{}" y="{}" width="{}" height="12"/>',
                at(term.hasta) if late else at(term.desde),
                row * ROW + 14,
                "end" if late else "start",
                f"{term.acto}, {short_day(term.hasta)}",
                kind,
                at(term.desde),
                row * ROW + 20,
                f"{width // 100}.{width % 100:02d}%",
            )
        )
    height = len(terms) * ROW + 24
    if first <= now.date() <= last:
        shapes.append(
            format_html(
                '<line class="now" x1="{0}" x2="{0}" y1="0" y2="{1}"/>'
                '<text class="name" x="{0}" dx="{4}" y="{2}" text-anchor="{5}">{3}</text>',
                at(now.date()),
                height - 14,
                height - 6,
                _("hoy, %(day)s") % {"day": short_day(now.date())},
                *((-6, "end") if (now.date() - first).days * 2 > span else (6, "start")),
            )
        )
    return format_html(
        '<svg class="terms-line" role="img" aria-label="{}" width="100%" height="{}">{}</svg>',
        _("Los plazos de la etapa en una línea; la tabla de abajo dice lo mismo."),
        height,
        SafeString("".join(shapes)),
    )
