"""What a cell names in a catalogue: one thing, or a refusal that says which ones it could be."""

import pytest

from sif.batch.auxiliaries import Resolver
from sif.registry.selectors import reach_of
from sif.registry.services import register_aportante
from sif.values import Unread
from small_world import World, world

__all__ = ["world"]
RFC = "NUIA800101AB5"


def _resolver(world: World) -> Resolver:
    return Resolver(world.books, reach_of(world.clerk))


def test_a_cell_that_names_two_records_is_refused_with_their_numbers(world: World) -> None:
    first = register_aportante(world.party, "Ana Núñez", rfc=RFC)
    assert _resolver(world).find("aportante", RFC.lower()) == first.pk
    second = register_aportante(world.party, "Ana Núñez Islas", rfc=RFC)
    with pytest.raises(Unread) as refused:
        _resolver(world).find("aportante", RFC)
    assert f"{first.pk}, {second.pk}" in str(refused.value)
    assert _resolver(world).find("aportante", str(second.identidad)) == second.pk


def test_a_record_of_another_subject_is_not_in_the_catalogue(world: World) -> None:
    register_aportante(world.rival, "Ana Núñez", rfc=RFC)
    with pytest.raises(Unread, match="no está en el catálogo"):
        _resolver(world).find("aportante", RFC)
