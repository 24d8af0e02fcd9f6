"""Say how near a duty is to its last day: the steps at which who owes it is told, down to its last 24 hours."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sif.duties.drafts import Common, Drafts
from sif.duties.generating import Obligacion

REMINDERS = (10, 5, 2, 0)
"""Days that are left at each step, from the first to the last: 0 is the last day, whose 24 hours have begun."""
LATE = -1
"""The step of what is overdue."""


def step_of(vence_el: date, al: date) -> int | None:
    """The last step that has come for a duty due some day: LATE once that day has passed, None before the first."""
    left = (vence_el - al).days
    if left < 0:
        return LATE
    return min((step for step in REMINDERS if left <= step), default=None)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder of the duties of one kind due on one day: their number, and the last step reached before that day."""

    tipo: str
    vence_el: date
    paso: int
    cuantas: int
    base: str


def reminders(duties: Drafts[Obligacion], al: date) -> list[Reminder]:
    """Return a reminder for each kind and day of unmet duties that reached a step before their last day, nearest first.

    Reminders are derived like the duties: a duty met, or moved by an accord, gives none, and no reminder waits for a
    worker.
    """

    def nears(common: Common) -> bool:
        waits = common.cumplida_el is None and common.estado in ("abierta", "programada")
        return waits and common.vence_el is not None and step_of(common.vence_el, al) not in (None, LATE)

    near = duties.where(nears)
    counted: Counter[tuple[str, date | None]] = Counter()
    for group in near.groups:
        counted[group.common.tipo, group.common.vence_el] += len(group.each)
    found = []
    for first in near.firsts(lambda common: (common.tipo, common.vence_el)):
        step = step_of(first.vence_el, al) if first.vence_el else None
        if first.vence_el is not None and step is not None:
            many = counted[first.tipo, first.vence_el]
            found.append(Reminder(first.tipo, first.vence_el, step, many, first.base or first.articulo))
    return sorted(found, key=lambda each: (each.vence_el, each.tipo))
