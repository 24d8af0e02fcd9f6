"""How near a duty is to its last day."""

from datetime import date, timedelta

import pytest

from duties.drafted import drafted
from sif.duties.generating import Obligacion
from sif.duties.urgency import LATE, Reminder, reminders, step_of

LAST = date(2024, 4, 2)


@pytest.mark.parametrize(
    ("left", "step"),
    [(11, None), (10, 10), (6, 10), (5, 5), (3, 5), (2, 2), (1, 2), (0, 0), (-1, LATE), (-90, LATE)],
)
def test_a_step_holds_until_the_next_one_comes(left: int, step: int | None) -> None:
    assert step_of(LAST, LAST - timedelta(days=left)) == step


def duty(key: str, due: date | None, state: str = "abierta", met: date | None = None) -> Obligacion:
    return Obligacion(key, "IC", "Informe", 1, 1, 1, LAST, due, "LGPP 79", state, "ventana", "confirmado", met)


def test_each_kind_and_day_is_told_once_and_what_is_met_or_overdue_is_not() -> None:
    rows = drafted(
        [
            duty("a", LAST),
            duty("b", LAST),
            duty("c", LAST, met=LAST),
            duty("d", LAST - timedelta(days=9), "vencida"),
            duty("e", None, "por_confirmar"),
            duty("f", LAST + timedelta(days=30), "programada"),
            duty("g", LAST + timedelta(days=3), "programada"),
        ]
    )
    told = reminders(rows, LAST - timedelta(days=4))
    assert told == [
        Reminder("IC", LAST, 5, 2, "ventana"),
        Reminder("IC", LAST + timedelta(days=3), 10, 1, "ventana"),
    ]
    assert [each.paso for each in reminders(rows, LAST)] == [0, 5]
    assert reminders(rows, LAST - timedelta(days=11)) == []
