"""A review in course moves nothing that the public reads: no page, file or answer changes with what it finds."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from disclosure.acts import published
from kept import keeps
from proceedings.world import World, at, campaign_of_2018
from sif.audit.models import Cobertura
from sif.disclosure.content import published_key
from sif.disclosure.models import PublicacionPropuesta
from sif.disclosure.open_files import WRITERS
from sif.proceedings.models import Resolucion
from sif.registry.scope import everything
from sif.web.public.rulebook import known_rules
from web.walk import pages

NOON, RULE = "2018-08-06 12:00", "TO001"


@pytest.fixture
@keeps(campaign_of_2018)
def world(world_of: Any) -> World:
    return world_of(campaign_of_2018)


def _addresses(key: str) -> list[str]:
    """Every address of the public desk, with a value for each of its parts."""
    archivos = sorted(key for key, form in WRITERS if form == "csv")
    values = {
        "kind": ["csv"],
        "numero": ["8802", "8803"],
        "clave": sorted(known_rules("mx")),
        "proceso": [key],
        "archivo": archivos,
        "forma": ["csv"],
        "pk": ["1"],
        "referencia": ["LGPP-63.1.a", "RF-46.1"],
        "sha256": ["0" * 64],
    }
    found = []
    for page in pages():
        if page.name.startswith("public:") or page.name in ("articulo", "salud", "accesibilidad"):
            filled = [{}] if not page.parts else []
            if page.parts:
                first, *rest = page.parts
                filled = [
                    {first: one, **{part: each for part, (each, *_) in ((p, values[p]) for p in rest)}}
                    for one in values[first]
                ]
            if rest_of := [part for part in page.parts if part == "archivo"]:
                filled = [{**filled[0], rest_of[0]: each} for each in values["archivo"]]
            found += [page.address(each) for each in filled]
    assert len(found) > 60
    return found


def _body(answer: Any) -> bytes:
    return answer.getvalue() if answer.streaming else answer.content


def _seen(world: World, *asked: str) -> dict[str, bytes]:
    """What a visitor reads at those addresses, or at each, with the stage published at one instant with its figures."""
    visitor = Client(headers={"accept-language": "es-MX"})
    with at(NOON):
        with everything():
            published(world)
        return {path: _body(visitor.get(path)) for path in asked or _addresses(published_key(world.etapa))}


def _ran(world: World) -> None:
    Cobertura.objects.create(
        corrida=world.corrida,
        regla="CF001",
        contabilidad=world.contabilidades[0],
        juzgadas=76_543,
        hallazgo=7_919,
        cumple=60_000,
        no_aplica=8_000,
        sin_dato=624,
        monto_hallazgo=100,
    )
    world.hallazgo("50,000.00", RULE)


def _observed(world: World) -> None:
    world.observacion([world.hallazgo("50,000.00", RULE)], criterio="rebase_tope")
    world.oficio()


def _drawn(world: World) -> None:
    world.dictamen()
    world.resolucion()


def _rejected(world: World) -> None:
    world.voted(1, 4)


def test_nothing_public_changes_with_a_review_in_course(world: World) -> None:
    before = _seen(world)
    for times, advance in enumerate((_ran, _observed, _drawn, _rejected), 1):
        with everything():
            advance(world)
        with at(NOON), everything():  # the same figures, but for the act that publishes them again
            assert PublicacionPropuesta.objects.count() == times
        after = _seen(world)
        assert {path for path in before if before[path] != after[path]} == set(), advance.__name__


def test_what_was_voted_is_counted_by_rule(world: World) -> None:
    rules, rule = reverse("public:reglas"), reverse("public:regla", args=[RULE])
    before = _seen(world, rules, rule)
    with everything():
        for advance in (_ran, _observed, _drawn):
            advance(world)
        world.voted(4, 1)
        assert Resolucion.objects.get().sanciones.count() == 1
    after = _seen(world, rules, rule)
    assert before[rule] != after[rule]
    page = after[rules].decode()
    assert "sancionó 1 conclusión" in page and "7,919" not in page and "76,543" not in page
