"""Say how near a duty is to its last day: the steps at which who owes it is told, down to its last 24 hours."""

from datetime import date

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
