"""Say how near a duty is to its last day: the steps at which who owes it is told, down to its last 24 hours."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

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
    """What is told to who owes it: so many duties of a kind that fall due on a day, at the last step that has come."""

    tipo: str
    vence_el: date
    paso: int
    cuantas: int
    base: str


def reminders(rows: Iterable[Obligacion], al: date) -> list[Reminder]:
    """What is not met and has reached a step before its last day, the nearest first; each kind and day once.

    It is derived like the duties: what is met, or moved by an accord, is no longer told, and none waits for a worker.
    """
    counted: Counter[tuple[str, date]] = Counter()
    bases: dict[tuple[str, date], str] = {}
    for row in rows:
        if row.cumplida_el is None and row.vence_el is not None and row.estado in ("abierta", "programada"):
            counted[row.tipo, row.vence_el] += 1
            bases.setdefault((row.tipo, row.vence_el), row.base or row.articulo)
    found = []
    for key, n in counted.items():
        step = step_of(key[1], al)
        if step is not None and step != LATE:
            found.append(Reminder(*key, step, n, bases[key]))
    return sorted(found, key=lambda each: (each.vence_el, each.tipo))
