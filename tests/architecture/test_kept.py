"""A world that stands between tests is whole for each of them, and nothing for those that did not ask."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from kept import keeps, world_asked_by
from sif.registry.models import Etapa, SujetoObligado
from sif.registry.scope import everything
from sif.registry.services import register_sujeto
from small_world import World, seen_whole, world

__all__ = ["world"]
MADE: list[int] = []


def _written() -> World:
    (Path(settings.DATOS) / "hoja.txt").write_text("como se hizo", encoding="utf-8")
    MADE.append(1)
    return seen_whole()


@pytest.fixture
@keeps(_written)
def written(world_of: Any) -> World:
    return world_of(_written)


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_each_test_finds_the_world_as_it_was_made_and_made_once(written: World, turn: int, tmp_path: Path) -> None:
    sheet = tmp_path / "hoja.txt"
    assert sheet.read_text(encoding="utf-8") == "como se hizo" and tmp_path == settings.DATOS
    with everything():
        assert written.party.nombre == SujetoObligado.objects.get(pk=written.party.pk).nombre
        assert not SujetoObligado.objects.filter(siglas="ZZ").exists()
        register_sujeto("partido", "Z", "ZZ", "Partido de una prueba")
    written.party.nombre = f"Cambiado {turn}"
    sheet.write_text("otra cosa", encoding="utf-8")
    assert len(MADE) == 1


def test_who_asks_for_none_finds_none(db: None) -> None:
    with everything():
        assert not Etapa.objects.exists()
    assert len(connection.savepoint_ids) == 0


def test_who_asks_for_another_finds_that_one_alone(world: World) -> None:
    assert list(Etapa.objects.all()) == [world.etapa]


def test_a_test_may_close_its_connection(world: World) -> None:
    connection.close()


def test_and_the_world_is_made_again(world: World) -> None:
    assert Etapa.objects.get() == world.etapa


@pytest.fixture(scope="class")
def around(django_db_setup: None, django_db_blocker: Any) -> Iterator[SujetoObligado]:
    """A party for several tests, in a transaction of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        with everything():
            party = register_sujeto("partido", "Y", "YY", "Partido de varias pruebas")
        yield party
        transaction.set_rollback(True)


class TestATransactionAroundSeveral:
    """A world does not end what serves several tests, nor ends with it."""

    def test_beside_a_world(self, around: SujetoObligado, world: World) -> None:
        assert {around, world.party} <= set(SujetoObligado.objects.all())

    def test_alone(self, around: SujetoObligado, db: None) -> None:
        with everything():
            assert list(SujetoObligado.objects.all()) == [around]

    def test_beside_a_world_again(self, around: SujetoObligado, world: World) -> None:
        assert {around, world.party} <= set(SujetoObligado.objects.all())


def test_and_a_world_stands_after_it(world: World) -> None:
    assert Etapa.objects.get() == world.etapa
    assert not SujetoObligado.objects.filter(siglas="YY").exists()


def test_those_of_a_file_that_ask_for_the_same_world_follow_one_another(request: pytest.FixtureRequest) -> None:
    here = [each for each in request.session.items if each.path == request.path and not getattr(each, "cls", None)]
    worlds = [world_asked_by(each) for each in here]
    assert len(list(groupby(worlds))) == len(set(worlds))
