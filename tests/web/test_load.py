"""What only looks is refused first, in words, and what signs goes on."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sif.commands.servir import THREADS
from sif.filing.models import Compromiso, Presentacion
from sif.registry.scope import everything
from sif.web import load
from sif.web.load import GATE, LOOK, SIGN, Gate, Weight
from web.walk import pages


def test_a_gate_admits_who_looks_while_there_is_room_and_whoever_signs_always() -> None:
    gate = Gate()
    gate.mark_signed()
    with ExitStack() as inside:

        def enter(weight: Weight) -> bool:
            return inside.enter_context(gate.within(weight))

        assert [enter(Weight.LOOKS) for _ in range(load.ROOM + 1)] == [True] * load.ROOM + [False]
        assert all(enter(Weight.SIGNS) for _ in range(load.ROOM))
        assert gate.is_full() and enter(Weight.OTHER)
    assert not gate.is_full()
    with gate.within(Weight.SIGNS), gate.within(Weight.LOOKS) as admitted:
        assert admitted
    with ExitStack() as inside:
        assert all(inside.enter_context(gate.within(Weight.SIGNS)) for _ in range(load.ROOM))
        with gate.within(Weight.LOOKS) as admitted:
            assert not admitted  # each one that signs takes the place of one that looks


def test_where_nobody_signs_whoever_looks_is_answered() -> None:
    hour = 1000.0
    gate = Gate(lambda: hour)
    with ExitStack() as inside:
        assert all(inside.enter_context(gate.within(Weight.LOOKS)) for _ in range(load.ROOM + 1))
        with gate.within(Weight.SIGNS), gate.within(Weight.LOOKS) as admitted:
            assert not admitted
        with gate.within(Weight.LOOKS) as admitted:
            assert admitted
        gate.mark_signed()
        hour += load.LATELY - 1
        with gate.within(Weight.LOOKS) as admitted:
            assert not admitted
        hour += 1
        with gate.within(Weight.LOOKS) as admitted:
            assert admitted


def test_a_thread_is_left_for_who_signs() -> None:
    assert load.ROOM < THREADS


def test_every_address_named_is_one_of_ours() -> None:
    assert {page.name for page in pages()} >= SIGN | LOOK


@pytest.fixture
def crowded() -> Any:
    """Somebody who signed a moment ago, and as many who look as there is room for."""
    GATE.mark_signed()
    with as_many_as_fit():
        yield


@contextmanager
def as_many_as_fit() -> Iterator[None]:
    """As many who look as there is room for."""
    with ExitStack() as inside:
        for _ in range(load.ROOM):
            inside.enter_context(load.GATE.within(Weight.LOOKS))
        yield


@pytest.mark.parametrize("name", ["public:candidaturas", "party:polizas", "ir_a", "mis_accesos"])
def test_who_looks_is_told_to_come_back(crowded: None, client: Client, db: None, name: str) -> None:
    answer = client.get(reverse(name), {"q": "algo"})
    assert answer.status_code == 503 and answer["Retry-After"] == load.RETRY_AFTER
    assert "Ahora se atiende primero a quien firma" in answer.text
    assert f'http-equiv="refresh" content="{load.RETRY_AFTER}"' in answer.text


@pytest.mark.parametrize("name", ["polizas", "balance", "lots"])
def test_a_program_that_looks_is_told_so_in_the_form_of_its_refusals(
    crowded: None, client: Client, db: None, name: str
) -> None:
    answer = client.get(reverse(f"api:{name}", args=[1]))
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer["Retry-After"] == load.RETRY_AFTER and answer.json()["type"] == "urn:sif:problema:carga"


def test_who_never_entered_makes_nobody_wait_and_who_entered_does(
    scene: Any, enter: Any, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "GATE", Gate())

    def searched() -> int:
        with as_many_as_fit():
            return int(client.get(reverse("public:candidaturas"), {"q": "algo"}).status_code)

    client.cookies[settings.SESSION_COOKIE_NAME] = "inventada"
    for page in ("efirma_marco", "party:firmar"):
        client.get(reverse(page))
        assert searched() == 200
    enter(scene.alicia).get(reverse("party:firmar"))
    assert searched() == 503


def test_who_signs_is_answered_in_the_crowd(crowded: None, scene: Any, enter: Any) -> None:
    scene.post(scene.expense("1,500.25"))
    alicia = enter(scene.alicia)

    def at(name: str, *more: int) -> str:
        return reverse(f"party:{name}", args=[scene.libros.pk, "IC", 1, *more])

    assert alicia.post(at("generar")).status_code == 302
    assert alicia.get(at("informe")).status_code == 200
    assert alicia.post(at("firmar_aqui", 1))["Location"] == at("acuse", 1)
    assert alicia.get(at("acuse", 1)).status_code == 200
    assert alicia.get(reverse("party:polizas")).status_code == 503


def test_where_many_sign_what_arrives_is_kept_and_its_acuse_comes_later(scene: Any, enter: Any) -> None:
    scene.post(scene.expense("1,500.25"))
    alicia, where = enter(scene.alicia), [scene.libros.pk, "IC", 1]
    alicia.post(reverse("party:generar", args=where))
    with ExitStack() as inside:
        for _ in range(load.FULL):
            inside.enter_context(GATE.within(Weight.SIGNS))
        answer = alicia.post(reverse("party:firmar_aqui", args=[*where, 1]), follow=True)
    assert "se recibió" in answer.text and "Espera su acuse" in answer.text
    with everything():
        assert Compromiso.objects.count() == 1 and not Presentacion.objects.exists()
