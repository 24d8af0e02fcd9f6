"""The drawing of terms: the axis of its days and the line of today."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from sif.web.term_pages import basis_words
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


def test_what_opens_today_runs_and_what_is_counted_from_today_runs_tomorrow() -> None:
    first = datetime(2026, 11, 25, 12, tzinfo=UTC)
    counted = Term("x", "Informe", first.date(), first.date() + timedelta(days=3), "", "LGPP 79.1")
    opens = replace(counted, from_first=True)
    assert [term.runs(first) for term in (counted, opens)] == [False, True]
    assert [term.runs(first + timedelta(days=1)) for term in (counted, opens)] == [True, True]
    assert [term.runs(first + timedelta(days=4)) for term in (counted, opens)] == [False, False]
    assert 'class="running"' in terms_line([opens], first) and 'class="running"' not in terms_line([counted], first)


def test_the_days_inside_a_basis_are_written_as_on_a_page() -> None:
    assert (
        basis_words("segunda respuesta 2026-07-20: 5 días hábiles") == "segunda respuesta 20 jul 2026: 5 días hábiles"
    )
    assert basis_words("INE/CG502/2023") == "INE/CG502/2023"


def test_today_is_drawn_only_within_the_terms_and_below_their_words() -> None:
    assert drawn(75, date(2026, 12, 1))[-2:] == ["hoy, 1 dic", "Informe, 8 feb"]
    assert "hoy" not in " ".join(drawn(75, date(2027, 3, 1)))
