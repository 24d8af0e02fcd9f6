"""The yearly limits of contributions beside what a party used of them, by the law of each day."""

from datetime import date

import pytest

from sif.books.board import limits_bind, limits_used
from sif.registry.models import SujetoObligado
from sif.values import Money
from small_world import World


@pytest.mark.parametrize(("day", "pesos"), [(date(2024, 12, 31), "2,148,166.62"), (date(2025, 1, 1), "3,304,893.61")])
def test_a_limit_holds_until_the_day_on_which_the_next_one_begins(world: World, day: date, pesos: str) -> None:
    limits = {row.clave: row for row in limits_used(world.party, day)}
    assert limits["limite_simpatizante_individual"].limite == Money.parse(pesos)
    assert {row.usado for row in limits.values()} == {Money(0)}


def test_a_day_before_the_law_has_no_limit(world: World) -> None:
    assert {row.limite for row in limits_used(world.party, date(2010, 1, 1))} == {None}


def test_the_limits_of_a_local_party_are_of_a_law_that_was_not_read(world: World) -> None:
    day = date(2025, 1, 1)
    local = SujetoObligado(pk=world.party.pk, tipo="partido_local")
    assert {row.obliga for row in limits_used(world.party, day)} == {True}
    assert {row.obliga for row in limits_used(local, day)} == {False}
    assert limits_bind(SujetoObligado(tipo="independiente"))
