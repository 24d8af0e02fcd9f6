"""Lots of pólizas: received, corrected, posted whole or not at all, and never twice."""

from typing import Any

import pytest

from batch.lots import HEAD, csv_of, poliza_rows, xlsx_of
from books.invoices import authority, invoice, mint
from sif.batch.models import FilaLote, Lote, PolizaCargada
from sif.batch.selectors import counts_of, things_page
from sif.batch.services import apply_lote, choose, discard_lote, fix_cells, keep_lote, read_lote, receive_lote
from sif.books.models import Poliza
from sif.books.selectors import verify_chain
from sif.books.services import attach_evidencia, post_poliza, receive_cfdi, set_aside, store_file
from sif.values import Refused
from small_world import LEAFLETS, PAYABLE, World, world

__all__ = ["authority", "invoice", "mint", "world"]
FOLIO = "0A1B2C3D-0000-4000-8000-00000000ABCD"


def lines(number: int, pesos: str = "100.00", **changes: str) -> list[list[str]]:
    """The two rows of a sound póliza of the world."""
    return poliza_rows(number, pesos, LEAFLETS, PAYABLE, **changes)


def load(world: World, data: bytes, name: str = "polizas.csv") -> Lote:
    """Receive it as pólizas of the world's books."""
    return receive_lote(world.books, "polizas", (name, [data]), world.clerk).lote


def test_thirty_polizas_with_five_bad_rows_are_cured_posted_and_loading_again_changes_nothing(world: World) -> None:
    bad = {
        3: {"cargo": "100.005"},
        7: {"fecha_operacion": "31/02/2024"},
        11: {"cuenta": "5-5-99-99-9999"},
        15: {"auxiliar_id": "NADIE"},
        20: {"cargo": "90.00"},
    }
    data = xlsx_of(*(row for n in range(1, 31) for row in lines(n, **bad.get(n, {}))))
    lote = load(world, data, "abril.xlsx")
    counts = counts_of(lote)
    assert (counts.filas, counts.cosas, counts.malas) == (60, 30, 5)
    told = {(row.fila, p["columna"], p["codigo"]) for row in lote.filas.exclude(problemas=[]) for p in row.problemas}
    assert {(6, "cargo", "importe"), (14, "fecha_operacion", "fecha"), (22, "cuenta", "cuenta_desconocida")} <= told
    assert {(30, "auxiliar_id", "auxiliar"), (41, "cargo", "no_cuadra")} <= told
    with pytest.raises(Refused, match="no se aplicó nada"):
        apply_lote(lote, world.clerk)
    assert not Poliza.objects.exists()
    for fila, cells in {
        6: {"cargo": "100"},
        14: {"fecha_operacion": "28/02/2024"},
        22: {"cuenta": LEAFLETS},
        30: {"auxiliar_id": "ipr150312q47"},
        40: {"cargo": "$100.00"},
    }.items():
        fix_cells(lote, fila, cells, world.clerk)
    told = [(row.fila, p["columna"], p["codigo"]) for row in lote.filas.exclude(problemas=[]) for p in row.problemas]
    assert told == [(14, "fecha_operacion", "fecha_fuera")]
    fix_cells(lote, 14, {"fecha_operacion": "10/04/2024"}, world.clerk)
    assert counts_of(lote).malas == 0
    assert apply_lote(lote, world.clerk).cosas == 30
    assert Poliza.objects.filter(contabilidad=world.books).count() == 30
    assert verify_chain(world.books.pk) is None
    assert things_page(lote, 1, 50)[2].resultado == "PN1/DR-3/ABR-2024; ID " + str(world.books.pk)
    again = receive_lote(world.books, "polizas", ("otro nombre.xlsx", [data]), world.clerk)
    assert (again.nuevo, again.lote.pk) == (False, lote.pk)
    with pytest.raises(Refused, match="nada cambió"):
        apply_lote(lote, world.clerk)
    assert Poliza.objects.count() == 30


def test_loading_a_corrected_lot_again_leaves_its_corrections(world: World) -> None:
    data = csv_of(*poliza_rows(1, "100.00", LEAFLETS, PAYABLE))
    lote = receive_lote(world.books, "polizas", ("abril.csv", [data]), world.clerk).lote
    fix_cells(lote, 2, {"descripcion": "Volantes del cierre"}, world.clerk)
    choose(lote, ["P-001"], False, world.clerk)
    again = receive_lote(world.books, "polizas", ("abril.csv", [data]), world.clerk)
    read_lote(Lote.objects.get(pk=lote.pk), world.clerk)
    row = lote.filas.get(fila=2)
    assert (again.nuevo, again.lote.pk) == (False, lote.pk)
    assert (row.celdas["descripcion"], row.elegida) == ("Volantes del cierre", False)


def test_who_waited_to_read_a_lot_that_another_read_leaves_its_corrections(world: World) -> None:
    data = csv_of(*poliza_rows(1, "100.00", LEAFLETS, PAYABLE))
    lote = keep_lote(world.books, "polizas", ("abril.csv", [data]), world.clerk).lote
    late = Lote.objects.get(pk=lote.pk)  # as whoever asked before the other had ended
    read_lote(lote, world.clerk)
    fix_cells(lote, 2, {"descripcion": "Volantes del cierre"}, world.clerk)
    read_lote(late, world.clerk)
    assert lote.filas.get(fila=2).celdas["descripcion"] == "Volantes del cierre"
    assert late.estado == Lote.Estado.REVISADO


def test_only_what_was_chosen_is_posted_and_the_rest_may_follow(world: World) -> None:
    lote = load(world, csv_of(*lines(1), *lines(2), *lines(3, cargo="x")))
    choose(lote, None, False, world.clerk, only_bad=True)
    choose(lote, ["P-001"], False, world.clerk)
    done = apply_lote(lote, world.clerk)
    assert (done.cosas, done.faltan) == (1, 2)
    assert [row.externo for row in PolizaCargada.objects.all()] == ["P-002"]
    choose(lote, ["P-001"], True, world.clerk)
    assert apply_lote(lote, world.clerk).cosas == 1
    assert Poliza.objects.count() == 2


def test_an_identifier_is_not_posted_twice_from_another_file(world: World) -> None:
    apply_lote(load(world, csv_of(*lines(1))), world.clerk)
    other = load(world, csv_of(*lines(1, "200.00"), *lines(2)))
    [row] = other.filas.exclude(problemas=[])
    assert row.problemas[0]["codigo"] == "ya_registrada"
    assert "PN1/DR-1" in row.problemas[0]["mensaje"]


def test_what_fails_at_the_last_moment_leaves_nothing(world: World) -> None:
    lote = load(world, csv_of(*lines(1), *lines(2)))
    FilaLote.objects.filter(lote=lote, fila=5).update(celdas={**lote.filas.get(fila=5).celdas, "abono": "99.00"})
    with pytest.raises(Refused):
        apply_lote(lote, world.clerk)
    assert not Poliza.objects.exists()
    assert Lote.objects.get(pk=lote.pk).estado == "revisado"
    assert lote.filas.get(fila=5).problemas[0]["codigo"] == "no_cuadra"


def test_rows_of_a_poliza_may_be_apart(world: World) -> None:
    first, second = lines(1), lines(2)
    lote = load(world, csv_of(first[0], second[0], first[1], second[1]))
    assert counts_of(lote).malas == 0
    assert apply_lote(lote, world.clerk).cosas == 2


def test_strangers_neither_load_nor_apply(world: World) -> None:
    with pytest.raises(PermissionError):
        receive_lote(world.books, "polizas", ("a.csv", [csv_of(*lines(1))]), world.stranger)
    lote = load(world, csv_of(*lines(1)))
    for act in (lambda: apply_lote(lote, world.stranger), lambda: discard_lote(lote, world.auditor)):
        with pytest.raises(PermissionError):
            act()


def test_a_discarded_lot_may_be_loaded_again(world: World) -> None:
    data = csv_of(*lines(1))
    first = load(world, data)
    discard_lote(first, world.clerk)
    with pytest.raises(Refused):
        apply_lote(first, world.clerk)
    assert load(world, data).pk != first.pk


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"cargo": "0.005"}, "importe", "cargo"),
        ({"fecha_operacion": "31/02/2024"}, "fecha", "fecha_operacion"),
        ({"fecha_operacion": "10/05/2024"}, "fecha_fuera", "fecha_operacion"),
        ({"periodo": "9"}, "periodo", "periodo"),
        ({"periodo": "2", "fecha_operacion": "02/05/2024"}, "ventana", "periodo"),
        ({"cargo": "-100.00"}, "negativo", "cargo"),
        ({"cargo": "=SUMA(A1:A3)"}, "formula", "cargo"),
        ({"auxiliar_tipo": "aportante", "auxiliar_id": "1"}, "auxiliar", "auxiliar_id"),
        ({"uuid_cfdi": "7C1E90B4-3F0A-4D52-9B17-0E6A51C2D8F3"}, "comprobante", "uuid_cfdi"),
        ({"id_evento": "4"}, "auxiliar", "id_evento"),
        ({"evidencia_ref": "xml"}, "evidencia", "evidencia_ref"),
        ({"subtipo": "XX"}, "opcion", "subtipo"),
        ({"cuenta": "5-5-01-00-0000"}, "cuenta_de_mayor", "cuenta"),
    ],
)
def test_each_bad_cell_is_told_at_its_row_and_column(
    world: World, changes: dict[str, str], code: str, column: str
) -> None:
    both = {name: value for name, value in changes.items() if name in ("periodo", "fecha_operacion", "subtipo")}
    rows = lines(1, **changes)
    for name, value in both.items():
        rows[1][HEAD.index(name)] = value
    lote = load(world, csv_of(*rows))
    told = [(row.fila, p["columna"], p["codigo"]) for row in lote.filas.order_by("fila") for p in row.problemas]
    assert (2, column, code) in told
    assert all(p["mensaje"] and p["cura"] for row in lote.filas.all() for p in row.problemas)


def test_a_folio_is_the_xml_that_these_books_hold_and_of_two_one_is_set_aside(world: World, invoice: Any) -> None:
    receive_cfdi(invoice(folio="90"), "suyo.xml", world.foreign, world.stranger)
    mine = receive_cfdi(invoice(), "mio.xml", world.books, world.clerk)
    other = receive_cfdi(invoice(folio="99"), "otro.xml", world.books, world.clerk)
    cited = csv_of(*lines(1, "1160.00", uuid_cfdi=FOLIO.lower()))
    lote = load(world, cited)
    told = [(p["columna"], p["codigo"]) for row in lote.filas.all() for p in row.problemas]
    assert told == [("uuid_cfdi", "comprobante")]
    assert other.recepcion is not None and mine.comprobante is not None
    set_aside([other.recepcion], "No es el que se timbró.", world.clerk)
    apply_lote(load(world, csv_of(*lines(2, "1160.00", uuid_cfdi=FOLIO.lower())), "otra.csv"), world.clerk)
    (poliza,) = Poliza.objects.filter(contabilidad=world.books)
    assert [use.comprobante_id for use in poliza.comprobantes.all()] == [mine.comprobante.pk]


def test_a_file_of_a_rival_cannot_be_cited_by_its_digest(world: World) -> None:
    theirs = store_file(b"%PDF-1.7 contrato del rival")
    rival = post_poliza(world.expense("1.00", contabilidad_id=world.foreign.pk), world.stranger)
    attach_evidencia(rival, "otra", "contrato.pdf", theirs, world.stranger)
    told = []
    for digest in (theirs.pk, "0" * 64):
        lote = load(world, csv_of(*lines(1, evidencia_ref=f"otra:{digest}")))
        told += [(p["columna"], p["codigo"]) for row in lote.filas.all() for p in row.problemas]
        with pytest.raises(Refused):
            apply_lote(lote, world.clerk)
    assert told == [("evidencia_ref", "archivo")] * 2
    own = post_poliza(world.expense("2.00"), world.clerk)
    attach_evidencia(own, "otra", "el mismo.pdf", theirs, world.clerk)
    sound = load(world, csv_of(*lines(2, evidencia_ref=f"otra:{theirs.pk}")))
    assert apply_lote(sound, world.clerk).cosas == 1
