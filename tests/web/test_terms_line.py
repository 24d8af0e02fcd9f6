"""The drawing of terms: the axis of its days and the line of today."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from sif.web.terms_line import MOST_TICKS, Term, terms_line


def drawn(days: int, today: date = date(2020, 1, 1)) -> list[str]:
    """The words of the drawing of a term of so many days from 25 November 2026, in the order they are drawn."""
    first = date(2026, 11, 25)
    term = Term("x", "Informe", first, first + timedelta(days=days), "", "LGPP 79.1")
    return re.findall(r"<text[^>]*>([^<]+)<", terms_line([term], datetime(*today.timetuple()[:3], 12, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("days", "axis"),
    [
        (3, []),
        (6, ["30 nov"]),
        (21, ["30 nov", "7 dic", "14 dic"]),
        (75, ["1 dic", "ene 2027", "1 feb"]),
        (400, ["ene 2027", "1 mar", "1 may", "1 jul", "1 sep", "1 nov"]),
    ],
)
def test_the_axis_writes_mondays_of_short_terms_and_months_of_long_ones(days: int, axis: list[str]) -> None:
    assert drawn(days)[:-1] == axis


def test_the_axis_never_writes_more_than_fit() -> None:
    assert all(len(drawn(days)) <= MOST_TICKS + 2 for days in range(1, 2000))


def test_today_is_drawn_only_within_the_terms_and_below_their_words() -> None:
    assert drawn(75, date(2026, 12, 1))[-2:] == ["hoy, 1 dic", "Informe, 8 feb"]
    assert "hoy" not in " ".join(drawn(75, date(2027, 3, 1)))
