"""The balances of another program open a year: each fault at its row and column, the file by its digest, once."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from books.test_openings import ADVANCE, CLABE, EQUITY, RENT, RESULT, TRUCK, net, year_of, years
from sif.batch.kinds import opening_kind
from sif.batch.opening_files import adjust_from_file, open_from_file, read_opening
from sif.batch.templates import csv_template, xlsx_template
from sif.books.models import Apertura
from sif.books.services.aperturas import opened_with
from sif.commands.main import main
from sif.registry import clock
from sif.registry.models import Contabilidad
from sif.values import Refused
from small_world import BANKS, PAYABLE, ZONE, World, world

__all__ = ["world", "years"]
TITLES = "cuenta,auxiliar_id,fecha_documento,documento,cargo,abono\n"
ROWS = (
    f"{BANKS},{CLABE},,,1000.00,",
    f"{ADVANCE},IPR150312Q47,15/03/2024,A-1,70.00,",
    f"{PAYABLE},IPR150312Q47,01/11/2025,F-7,,30.00",
    f"{PAYABLE},IPR150312Q47,01/02/2024,F-2,,20.00",
    f"{RESULT},,,,,520.00",
    f"{EQUITY},,,,,500.00",
)


@pytest.fixture
def books(world: World) -> Iterator[Contabilidad]:
    """The books of 2026, of a party that kept 2025 in another program."""
    books = year_of(world, 2026)
    with clock.at(datetime(2026, 1, 15, 12, tzinfo=ZONE)):
        yield books


def read(world: World, books: Contabilidad, *rows: str, name: str = "saldos.csv") -> Any:
    return read_opening(books, (name, [(TITLES + "\n".join(rows)).encode()]), world.clerk)


def told(world: World, books: Contabilidad, *rows: str) -> list[tuple[str, str]]:
    return [(each.codigo, each.donde) for each in read(world, books, *rows).problemas]


def test_it_opens_with_each_document_and_its_day(world: World, books: Contabilidad) -> None:
    found = read(world, books, *ROWS)
    assert not found.problemas and found.cargos == found.abonos and not Apertura.objects.exists()
    done = open_from_file(books, found.sha256, found.nombre, world.clerk)
    assert done.nueva and done.apertura.origen == "archivo" and done.apertura.archivo_id == found.sha256
    assert "traídos de otro programa" in done.apertura.poliza.concepto
    expected = {BANKS: 100_000, ADVANCE: 7_000, PAYABLE: -5_000, RESULT: -52_000, EQUITY: -50_000}
    assert net(books) == expected
    owed = {(each.referencia, each.fecha): each.neto for each in opened_with(books) if each.fecha}
    days = {"A-1": date(2024, 3, 15), "F-7": date(2025, 11, 1), "F-2": date(2024, 2, 1)}
    assert owed == {("A-1", days["A-1"]): 7_000, ("F-7", days["F-7"]): -3_000, ("F-2", days["F-2"]): -2_000}


def test_the_same_file_again_changes_nothing_and_another_is_refused(world: World, books: Contabilidad) -> None:
    found = read(world, books, *ROWS)
    first = open_from_file(books, found.sha256, "saldos.csv", world.clerk).apertura
    again = open_from_file(books, found.sha256, "otro nombre.csv", world.clerk)
    assert (again.nueva, again.apertura.pk, Apertura.objects.count()) == (False, first.pk, 1)
    other = read(world, books, *ROWS[1:], f"{BANKS},{CLABE},,,1000.00,")
    with pytest.raises(Refused) as refused:
        open_from_file(books, other.sha256, "x", world.clerk)
    assert [each.codigo for each in refused.value.problems] == ["ya_abierta"]


def test_one_centavo_is_told_with_its_side(world: World, books: Contabilidad) -> None:
    found = read(world, books, *ROWS[:-1], f"{EQUITY},,,,,500.01")
    [problem] = found.problemas
    assert (problem.codigo, problem.donde) == ("descuadrada", "fila 7, cargo") and "0.01 de cargos" in problem.mensaje
    with pytest.raises(Refused):
        open_from_file(books, found.sha256, "x", world.clerk)
    assert not Apertura.objects.exists() and not books.polizas.exists()


@pytest.mark.parametrize(
    ("row", "where", "code"),
    [
        (f"{BANKS},{CLABE},,,=1+1,", "cargo", "formula"),
        (f"{BANKS},{CLABE},,,1.00,2.00", "abono", "cargo_y_abono"),
        (f"{BANKS},{CLABE},,,,", "cargo", "sin_importe"),
        (f"{BANKS},{CLABE},,,-5.00,", "cargo", ""),
        (f"{BANKS},,,,5.00,", "auxiliar_id", "auxiliar"),
        (f"{BANKS},002180000000000017,,,5.00,", "auxiliar_id", "auxiliar"),
        (f"{EQUITY},IPR150312Q47,,,5.00,", "auxiliar_id", "auxiliar"),
        ("1-1-00-00-0000,,,,5.00,", "cuenta", "cuenta"),
        ("9-9-99-99-9999,,,,5.00,", "cuenta", "cuenta"),
        (f"{RENT},IPR150312Q47,,,5.00,", "cuenta", "resultados"),
        (f"{PAYABLE},IPR150312Q47,,F-1,,5.00", "fecha_documento", "sin_fecha"),
        (f"{PAYABLE},IPR150312Q47,01/01/2026,F-1,,5.00", "fecha_documento", "fecha_fuera"),
        (f"{PAYABLE},IPR150312Q47,31/02/2025,F-1,,5.00", "fecha_documento", "fecha"),
        (ROWS[1], "cuenta", "repetida"),
        (f"{TRUCK},T-1,,,5.00,", "auxiliar_id", "auxiliar"),
    ],
)
def test_each_fault_stands_at_its_row_and_column(
    world: World, books: Contabilidad, row: str, where: str, code: str
) -> None:
    found = told(world, books, *ROWS, row)
    assert ("fila 8", where) in [tuple(place.split(", ")) for _code, place in found]
    assert not code or code in [each for each, _place in found]


def test_what_is_not_a_table_of_balances_is_refused(world: World, books: Contabilidad) -> None:
    hostile = [
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"cosa,otra\n1,2\n",
        TITLES.encode(),
        b"",
        b"MZ\x90\x00",
    ]
    for content in hostile:
        with pytest.raises(Refused):
            read_opening(books, ("x", [content]), world.clerk)
    assert not Apertura.objects.exists()


def test_the_workbook_of_the_template_is_read_and_its_example_is_not(world: World, books: Contabilidad) -> None:
    kind = opening_kind("mx")
    for content in (csv_template(kind), xlsx_template(kind)):
        found = read_opening(books, ("plantilla", [content]), world.clerk)
        assert {each.codigo for each in found.problemas} == {"ejemplo"}
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (TITLES.strip(), *ROWS):
        sheet.append(row.split(","))
    stream = io.BytesIO()
    book.save(stream)
    assert not read_opening(books, ("saldos.xlsx", [stream.getvalue()]), world.clerk).problemas


def test_a_stranger_and_the_file_of_another_open_nothing(world: World, books: Contabilidad) -> None:
    found = read(world, books, *ROWS)
    for act in (
        lambda: read_opening(books, ("x", [b"x"]), world.stranger),
        lambda: open_from_file(books, found.sha256, "x", world.stranger),
    ):
        with pytest.raises(PermissionError):
            act()
    theirs = year_of(world, 2026, sujeto=world.rival)
    with pytest.raises(Refused) as refused:
        open_from_file(theirs, found.sha256, "x", world.stranger)
    assert [each.codigo for each in refused.value.problems] == ["archivo"]
    assert not Apertura.objects.exists()


def test_a_later_file_adjusts_with_its_reason(world: World, books: Contabilidad) -> None:
    found = read(world, books, *ROWS)
    open_from_file(books, found.sha256, "saldos.csv", world.clerk)
    better = read(world, books, *ROWS[:-2], f"{RESULT},,,,,530.00", f"{EQUITY},,,,,490.00")
    with pytest.raises(Refused):
        adjust_from_file(books, better.sha256, "mejor.csv", "", world.clerk)
    done = adjust_from_file(books, better.sha256, "mejor.csv", "Faltaba un ajuste", world.clerk)
    assert done.ajusta is not None and done.archivo_id == better.sha256
    assert net(books)[RESULT] == -53_000 and net(books)[EQUITY] == -49_000


@pytest.mark.parametrize(
    "advance",
    [
        f"{ADVANCE},IPR150312Q47,15/03/2024,A-1,69.99,",
        f"{ADVANCE},IPR150312Q47,15/12/2025,A-1,70.00,",
        f"{ADVANCE},IPR150312Q47,15/03/2024,A-2,70.00,",
    ],
    ids=["lowered", "younger", "of another document"],
)
def test_a_later_file_does_not_lower_a_document_nor_make_it_younger(
    world: World, books: Contabilidad, advance: str
) -> None:
    found = read(world, books, *ROWS)
    open_from_file(books, found.sha256, "saldos.csv", world.clerk)
    equity = f"{EQUITY},,,,,{'499.99' if '69.99' in advance else '500.00'}"
    other = read(world, books, ROWS[0], advance, *ROWS[2:-1], equity)
    with pytest.raises(Refused) as refused:
        adjust_from_file(books, other.sha256, "otro.csv", "Se pagó", world.clerk)
    assert [each.codigo for each in refused.value.problems] == ["documento_menor"]
    assert "documento A-1 del 15/03/2024" in refused.value.problems[0].donde
    also = f"{ADVANCE},IPR150312Q47,20/06/2025,A-9,5.00,"
    more = read(world, books, *ROWS[:-1], also, f"{EQUITY},,,,,505.00")
    assert adjust_from_file(books, more.sha256, "mas.csv", "Faltaba un anticipo", world.clerk).ajusta is not None


def test_a_year_kept_here_opens_with_its_own_balances_and_no_file(years: Any) -> None:
    world, _old, new = years
    found = read(world, new, *ROWS)
    with pytest.raises(Refused) as refused:
        open_from_file(new, found.sha256, "saldos.csv", world.clerk)
    assert "anterior_aqui" in [each.codigo for each in refused.value.problems]


def test_the_command_opens_with_a_file(
    world: World, books: Contabilidad, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "saldos.csv"
    file.write_text(TITLES + "\n".join(ROWS), encoding="utf-8")
    ask = ["libros", "abrir", "--contabilidad", str(books.pk), "--usuario", world.clerk.username, "--archivo"]
    assert main([*ask, str(file), "--ver"]) == 0 and "desde 15/03/2024" in capsys.readouterr().out
    assert main([*ask, str(tmp_path / "no.csv")]) == 1 and "no se puede leer" in capsys.readouterr().err
    assert main([*ask, str(file)]) == 0 and main([*ask, str(file)]) == 0
    assert Apertura.objects.count() == 1
