"""Correcting: a reversal once only, netting to zero; a transfer on both sides or none."""

from dataclasses import replace
from datetime import date

import pytest

from sif.books.models import LadoTransferencia, Poliza
from sif.books.selectors import balanza, lines_of, reference_of, saldo_de
from sif.books.services import NewTransfer, PolizaRefused, post_poliza, reverse_poliza, transfer
from sif.ledger import reversal_of
from sif.registry.services import cancel_contabilidad
from sif.values import Money
from small_world import BANKS, LEAFLETS, World


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
