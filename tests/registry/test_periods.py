"""A campaign cut in periods of thirty days, and the term of each one's report."""

from datetime import date, datetime, timedelta

import pytest

from sif.registry.models import Ventana
from sif.registry.services import create_etapa, open_periods
from small_world import ZONE, World, world

__all__ = ["world"]


@pytest.mark.parametrize(("days", "lengths"), [(1, [1]), (30, [30]), (31, [30, 1]), (60, [30, 30]), (61, [30, 30, 1])])
def test_the_last_day_of_a_stage_is_in_a_period(world: World, days: int, lengths: list[int]) -> None:
    first = date(2024, 4, 1)
    stage = create_etapa(world.etapa.proceso, "precampana", first, first + timedelta(days=days - 1))
    periods = open_periods(stage)
    assert [(row.hasta - row.desde).days + 1 for row in periods] == lengths
    assert [row.desde for row in periods[1:]] == [row.hasta + timedelta(days=1) for row in periods[:-1]]
    assert (periods[0].desde, periods[-1].hasta) == (stage.inicia_el, stage.termina_el)


def test_a_period_of_one_day_has_three_days_for_its_report(world: World) -> None:
    stage = create_etapa(world.etapa.proceso, "precampana", date(2024, 4, 1), date(2024, 5, 1))
    window = Ventana.objects.get(periodo=open_periods(stage)[-1])
    assert window.abre_el == datetime(2024, 5, 1, tzinfo=ZONE)
    assert window.cierra_el == datetime(2024, 5, 5, tzinfo=ZONE)
