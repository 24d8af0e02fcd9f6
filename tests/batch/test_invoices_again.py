"""An invoice pays for one expense, whichever door brings it: inbox, lot, direct load or another program."""

from typing import Any

import pytest

from batch.lots import HEAD, csv_of, poliza_rows
from books.invoices import authority, invoice, mint
from sif.batch.direct_load import load_direct
from sif.batch.models import Lote, PeticionApi
from sif.batch.programs import Envio, FilasRefused, post_from_program
from sif.batch.services import apply_lote, choose, fix_cells, receive_lote
from sif.books.models import Poliza
from sif.books.selectors import reference_of
from sif.books.services import (
    Correction,
    Support,
    attach_evidencia,
    post_borrador,
    post_poliza,
    receive_cfdi,
    rerecord,
    reverse_poliza,
    save_borrador,
    store_file,
)
from sif.books.services.posting_checks import Desk, review
from sif.registry import clock
from sif.values import Money, Refused
from small_world import BANKS, LEAFLETS, PAYABLE, World, world

__all__ = ["authority", "invoice", "mint", "world"]
FOLIO = "0A1B2C3D-0000-4000-8000-00000000ABCD"
TOTAL = "1160.00"


@pytest.fixture
def number(world: World, invoice: Any) -> int:
    """The invoice of 1,160 pesos in the inbox, by its number."""
    kept = receive_cfdi(invoice(), "f.xml", world.books, world.clerk).comprobante
    assert kept is not None
    return int(kept.pk)


def citing(number: int, pesos: str = TOTAL, **changes: str) -> list[list[str]]:
    """The rows of an expense that cites it."""
    return poliza_rows(number, pesos, LEAFLETS, PAYABLE, uuid_cfdi=FOLIO, **changes)


def loaded(world: World, *rows: list[str], name: str = "polizas.csv") -> Lote:
    """A lot of those rows."""
    return receive_lote(world.books, "polizas", (name, [csv_of(*rows)]), world.clerk).lote


def told(lote: Lote) -> list[tuple[int, str, str]]:
    """Its problems: row, column and code."""
    return [(row.fila, p["columna"], p["codigo"]) for row in lote.filas.order_by("fila") for p in row.problemas]


@pytest.mark.usefixtures("number")
def test_the_same_invoice_twice_in_a_lot_is_told_at_its_cell_and_nothing_is_posted(world: World) -> None:
    lote = loaded(world, *citing(1), *citing(2))
    assert told(lote) == [(4, "uuid_cfdi", "ya_usado")]
    (problem,) = lote.filas.get(fila=4).problemas
    first = f"El CFDI {FOLIO} ya ampara 1,160.00 en otra póliza de este mismo envío"
    assert problem["mensaje"] == f"{first}; con 1,160.00 más pasa de su total, 1,160.00."
    with pytest.raises(Refused, match="no se aplicó nada"):
        apply_lote(lote, world.clerk)
    assert not Poliza.objects.exists()
    choose(lote, ["P-002"], False, world.clerk)
    assert apply_lote(lote, world.clerk).cosas == 1
    (posted,) = Poliza.objects.all()
    again = loaded(world, *citing(3), name="otra.csv")
    assert told(again) == [(2, "uuid_cfdi", "ya_usado")]
    assert f"1,160.00 en {reference_of(posted)}" in again.filas.get(fila=2).problemas[0]["mensaje"]


@pytest.mark.usefixtures("number")
def test_an_invoice_is_shared_out_up_to_its_total(world: World) -> None:
    lote = loaded(world, *citing(1, "500.00"), *citing(2, "660.00"), *citing(3, "0.01"))
    assert told(lote) == [(6, "uuid_cfdi", "ya_usado")]
    fix_cells(lote, 6, {"uuid_cfdi": ""}, world.clerk)
    assert apply_lote(lote, world.clerk).cosas == 3


@pytest.mark.usefixtures("number")
def test_a_cell_mended_into_a_repetition_is_told_when_the_lot_is_applied(world: World) -> None:
    lote = loaded(world, *citing(1), *poliza_rows(2, TOTAL, LEAFLETS, PAYABLE))
    fix_cells(lote, 4, {"uuid_cfdi": FOLIO}, world.clerk)
    with pytest.raises(Refused, match="ya ampara"):
        apply_lote(lote, world.clerk)
    assert told(lote) == [(4, "uuid_cfdi", "ya_usado")]
    assert not Poliza.objects.exists()


@pytest.mark.usefixtures("number")
def test_a_file_posted_as_it_is_read_and_a_program_hear_the_same(world: World) -> None:
    with pytest.raises(Refused) as refused:
        load_direct(world.books, ("p.csv", [csv_of(*citing(1), *citing(2))]), world.clerk)
    assert [(p.codigo, p.donde) for p in refused.value.problems] == [("ya_usado", "fila 4, uuid_cfdi")]
    rows = [dict(zip(HEAD, row, strict=True)) for row in (*citing(1), *citing(2))]
    with pytest.raises(FilasRefused) as heard:
        post_from_program(world.books, Envio(rows, "k1", "a" * 64), world.clerk)
    assert [(row, key, p.codigo, p.donde) for row, key, p in heard.value.filas] == [
        (3, "P-002", "ya_usado", "uuid_cfdi")
    ]
    assert not Poliza.objects.exists() and not PeticionApi.objects.exists()


def test_a_draft_hears_it_too_and_what_was_reversed_serves_again(world: World, number: int) -> None:
    support = Support(comprobantes=((number, Money.parse(TOTAL)),))
    one, other = (save_borrador(world.books, {"lineas": []}, world.clerk) for _ in range(2))
    posted = post_borrador(one, world.expense(TOTAL), world.clerk, support=support)
    with pytest.raises(Refused) as refused:
        post_borrador(other, world.expense(TOTAL), world.clerk, support=support)
    assert [(p.codigo, p.donde) for p in refused.value.problems] == [("ya_usado", f"CFDI {FOLIO}")]
    replaced = Desk(world.books, world.clerk, clock.now(), replaced=frozenset({posted.pk}))
    assert not review(replaced, world.expense(TOTAL), support)  # what is about to be reversed
    right = rerecord(
        Correction(posted, "Importe mal escrito", b"%PDF-1.7 original"),
        world.expense(TOTAL),
        world.clerk,
        support=support,
    ).nueva
    reverse_poliza(right, world.clerk)
    assert post_borrador(other, world.expense(TOTAL), world.clerk, support=support).pk


@pytest.mark.usefixtures("number")
def test_who_pays_may_cite_the_invoice_that_the_expense_used(world: World) -> None:
    assert apply_lote(loaded(world, *citing(1)), world.clerk).cosas == 1
    bank = str(world.bank.pk)
    debit, credit = poliza_rows(2, TOTAL, PAYABLE, BANKS, uuid_cfdi=FOLIO)
    credit[HEAD.index("auxiliar_tipo")], credit[HEAD.index("auxiliar_id")] = "cuenta_bancaria", bank
    for row in (debit, credit):
        row[HEAD.index("subtipo")] = "EG"
    assert apply_lote(loaded(world, debit, credit, name="pago.csv"), world.clerk).cosas == 1


def test_what_other_books_use_is_refused_beyond_its_total(world: World, invoice: Any, number: int) -> None:
    theirs = receive_cfdi(invoice(), "f.xml", world.foreign, world.stranger).comprobante
    assert theirs is not None and theirs.pk == number
    rival = world.expense("1000.00", contabilidad_id=world.foreign.pk)
    post_poliza(rival, world.stranger, support=Support(comprobantes=((number, Money.parse("1000.00")),)))
    lote = loaded(world, *citing(1, "160.00"), *citing(2, "160.01"))
    assert told(lote) == [(4, "uuid_cfdi", "ya_usado")]
    assert "de otra contabilidad" in lote.filas.get(fila=4).problemas[0]["mensaje"]
    with pytest.raises(Refused) as refused:
        load_direct(world.books, ("q.csv", [csv_of(*citing(2, "160.01"))]), world.clerk)
    assert [(p.codigo, p.donde) for p in refused.value.problems] == [("ya_usado", "fila 2, uuid_cfdi")]
    alone = Support(comprobantes=((number, Money.parse("160.01")),))
    assert post_poliza(world.expense("160.01"), world.clerk, support=alone).pk  # a person who has read why


@pytest.mark.usefixtures("number")
def test_one_attached_to_a_poliza_by_hand_is_told_in_a_lot_too(world: World, invoice: Any) -> None:
    first = post_poliza(world.expense(TOTAL), world.clerk)
    attach_evidencia(first, "xml", "f.xml", store_file(invoice()), world.clerk)
    lote = loaded(world, *citing(1))
    assert told(lote) == [(2, "uuid_cfdi", "ya_adjunto")]


def test_of_two_invoices_of_a_poliza_the_cell_of_the_repeated_one_is_told(world: World, invoice: Any) -> None:
    other = "1B1B2C3D-0000-4000-8000-00000000ABCD"
    for folio in (FOLIO, other):
        receive_cfdi(invoice(uuid=folio), f"{folio}.xml", world.books, world.clerk)
    assert apply_lote(loaded(world, *citing(1)), world.clerk).cosas == 1
    header, again = citing(2, "100.00"), citing(2, "1160.00")
    header[0][HEAD.index("uuid_cfdi")] = other
    rows = [header[0], again[0], again[1], header[1]]
    assert told(loaded(world, *rows, name="dos.csv")) == [(3, "uuid_cfdi", "ya_usado")]
