"""The kinds of the campaign among the auxiliaries to choose: of these books or this subject alone, by key or words."""

from datetime import date

from catalogs.test_campaign_events import RALLY
from catalogs.test_campaign_goods import HOUSE, LAPTOP, LOAN, OWED, PROJECT, SHIRT
from sif.books.services.posting_checks import CATALOGUES
from sif.catalogs.selectors.auxiliaries import SOURCES, auxiliary_choices
from sif.catalogs.services.campaign_debts import register_credito, register_proyecto, register_resolucion_por_pagar
from sif.catalogs.services.campaign_events import cancel_evento, register_evento
from sif.catalogs.services.campaign_goods import cancel_casa, register_activo, register_articulo, register_casa
from small_world import World, world

__all__ = ["world"]


def test_every_catalogue_that_polizas_name_can_be_searched() -> None:
    assert set(CATALOGUES) - set(SOURCES) == {"contabilidad", "contrato"}


def test_each_kind_is_found_in_its_own_books(world: World) -> None:
    made = {
        "evento": register_evento(world.books, RALLY, world.clerk),
        "casa": register_casa(world.books, HOUSE, world.clerk),
        "inventario": register_articulo(world.books, SHIRT, world.clerk),
        "activo_fijo": register_activo(world.books, LAPTOP, world.clerk),
        "credito": register_credito(world.books, LOAN, world.clerk),
        "proyecto": register_proyecto(world.party, PROJECT, world.clerk),
        "resolucion": register_resolucion_por_pagar(world.party, OWED, world.clerk),
    }
    words = {
        "evento": "arranque campana",
        "casa": "morelos",
        "inventario": "pla-01",
        "activo_fijo": "af-001 computadora",
        "credito": "banco",
        "proyecto": "historia",
        "resolucion": "cg1",
    }
    for kind, row in made.items():
        assert [choice.id for choice in auxiliary_choices(kind, world.books, words[kind])] == [row.pk], kind
        assert auxiliary_choices(kind, world.books, "nada parecido") == []
        assert auxiliary_choices(kind, world.foreign, "") == []
    assert auxiliary_choices("evento", world.books, "")[0].detail == f"1, {date(2024, 4, 22):%d/%m/%Y}"


def test_what_was_cancelled_is_not_offered(world: World) -> None:
    cancel_evento(register_evento(world.books, RALLY, world.clerk), "Lluvia", world.clerk)
    cancel_casa(register_casa(world.books, HOUSE, world.clerk), "Se devolvió", world.clerk)
    assert auxiliary_choices("evento", world.books, "") == []
    assert auxiliary_choices("casa", world.books, "") == []
