"""How near a duty is to its last day."""

from datetime import date, timedelta

import pytest

from sif.duties.urgency import LATE, step_of

LAST = date(2024, 4, 2)


@pytest.mark.parametrize(
    ("left", "step"),
    [(11, None), (10, 10), (6, 10), (5, 5), (3, 5), (2, 2), (1, 2), (0, 0), (-1, LATE), (-90, LATE)],
)
def test_a_step_holds_until_the_next_one_comes(left: int, step: int | None) -> None:
    assert step_of(LAST, LAST - timedelta(days=left)) == step
