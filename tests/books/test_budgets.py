"""Budgets: approved and amended by account or project, compared with what the books accrued, each wrong field named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from sif.books.accounts import accounts_of
from sif.books.models import PartidaPresupuesto
from sif.books.services import post_poliza, reverse_poliza
from sif.books.services.presupuesto import (
    NewPartida,
    NewTraspaso,
    record_partida,
    spending_accounts,
    transfer_partida,
)
from sif.catalogs.services.campaign_debts import NewProyecto, register_proyecto
from sif.ledger import NewLine
from sif.registry import clock
from sif.registry.scope import only
from sif.statements.asked import Asked
from sif.statements.catalog import REPORTS
from sif.values import Money, Refused
from sif.values.money import MOST
from small_world import BANKS, LEAFLETS, PAYABLE, PETROL, ZONE, World, world
from statements.operations import post

__all__ = ["world"]
PRINTED, TRAVEL, COURSES = "5-5-01-00-0000", "5-5-03-00-0000", "5-1-50-00-0000"
BUDGET = NewPartida(PRINTED, Money(500_000), date(2024, 4, 1), "Comité, sesión 3")
PROJECT = NewProyecto("AE-1", "Curso de oratoria", "actividades_especificas", 2024)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with clock.at(datetime(2024, 4, 15, 12, tzinfo=ZONE)):
        yield


def codes(act: Callable[[], Any]) -> set[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        act()
    return {(problem.codigo, problem.donde) for problem in refused.value.problems}


def exercised(world: World, **asked: Any) -> dict[tuple[str, str], tuple[int, ...]]:
    rows = REPORTS["presupuesto"].filas(Asked((world.books.pk,), **asked))
    figures = "aprobado", "modificado", "acumulado", "por_ejercer"
    found = {
        (str(line.celdas["cuenta"]), str(line.celdas["proyecto"])): tuple(line.celdas[key].centavos for key in figures)  # type: ignore[attr-defined]
        for line in rows
    }
    for place, key in enumerate(figures):
        assert rows.totals()[key] == Money(sum(each[place] for each in found.values()))
    return found


def test_what_is_accrued_is_set_beside_what_was_approved_and_amended(world: World) -> None:
    record_partida(world.books, BUDGET, world.clerk)
    post(world, LEAFLETS, PAYABLE, 120_000)
    assert exercised(world) == {(PRINTED, ""): (500_000, 500_000, 120_000, 380_000)}
    record_partida(world.books, replace(BUDGET, monto=Money(100_000), acuerdo="Sesión 4"), world.clerk)
    assert exercised(world) == {(PRINTED, ""): (500_000, 100_000, 120_000, -20_000)}
    (line,) = REPORTS["presupuesto"].filas(Asked((world.books.pk,)))
    assert line.celdas["ejercido"] == 12_000
    assert line.ligas["devengado"].filtros["cuenta"] == PRINTED


def test_what_nobody_budgeted_and_what_was_undone(world: World) -> None:
    record_partida(world.books, BUDGET, world.clerk)
    undone = post(world, LEAFLETS, PAYABLE, 40_000)
    reverse_poliza(undone, world.clerk)
    post(world, PETROL, BANKS, 7_000)
    assert exercised(world) == {
        (PRINTED, ""): (500_000, 500_000, 0, 500_000),
        (PETROL, ""): (0, 0, 7_000, -7_000),
    }
    assert exercised(world, hasta=date(2024, 4, 9)) == {(PRINTED, ""): (500_000, 500_000, 0, 500_000)}


def test_the_state_of_a_day_is_what_was_approved_and_spent_until_then(world: World) -> None:
    record_partida(world.books, BUDGET, world.clerk)
    post(world, LEAFLETS, PAYABLE, 450_000, date(2024, 4, 5))
    post(world, LEAFLETS, PAYABLE, 30_000, date(2024, 4, 11))
    later = replace(BUDGET, monto=Money(900_000), aprobada_el=date(2024, 4, 12))
    record_partida(world.books, later, world.clerk)
    asked = {"desde": date(2024, 4, 10), "hasta": date(2024, 4, 11)}
    assert exercised(world, **asked) == {(PRINTED, ""): (500_000, 500_000, 480_000, 20_000)}
    (line,) = REPORTS["presupuesto"].filas(Asked((world.books.pk,), **asked))
    assert line.celdas["devengado"] == Money(30_000)
    assert line.celdas["modificado_el"] is None
    (line,) = REPORTS["presupuesto"].filas(Asked((world.books.pk,)))
    days = [line.celdas[key] for key in ("aprobado_el", "registrado_el", "modificado_el")]
    assert days == [date(2024, 4, 1), date(2024, 4, 15), date(2024, 4, 12)]
    assert exercised(world, hasta=date(2024, 3, 31)) == {}


def test_a_transfer_and_a_fine_are_no_spending(world: World) -> None:
    chart = accounts_of(world.books)
    moved = next(code for code, each in chart.items() if code.startswith("5-4-") and each.capturable)
    assert {moved, "5-1-11-00-0000", "5-1-12-00-0000"}.isdisjoint(spending_accounts(chart))
    assert {"5-1-00-00-0000", "5-5-00-00-0000", LEAFLETS} <= set(spending_accounts(chart))
    lines = (
        NewLine(moved, cargo=Money(70_000), auxiliar_tipo="contabilidad", auxiliar_id=world.other_books.pk),
        NewLine(BANKS, abono=Money(70_000), auxiliar_tipo="cuenta_bancaria", auxiliar_id=world.bank.pk),
    )
    post_poliza(world.expense(lineas=lines), world.clerk)
    assert exercised(world) == {}
    assert codes(lambda: record_partida(world.books, replace(BUDGET, cuenta=moved), world.clerk)) == {
        ("cuenta", "cuenta")
    }


def test_a_project_of_the_yearly_programme_has_its_own_line(world: World) -> None:
    project = register_proyecto(world.party, PROJECT, world.clerk)
    other = register_proyecto(world.party, replace(PROJECT, clave="AE-2", nombre="Revista"), world.clerk)
    record_partida(world.books, replace(BUDGET, cuenta=COURSES, proyecto_id=project.pk), world.clerk)
    record_partida(world.books, replace(BUDGET, cuenta=COURSES, monto=Money(90_000)), world.clerk)
    for each, amount in ((project, 30_000), (other, 20_000)):
        lines = (
            NewLine(COURSES, cargo=Money(amount), auxiliar_tipo="proyecto", auxiliar_id=each.pk),
            NewLine(PAYABLE, abono=Money(amount), auxiliar_tipo="proveedor", auxiliar_id=world.supplier.pk),
        )
        post_poliza(world.expense(lineas=lines), world.clerk)
    assert exercised(world) == {
        (COURSES, ""): (90_000, 90_000, 20_000, 70_000),
        (COURSES, "AE-1 Curso de oratoria"): (500_000, 500_000, 30_000, 470_000),
    }


def test_each_wrong_field_is_named(world: World) -> None:
    record_partida(world.books, BUDGET, world.clerk)
    project = register_proyecto(world.party, PROJECT, world.clerk)
    foreign = register_proyecto(world.rival, replace(PROJECT, clave="R-1"), world.stranger)

    def refused(**changes: Any) -> set[tuple[str, str]]:
        return codes(lambda: record_partida(world.books, replace(BUDGET, **changes), world.clerk))

    assert refused(cuenta=BANKS) == {("cuenta", "cuenta")}
    assert refused(cuenta="5-9-99-99-9999") == {("cuenta", "cuenta")}
    assert refused(cuenta=LEAFLETS) == {("traslape", "cuenta")}  # within what was budgeted
    assert refused(cuenta="5-5-00-00-0000") == {("traslape", "cuenta")}  # what holds it
    assert refused(proyecto_id=project.pk) == {("proyecto", "proyecto_id")}
    assert refused(cuenta=COURSES, proyecto_id=foreign.pk) == {("proyecto", "proyecto_id")}
    before = register_proyecto(world.party, replace(PROJECT, anio=2023), world.clerk)
    assert refused(cuenta=COURSES, proyecto_id=before.pk) == {("proyecto", "proyecto_id")}
    assert refused(cuenta=TRAVEL, monto=Money(0)) == {("importe", "monto")}
    assert refused(monto=Money(-1)) == {("importe", "monto")}
    assert refused(monto=Money(MOST + 1)) == {("importe", "monto")}
    assert refused() == {("repetido", "monto")}  # sent twice
    assert refused(aprobada_el=date(2024, 4, 16)) == {("fecha", "aprobada_el")}
    assert refused(aprobada_el=date(2024, 3, 31)) == {("fecha", "aprobada_el")}  # before what it amends
    assert refused(acuerdo=" ", monto=Money(-1)) == {("falta", "acuerdo"), ("importe", "monto")}
    assert refused(acuerdo="a" * 161) == {("largo", "acuerdo")}
    assert refused(acuerdo="a\x01") == {("caracteres", "acuerdo")}
    assert PartidaPresupuesto.objects.count() == 1
    assert record_partida(world.books, replace(BUDGET, monto=Money(0)), world.clerk).monto == 0  # taken back


def test_nobody_else_records_or_sees_it_and_none_changes(world: World) -> None:
    kept = record_partida(world.books, BUDGET, world.clerk)
    for by in (world.stranger, world.auditor):
        assert codes(lambda by=by: record_partida(world.books, BUDGET, by)) == {("sin_permiso", "registro")}  # type: ignore[misc]
    with only([world.foreign.pk]):
        assert not PartidaPresupuesto.objects.exists()
    with only([world.books.pk]):
        assert PartidaPresupuesto.objects.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        PartidaPresupuesto.objects.filter(pk=kept.pk).update(monto=1)


# An amount moves between lines ----------------------------------------------------------------------------------------


def moved(line: PartidaPresupuesto, **changes: Any) -> NewTraspaso:
    return replace(NewTraspaso(line.pk, TRAVEL, Money(120_000), date(2024, 4, 10), "Comité, sesión 5"), **changes)


def test_an_amount_moves_to_a_line_that_stands_and_to_one_that_begins(world: World) -> None:
    printed = record_partida(world.books, BUDGET, world.clerk)
    transfer_partida(world.books, moved(printed), world.clerk)
    assert exercised(world) == {
        (PRINTED, ""): (500_000, 380_000, 0, 380_000),
        (TRAVEL, ""): (0, 120_000, 0, 120_000),  # nothing was approved there: what was approved in all is as it was
    }
    travel = PartidaPresupuesto.objects.filter(cuenta=TRAVEL).latest("pk")
    transfer_partida(world.books, moved(travel, cuenta=PRINTED, monto=Money(120_000)), world.clerk)
    assert exercised(world) == {(PRINTED, ""): (500_000, 500_000, 0, 500_000), (TRAVEL, ""): (0, 0, 0, 0)}
    rows = PartidaPresupuesto.objects.order_by("pk").values_list("cuenta", "monto", "acuerdo")
    assert list(rows) == [
        (PRINTED, 500_000, "Comité, sesión 3"),
        (PRINTED, 380_000, "Comité, sesión 5"),
        (TRAVEL, 0, "Comité, sesión 5"),
        (TRAVEL, 120_000, "Comité, sesión 5"),
        (TRAVEL, 0, "Comité, sesión 5"),
        (PRINTED, 500_000, "Comité, sesión 5"),
    ]


def test_an_older_row_of_the_line_gives_what_the_line_has_now(world: World) -> None:
    first = record_partida(world.books, BUDGET, world.clerk)
    record_partida(world.books, replace(BUDGET, monto=Money(100_000), acuerdo="Sesión 4"), world.clerk)
    assert codes(lambda: transfer_partida(world.books, moved(first), world.clerk)) == {("importe", "monto")}
    transfer_partida(world.books, moved(first, monto=Money(100_000)), world.clerk)
    assert exercised(world)[PRINTED, ""] == (500_000, 0, 0, 0)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"origen_id": 987_654}, {("origen", "origen_id")}),
        ({"cuenta": PRINTED}, {("repetido", "cuenta")}),
        ({"cuenta": LEAFLETS}, {("traslape", "cuenta")}),
        ({"cuenta": BANKS}, {("cuenta", "cuenta")}),
        ({"monto": Money(500_001)}, {("importe", "monto")}),
        ({"monto": Money(0)}, {("importe", "monto")}),
        ({"monto": Money(-1)}, {("importe", "monto")}),
        ({"aprobada_el": date(2024, 4, 16)}, {("fecha", "aprobada_el")}),
        ({"aprobada_el": date(2024, 3, 31)}, {("fecha", "aprobada_el")}),
        ({"acuerdo": " "}, {("falta", "acuerdo")}),
        ({"proyecto_id": 987_654}, {("proyecto", "proyecto_id")}),
    ],
)
def test_each_wrong_field_of_a_transfer_is_named_and_nothing_moves(
    world: World, changes: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    printed = record_partida(world.books, BUDGET, world.clerk)
    said = codes(lambda: transfer_partida(world.books, moved(printed, **changes), world.clerk))
    assert said >= expected
    assert PartidaPresupuesto.objects.get() == printed
