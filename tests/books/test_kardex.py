"""The kárdex: average cost in whole centavos, stock never below zero on any day, movements never changed."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sif.books.models import MovimientoInventario
from sif.books.services import post_poliza
from sif.books.services.kardex import (
    NewEntrada,
    NewSalida,
    cost_of_exit,
    record_entry,
    record_exit,
    reverse_movement,
    thousandths,
    transfer_stock,
)
from sif.books.services.polizas import PolizaRefused
from sif.books.warehouse import Stock, kardex, note, stock_of
from sif.catalogs.models import Articulo
from sif.catalogs.services.campaign_events import cancel_evento, register_evento
from sif.catalogs.services.campaign_goods import NewArticulo, register_articulo
from sif.ledger import NewLine
from sif.values import Money, Refused, read_thousandths
from small_world import BANKS, World, world

__all__ = ["world"]
SHIRT = NewArticulo("PLA-01", "Playera", "pieza", "utilitaria")


@pytest.fixture
def shirt(world: World) -> Articulo:
    return register_articulo(world.books, SHIRT, world.clerk)


def bought(
    world: World, shirt: Articulo, units: int, centavos: int, day: int = 10, **more: Any
) -> MovimientoInventario:
    return record_entry(
        shirt, NewEntrada(date(2024, 4, day), units * 1000, Money(centavos), "compra", **more), world.clerk
    )


def gone(world: World, shirt: Articulo, units: int, day: int = 12, **more: Any) -> MovimientoInventario:
    place = {"destino": "San Jacinto", **more}
    return record_exit(shirt, NewSalida(date(2024, 4, day), units * 1000, **place), world.clerk)


def codes(act: Callable[[], Any]) -> set[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        act()
    return {(problem.codigo, problem.donde) for problem in refused.value.problems}


def test_exits_go_at_the_weighted_average(world: World, shirt: Articulo) -> None:
    bought(world, shirt, 10, 100_000)
    bought(world, shirt, 20, 290_001)
    assert gone(world, shirt, 7).costo == 91_000  # 390,001 × 7 / 30 = 91,000.23
    lines = [(x.cantidad_milesimas, x.existencia.cantidad_milesimas, x.existencia.valor) for x in kardex(shirt)]
    assert lines == [
        (10_000, 10_000, Money(100_000)),
        (20_000, 30_000, Money(390_001)),
        (-7_000, 23_000, Money(299_001)),
    ]
    assert stock_of(shirt).unitario == Money(13_000)


def test_the_last_exit_takes_every_centavo(world: World, shirt: Articulo) -> None:
    bought(world, shirt, 3, 1_000)
    assert [gone(world, shirt, 1).costo for _ in range(3)] == [333, 334, 333]
    assert stock_of(shirt) == Stock(0, Money(0))


def test_more_than_there_is_does_not_leave(world: World, shirt: Articulo) -> None:
    bought(world, shirt, 5, 5_000, day=10)
    assert codes(lambda: gone(world, shirt, 6)) == {("existencia", "cantidad")}
    assert codes(lambda: gone(world, shirt, 5, day=9)) == {("existencia", "fecha")}
    gone(world, shirt, 5, day=11)
    bought(world, shirt, 5, 5_000, day=14)
    assert codes(lambda: gone(world, shirt, 1, day=12)) == {("existencia", "fecha")}
    assert stock_of(shirt) == Stock(5_000, Money(5_000))


def test_each_wrong_field_is_named(world: World, shirt: Articulo) -> None:
    bought(world, shirt, 5, 5_000, documento="F-1")
    foreign = register_articulo(world.foreign, SHIRT, world.stranger)
    event = register_evento(world.foreign, _rally(), world.stranger)
    assert codes(lambda: bought(world, shirt, 1, 1, documento="F-1")) == {("nota", "documento")}
    assert codes(lambda: bought(world, shirt, 0, -1, day=16)) == {
        ("cantidad", "cantidad"),
        ("importe", "costo"),
        ("fecha", "fecha"),
    }
    assert codes(lambda: gone(world, shirt, 1, destino=" ")) == {("destino", "destino")}
    assert codes(lambda: gone(world, shirt, 1, evento_id=event.pk)) == {("evento", "evento")}
    assert codes(lambda: bought(world, foreign, 1, 1)) == {("sin_permiso", "registro")}
    wrong = NewEntrada(date(2024, 4, 10), 1000, Money(1), "hallazgo", poliza_id=987_654)
    assert codes(lambda: record_entry(shirt, wrong, world.clerk)) == {("opcion", "origen"), ("poliza", "poliza")}


def test_nothing_leaves_for_a_cancelled_event(world: World, shirt: Articulo) -> None:
    bought(world, shirt, 5, 5_000)
    event = register_evento(world.books, _rally(), world.clerk)
    assert gone(world, shirt, 1, evento_id=event.pk, destino="").evento == event
    cancel_evento(event, "Lluvia", world.clerk)
    assert codes(lambda: gone(world, shirt, 1, evento_id=event.pk)) == {("evento", "evento")}


def test_notes_are_numbered_and_hold_several_articles(world: World, shirt: Articulo) -> None:
    cap = register_articulo(world.books, NewArticulo("GOR-01", "Gorra", "pieza", "utilitaria"), world.clerk)
    first = bought(world, shirt, 5, 5_000)
    assert first.documento == f"NE-{world.books.pk}-0001"
    assert bought(world, cap, 5, 5_000, documento=first.documento).documento == first.documento
    assert bought(world, cap, 5, 5_000).documento == f"NE-{world.books.pk}-0002"
    assert len(note(world.books.pk, "entrada", first.documento)) == 2
    assert gone(world, cap, 1).documento == f"NS-{world.books.pk}-0001"


def test_a_movement_is_undone_at_its_own_cost(world: World, shirt: Articulo) -> None:
    first = bought(world, shirt, 10, 1_001)
    out = gone(world, shirt, 3)
    assert codes(lambda: reverse_movement(first, "Error", world.clerk)) == {("existencia", "registro")}
    assert codes(lambda: reverse_movement(out, " ", world.clerk)) == {("falta", "motivo")}
    back = reverse_movement(out, "No se usaron", world.clerk)
    assert (back.tipo, back.cantidad_milesimas, back.costo) == ("salida", -3_000, -300)
    assert stock_of(shirt) == Stock(10_000, Money(1_001))
    assert codes(lambda: reverse_movement(out, "Otra vez", world.clerk)) == {("revertido", "registro")}
    assert codes(lambda: reverse_movement(back, "Otra vez", world.clerk)) == {("revertido", "registro")}
    reverse_movement(first, "Factura de otro", world.clerk)
    assert stock_of(shirt) == Stock(0, Money(0))


def test_goods_move_between_books_of_a_subject_or_stay(world: World, shirt: Articulo) -> None:
    there = register_articulo(world.other_books, SHIRT, world.clerk)
    bought(world, shirt, 3, 1_000)
    out, entered = transfer_stock(shirt, there, NewSalida(date(2024, 4, 12), 2_000), world.clerk)
    assert (out.costo, entered.costo, entered.documento, entered.origen) == (667, 667, out.documento, "transferencia")
    assert (stock_of(shirt).valor, stock_of(there).valor) == (Money(333), Money(667))
    assert codes(lambda: transfer_stock(shirt, there, NewSalida(date(2024, 4, 12), 9_000), world.clerk)) == {
        ("existencia", "cantidad")
    }
    foreign = register_articulo(world.foreign, SHIRT, world.stranger)
    assert codes(lambda: transfer_stock(shirt, foreign, NewSalida(date(2024, 4, 12), 1), world.clerk)) == {
        ("destino", "destino")
    }


def test_the_database_refuses_to_change_a_movement(world: World, shirt: Articulo) -> None:
    moved = bought(world, shirt, 3, 1_000)
    with pytest.raises(DatabaseError), transaction.atomic():
        MovimientoInventario.objects.filter(pk=moved.pk).update(costo=1)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 10**9), st.integers(0, 10**11)), min_size=1, max_size=40))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_value_never_goes_astray(moves: list[tuple[bool, int, int]]) -> None:
    """Whatever the sequence, no exit costs more than there is, and nothing held is worth nothing."""
    quantity, value = 0, 0
    for enters, amount, cost in moves:
        if enters:
            quantity, value = quantity + amount, value + cost
            continue
        leaving = min(amount, quantity)
        if leaving:
            went = cost_of_exit(Stock(quantity, Money(value)), leaving).centavos
            assert 0 <= went <= value
            assert abs(went * quantity - value * leaving) * 2 <= quantity
            quantity, value = quantity - leaving, value - went
        assert quantity > 0 or value == 0


@pytest.mark.parametrize(("text", "quantity"), [("1,500.25", 1_500_250), ("2", 2_000), (".5", 500), ("0.001", 1)])
def test_quantities_are_read_and_written(text: str, quantity: int) -> None:
    assert read_thousandths(text) == quantity
    assert read_thousandths(thousandths(quantity)) == quantity


@pytest.mark.parametrize("text", ["", ".", "1.0005", "-1", "uno", "1.2.3", "½"])
def test_what_is_not_a_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no es una cantidad"):
        read_thousandths(text)


def test_polizas_name_articles_of_their_own_books(world: World, shirt: Articulo) -> None:
    amount = Money(100_000)

    def goods(number: int) -> Any:
        lines = (
            NewLine("1-1-06-02-0000", cargo=amount, auxiliar_tipo="inventario", auxiliar_id=number),
            NewLine(BANKS, abono=amount, auxiliar_tipo="cuenta_bancaria", auxiliar_id=world.bank.pk),
        )
        return world.expense(lineas=lines)

    assert post_poliza(goods(shirt.pk), world.clerk).total == 100_000
    theirs = register_articulo(world.other_books, SHIRT, world.clerk)
    with pytest.raises(PolizaRefused) as refused:
        post_poliza(goods(theirs.pk), world.clerk)
    assert [problem.codigo for problem in refused.value.problems] == ["auxiliar"]


def _rally() -> Any:
    from catalogs.test_campaign_events import RALLY

    return RALLY
