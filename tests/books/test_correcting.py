"""Correcting: a reversal once only, netting to zero; a transfer on both sides or none."""

from dataclasses import replace
from datetime import date, datetime

import duckdb
import pytest

from sif.audit import freeze
from sif.audit.derived import build_derived
from sif.audit.engine import judge, set_parameters
from sif.books.models import LadoTransferencia, Poliza
from sif.books.selectors import balanza, lines_of, reference_of, saldo_de
from sif.books.services import NewTransfer, PolizaRefused, post_poliza, reverse_poliza, transfer
from sif.ledger import NewLine, NewPoliza, reversal_of
from sif.registry import clock
from sif.registry.models import Contabilidad, IntegranteCoalicion, SujetoObligado
from sif.registry.scope import registering
from sif.registry.services import (
    appoint,
    cancel_contabilidad,
    open_contabilidad,
    register_cuenta_bancaria,
    register_sujeto,
)
from sif.rulebook import load_rules
from sif.rulebook.derived import DERIVED
from sif.rulebook.published import TABLES
from sif.values import Money
from small_world import BANKS, LEAFLETS, ZONE, World


def codes(caught: "pytest.ExceptionInfo[PolizaRefused]") -> list[str]:
    return [problem.codigo for problem in caught.value.problems]


def test_a_reversal_is_negative_cites_the_original_and_both_find_each_other(world: World) -> None:
    posted = post_poliza(world.expense("1000.00"), world.clerk)
    reversal = reverse_poliza(posted, world.clerk, concepto="Se duplicó.")
    assert reversal.concepto == f"Reversión de {reference_of(posted)}. Se duplicó."
    assert [(m.cuenta_id, m.cargo, m.abono) for m in reversal.movimientos.order_by("linea")] == [
        (m.cuenta_id, -m.cargo, -m.abono) for m in posted.movimientos.order_by("linea")
    ]
    assert Poliza.objects.get(pk=posted.pk).reversion == reversal
    assert Poliza.objects.get(pk=reversal.pk).revierte_a == posted
    assert {row.saldo.centavos for row in balanza(world.books.pk)} == {0}
    assert {row.cargos.centavos for row in balanza(world.books.pk)} == {0}  # columns are not inflated


def test_only_once_and_never_a_reversal(world: World) -> None:
    posted = post_poliza(world.expense(), world.clerk)
    reversal = reverse_poliza(posted, world.clerk)
    with pytest.raises(PolizaRefused) as caught:
        reverse_poliza(posted, world.clerk)
    assert codes(caught) == ["revertida"]
    with pytest.raises(PolizaRefused) as caught:
        reverse_poliza(reversal, world.clerk)
    assert "revierte" in codes(caught)


def test_negative_lines_that_are_not_the_mirror_are_refused(world: World) -> None:
    posted = post_poliza(world.expense("1000.00"), world.clerk)
    new = reversal_of(world.expense("10.00"), posted.pk, world.periods[0].pk, "normal", "Reversión")
    with pytest.raises(PolizaRefused) as caught:
        post_poliza(new, world.clerk)
    assert codes(caught) == ["no_es_reflejo"]


def test_a_stranger_reverses_nothing(world: World) -> None:
    posted = post_poliza(world.expense(), world.clerk)
    with pytest.raises(PolizaRefused) as caught:
        reverse_poliza(posted, world.stranger)
    assert codes(caught) == ["ajena"]


def test_a_transfer_in_cash_has_two_mirror_sides(world: World) -> None:
    out, into = transfer(
        NewTransfer(world.books.pk, world.other_books.pk, Money.parse("500.00"), "efectivo", date(2024, 4, 12)),
        world.clerk,
    )
    assert [(line.cuenta, line.cargo, line.abono) for line in lines_of(out)] == [
        ("5-4-01-02-0000", Money(50_000), Money(0)),
        (BANKS, Money(0), Money(50_000)),
    ]
    assert [(line.cuenta, line.cargo, line.abono) for line in lines_of(into)] == [
        (BANKS, Money(50_000), Money(0)),
        ("4-5-01-03-0000", Money(0), Money(50_000)),
    ]
    sides = LadoTransferencia.objects.order_by("pk")
    assert {(side.folio, side.monto) for side in sides} == {
        (f"TR-{world.books.pk}-{world.other_books.pk}-0001", 50_000)
    }
    assert {side.lado for side in sides} == {"salida", "entrada"}
    assert {out.clase, into.clase} == {"transferencia"}


def test_a_transfer_in_kind_moves_the_expense(world: World) -> None:
    post_poliza(world.expense("500.00"), world.clerk)
    new = NewTransfer(
        world.books.pk,
        world.other_books.pk,
        Money.parse("500.00"),
        "especie",
        date(2024, 4, 12),
        world.lines(Money.parse("1.00"))[0],
    )
    transfer(new, world.clerk)
    assert saldo_de(world.books.pk, LEAFLETS, date(2024, 4, 30)) == Money(0)
    assert saldo_de(world.other_books.pk, LEAFLETS, date(2024, 4, 30)) == Money(50_000)


def test_a_transfer_that_fails_on_one_side_leaves_neither(world: World) -> None:
    new = NewTransfer(world.books.pk, world.other_books.pk, Money.parse("500.00"), "efectivo", date(2024, 4, 12))
    for bad in (
        replace(new, monto=Money(0)),
        replace(new, fecha=date(2023, 1, 1)),
        replace(new, forma="especie"),
        replace(new, destino_id=world.foreign.pk),
    ):
        with pytest.raises(PolizaRefused):
            transfer(bad, world.clerk)
    cancel_contabilidad(
        world.other_books, "Un acuerdo", world.auditor
    )  # the way out is sound and the way in is refused
    with pytest.raises(PolizaRefused) as caught:
        transfer(new, world.clerk)
    assert codes(caught) == ["cancelada"]
    assert not Poliza.objects.exists()
    assert not LadoTransferencia.objects.exists()


DAY_AFTER = date(2024, 4, 15)


def union_of(world: World) -> tuple[SujetoObligado, Contabilidad]:
    """Register a coalition of the party from the ninth of April to the fourteenth, with books and a bank account."""
    with clock.at(datetime(2024, 3, 1, 9, tzinfo=ZONE)):
        union = register_sujeto("coalicion", "9", "JUNTOS", "Coalición Juntos")
        with registering():
            IntegranteCoalicion.objects.create(
                coalicion=union, sujeto=world.party, participacion_pb=6_000, desde=date(2024, 4, 9), hasta=DAY_AFTER
            )
        books = open_contabilidad(world.etapa, union, Contabilidad.Clase.CONCENTRADORA)
        register_cuenta_bancaria(books, "002180000000000012", "Banco", date(2024, 3, 1))
        appoint(world.clerk, "responsable_finanzas", union)
    return union, books


@pytest.mark.parametrize("day", [date(2024, 4, 9), date(2024, 4, 14)])
def test_a_party_transfers_to_its_coalition_and_both_books_say_it(world: World, day: date) -> None:
    union, books = union_of(world)
    amount = Money.parse("500.00")
    out, into = transfer(NewTransfer(world.books.pk, books.pk, amount, "efectivo", day), world.clerk)
    assert [(line.cargo, line.abono) for line in lines_of(out)][1] == (Money(0), amount)
    assert lines_of(into)[0].cargo == amount and into.contabilidad.sujeto_id == union.pk
    assert mirrored(world) == ["coincide", "coincide"]
    reverse_poliza(into, world.clerk)
    assert "coincide" not in mirrored(world)  # what one side undoes alone is seen


@pytest.mark.parametrize("back", [True, False])
def test_a_line_by_hand_names_no_books_of_another_subject(world: World, back: bool) -> None:
    """No side would tell TR001 of it: a coalition returned money to its member by a póliza of its own hand."""
    _, books = union_of(world)
    own, other = (books, world.books) if back else (world.books, books)
    bank = own.cuentas_bancarias.get()
    lines = (
        NewLine("5-4-01-02-0000", cargo=Money(100), auxiliar_tipo="contabilidad", auxiliar_id=other.pk),
        NewLine(BANKS, abono=Money(100), auxiliar_tipo="cuenta_bancaria", auxiliar_id=bank.pk),
    )
    new = NewPoliza(own.pk, world.periods[0].pk, "normal", "EG", date(2024, 4, 12), "Devolución", lines)
    with pytest.raises(PolizaRefused) as caught:
        post_poliza(new, world.clerk)
    assert codes(caught) == ["auxiliar"]
    assert f"La contabilidad {other.pk} es de otro sujeto" in str(caught.value) and not Poliza.objects.exists()


def mirrored(world: World) -> list[str]:
    """Return what TR001 says of each side of a transfer of the stage."""
    folder, _ = freeze.freeze_tables(world.etapa, date(2024, 5, 1))
    [rule] = [each for each in load_rules("mx") if each.id == "TR001"]
    with duckdb.connect(":memory:") as engine:
        for name in TABLES:
            engine.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{folder}/{name}.parquet')")
        build_derived(engine, DERIVED, "mx")
        set_parameters(engine, rule.parameters)
        judge(engine, rule)
        return [word for (word,) in engine.execute("SELECT resultado FROM veredicto ORDER BY 1").fetchall()]


@pytest.mark.parametrize("case", ["the day before", "the day after", "back", "another party"])
def test_who_is_no_member_that_day_transfers_nothing(world: World, case: str) -> None:
    _, books = union_of(world)
    day = {"the day before": date(2024, 4, 8), "the day after": DAY_AFTER}.get(case, date(2024, 4, 12))
    ends = {"back": (books.pk, world.books.pk), "another party": (world.foreign.pk, books.pk)}
    origen, destino = ends.get(case, (world.books.pk, books.pk))
    with pytest.raises(PolizaRefused) as caught:
        transfer(NewTransfer(origen, destino, Money(100), "efectivo", day), world.clerk)
    assert codes(caught) == ["transferencia"]
    assert "JUNTOS" in str(caught.value) and not Poliza.objects.exists()
