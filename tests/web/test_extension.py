"""What the service did not answer gives, by the measure of an accord, days that two people move by the accord."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from availability.test_availability import probed
from sif.availability.measuring import PROBED, folder_of
from sif.law.processes import report_counts
from sif.registry import clock
from sif.registry.moving import days_of
from sif.web.admin.proceso.extension import extensions
from web.test_moving import move_url, people, typed  # noqa: F401

Enter = Callable[[Any], Client]
TERM = clock.midnight(date(2025, 5, 7))
"""The end of the term of the first report: 6 May is its last day."""
NATURAL = {1: "naturales", 2: "naturales"}


@pytest.fixture
def measured(tmp_path: Path) -> Any:
    """The hour before the last hour of the term, of which seven minutes had no answer."""
    hour = TERM - timedelta(hours=2)
    probed(folder_of(tmp_path, PROBED), hour, 60, (hour + timedelta(minutes=41), hour + timedelta(minutes=48)))
    with override_settings(DATOS=tmp_path), clock.at(TERM - timedelta(hours=1)):
        yield tmp_path


@pytest.mark.parametrize(
    ("hours", "minutes", "lost", "given"), [(24, 60, 7, 1), (24, 7, 7, 1), (24, 6, 7, 2), (2, 1, 7, 7), (1, 1, 0, 0)]
)
def test_each_so_many_minutes_or_a_fraction_give_a_day(
    measured: Path, hours: int, minutes: int, lost: int, given: int
) -> None:
    first, second = extensions({1: date(2025, 5, 6), 2: date(2025, 6, 5)}, hours, minutes, NATURAL)
    assert (first.sin_servicio, first.dias, first.queda) == (lost, given, date(2025, 5, 6) + timedelta(days=given))
    assert (second.sin_servicio, second.sin_medir, second.queda) == (0, 0, date(2025, 6, 5))


def test_what_nobody_measured_is_said_apart_and_gives_nothing(measured: Path) -> None:
    (first,) = extensions({1: date(2025, 5, 6)}, 3, 60, NATURAL)
    assert (first.sin_servicio, first.sin_medir) == (7, 60)


def test_a_term_in_business_days_is_given_business_days(tmp_path: Path) -> None:
    friday = date(2027, 4, 2)
    term = clock.midnight(friday + timedelta(days=1))
    hour = term - timedelta(hours=2)
    probed(folder_of(tmp_path, PROBED), hour, 60, (hour + timedelta(minutes=41), hour + timedelta(minutes=48)))
    with override_settings(DATOS=tmp_path), clock.at(term - timedelta(hours=1)):
        counted = report_counts("anual", (3, 4), "mx")
        quarter, year = extensions({3: friday, 4: friday}, 24, 60, counted)
    assert (quarter.queda, year.queda) == (date(2027, 4, 3), date(2027, 4, 5))


def test_a_term_that_ended_is_given_nothing(measured: Path) -> None:
    with clock.at(TERM):
        assert extensions({1: date(2025, 5, 6)}, 24, 1, NATURAL) == []


def test_the_measure_fills_the_days_that_two_people_move(people: Any, measured: Path, enter: Enter) -> None:  # noqa: F811
    etapa, ana, luis = people
    url, client = move_url(etapa), enter(ana)
    with clock.at(TERM - timedelta(hours=1)):
        assert 'value="06/05/2025"' in client.get(url).text
        shown = client.get(url, {"horas": "24", "minutos": "60"}).text
        assert 'value="07/05/2025"' in shown and "Días que da la medida" in shown
        assert days_of(etapa).vencen[1] == date(2025, 5, 6)  # nothing moved
        for wrong in ({"horas": "0", "minutos": "60"}, {"horas": "24", "minutos": "x"}):
            page = client.get(url, wrong)
            assert page.status_code == 200 and 'value="06/05/2025"' in page.text and "errorlist" not in page.text
        sent = typed(vence_1="07/05/2025", plazos="3, 10, 5, 10, 6, 6", aprobado_el="06/05/2025", acto="proponer")
        proposed = client.post(url, sent)["Location"]
        assert enter(luis).post(proposed, {"acto": "mover"}, follow=True).status_code == 200
        assert days_of(etapa).vencen[1] == date(2025, 5, 7)
