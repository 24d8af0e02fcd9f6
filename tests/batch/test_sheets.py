"""Reading files: every way in which a file can be wrong, told at its place, and the same memory whatever its length."""

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from batch.lots import HEAD, bytes_of, csv_of, poliza_rows, xlsx_of
from sif.batch.cells import read_row
from sif.batch.files import form_of
from sif.batch.kinds import load_kinds
from sif.batch.sheets import Renglon, read_sheet
from sif.batch.templates import csv_template, xlsx_template
from sif.sandbox.workbook import LAST_ROW
from sif.values import Refused

KINDS = load_kinds("mx")
SUPPLIERS = KINDS["proveedores"]


def rows(n: int, **changes: str) -> list[list[str]]:
    """A sound póliza as cells."""
    return poliza_rows(n, "100.00", "5-5-01-03-0000", "2-1-01-01-0000", **changes)


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Reads bytes as rows of a kind, whatever their form."""

    def reader(data: bytes, kind: str = "polizas") -> list[Renglon]:
        path = tmp_path / "archivo"
        path.write_bytes(data)
        return list(read_sheet(path, form_of(path), KINDS[kind]).renglones)

    return reader


def refusal(read: Any, data: bytes, kind: str = "polizas") -> tuple[str, str]:
    """The code and the place of the refusal."""
    with pytest.raises(Refused) as refused:
        read(data, kind)
    first = refused.value.problems[0]
    assert first.mensaje and first.cura
    return first.codigo, first.donde


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_accents_are_read_in_every_encoding_and_with_every_separator(read: Any, encoding: str, separator: str) -> None:
    data = csv_of(
        ["ÑU&010203AB1", "Ñandú & Cía", "", "", "Peña", ""],
        encoding=encoding,
        separator=separator,
        head=SUPPLIERS.nombres,
    )
    [row] = read(data, "proveedores")
    assert (row.fila, row.celdas) == (2, {"rfc": "ÑU&010203AB1", "nombre": "Ñandú & Cía", "domicilio": "Peña"})
    assert read_row(SUPPLIERS, row.celdas).problemas == ()


def test_titles_may_come_in_any_order_and_case_and_others_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"Nota,NOMBRE,RFC\nx,Impresos,IPR150312Q47\n")
    sheet = read_sheet(path, "csv", SUPPLIERS)
    assert sheet.ignoradas == ("Nota",)
    assert next(sheet.renglones).celdas == {"nombre": "Impresos", "rfc": "IPR150312Q47"}


def test_numbers_and_days_of_a_workbook_become_the_text_it_shows(read: Any) -> None:
    book = Workbook()
    book.active.append(["folio", "aportante", "calidad", "medio", "fecha", "monto", "cuenta_bancaria", "concepto"])
    day = datetime(2024, 4, 10)  # noqa: DTZ001 - a workbook knows no zones
    book.active.append(["R1", 12, "militante", "efectivo", day, 0.1 + 0.2, "002180000000000009", True])
    book.active.append(["R2", 12, "militante", "efectivo", date(2024, 4, 10), 1234567.5, "", time(9, 30)])
    first, second = read(bytes_of(book), "recibos")
    assert (first.celdas["fecha"], first.celdas["monto"], first.celdas["concepto"]) == ("2024-04-10", "0.3", "sí")
    assert (second.celdas["monto"], second.celdas["aportante"], second.celdas["concepto"]) == (
        "1234567.5",
        "12",
        "09:30",
    )


def test_a_formula_is_told_in_its_cell_and_asks_for_values(read: Any) -> None:
    row = read(xlsx_of([*rows(1)[0][:11], "=SUM(A1:A9)", "", "", "", ""]))[0]
    [problem] = read_row(KINDS["polizas"], row.celdas).problemas
    assert (row.fila, problem.codigo, problem.donde) == (2, "formula", "cargo")
    assert "valores" in problem.cura


def test_merged_cells_are_refused_at_their_row_and_column(read: Any) -> None:
    book = Workbook()
    for row in (HEAD, *rows(1)):
        book.active.append(list(row))
    book.active.merge_cells("B2:B3")
    assert refusal(read, bytes_of(book)) == ("combinadas", "fila 2, columna B")


def test_a_full_sheet_is_refused_at_its_last_row(read: Any) -> None:
    book = Workbook()
    book.active.append(list(HEAD))
    book.active.cell(LAST_ROW, 1, "P-1")
    assert refusal(read, bytes_of(book)) == ("hoja_llena", "fila 1048576")


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """A workbook with one more part."""
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as book:
        book.writestr(name, content)
    return stream.getvalue()


def test_files_that_are_not_a_template_are_refused_by_their_content(read: Any) -> None:
    good = xlsx_of(*rows(1))
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    cases = {
        "macro": with_part(good, "xl/vbaProject.bin", b"macro"),
        "ejecutable": b"MZ\x90\x00" + bytes(100),
        "cifrado": old + "EncryptedPackage".encode("utf-16-le"),
        "truncado": good[: len(good) // 2],
    }
    for code, data in cases.items():
        assert refusal(read, data) == (code, "archivo")
    for data in (old, b"%PDF-1.7\n", b"\x00\x01\x02binario", with_part(b"", "a.txt", b"x")):
        assert refusal(read, data) == ("tipo", "archivo")
    assert refusal(read, b"#!/bin/sh\nrm -rf /\n")[0] == "ejecutable"
    assert refusal(read, with_part(good, "xl/extra.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'))[0] == "tipo"


def other_sheet(data: bytes, content: bytes) -> bytes:
    """A workbook whose first sheet is this text."""
    stream, made = io.BytesIO(data), io.BytesIO()
    with zipfile.ZipFile(stream) as book, zipfile.ZipFile(made, "w") as other:
        for name in book.namelist():
            other.writestr(name, content if name == "xl/worksheets/sheet1.xml" else book.read(name))
    return made.getvalue()


ENTITIES = '<!DOCTYPE a [<!ENTITY a "AAAA"><!ENTITY b "&a;&a;">]>'
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    '<c r="A1" t="inlineStr"><is><t>a</t></is></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    "</worksheet>"
)


@pytest.mark.parametrize(
    "content",
    [
        ('<?xml version="1.0" encoding="UTF-16"?>' + ENTITIES + SHEET).encode("utf-16"),
        SHEET.encode("utf-16"),
        b"\xfe\xff" + SHEET.encode("utf-16-be"),
        SHEET.encode("utf-16-le"),
        b'<?xml version="1.0" encoding="cp1140"?>' + SHEET.encode("cp1140"),
        ("<!--" + "x" * 5_000 + "<a>-->" + ENTITIES + SHEET).encode(),
        ("<!--" + "x" * (64 * 1024 - 4 - 5) + "-->" + ENTITIES + SHEET).encode(),
    ],
)
def test_no_document_type_hides_behind_an_encoding_or_a_comment(read: Any, content: bytes) -> None:
    assert refusal(read, other_sheet(xlsx_of(*rows(1)), content)) == ("tipo", "xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("head", ["", "\ufeff", "<?xml version='1.0' encoding='utf-8' standalone='yes'?>"])
def test_a_sheet_in_utf8_is_searched_however_it_says_it(read: Any, head: str) -> None:
    found = refusal(read, other_sheet(xlsx_of(*rows(1)), (head + SHEET).encode()))
    assert found == ("combinadas", "fila 1, columna A")


def test_a_workbook_damaged_inside_is_refused(read: Any) -> None:
    good = io.BytesIO(xlsx_of(*rows(1)))
    with zipfile.ZipFile(good) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = next(name for name in parts if name.startswith("xl/worksheets/"))
    parts[sheet] = parts[sheet][:-60]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    assert refusal(read, made.getvalue()) == ("truncado", "archivo")


def test_bad_csv_is_told_at_its_row(read: Any) -> None:
    head = ",".join(HEAD).encode()
    assert refusal(read, head + b'\nP-1,1,"normal,DR') == ("no_es_csv", "fila 2")
    assert refusal(read, b"a,b\n1,2\n")[0] == "columnas"
    assert refusal(read, head + b",cargo\n1\n")[0] == "columnas"
    [row] = read(head + b"," + b"\n" + b",".join([b"1"] * 19) + b"\n")
    assert [p.codigo for p in row.problemas] == ["celdas_de_mas"]


def test_a_new_line_inside_quotes_does_not_move_the_numbers(read: Any) -> None:
    first = [*rows(1)[0]]
    first[5] = '"dos\nrenglones"'
    assert [row.fila for row in read(csv_of(first, rows(1)[1]))] == [2, 4]


def test_the_examples_of_templates_are_sound_but_told_to_be_examples(read: Any) -> None:
    for kind in KINDS.values():
        for data in (csv_template(kind), xlsx_template(kind)):
            found = read(data, kind.clave)
            assert len(found) == len(kind.ejemplos)
            for row in found:
                assert [p.codigo for p in read_row(kind, row.celdas).problemas] == ["ejemplo"], (kind.clave, row)


def _many(count: int) -> Iterator[bytes]:
    yield (",".join(HEAD) + "\n").encode()
    one = "\n".join(",".join(row) for row in rows(1)).encode() + b"\n"
    for _ in range(count // 2):
        yield one


def _peak(path: Path, form: str) -> int:
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_sheet(path, form, KINDS["polizas"]).renglones) >= 1000
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    short, long = tmp_path / "corto.csv", tmp_path / "largo.csv"
    short.write_bytes(b"".join(_many(12_000)))  # what a process reads of it goes to disk past a megabyte
    long.write_bytes(b"".join(_many(24_000)))
    assert long.stat().st_size > 2_400_000
    assert _peak(long, "csv") < _peak(short, "csv") + 300_000
    small, large = tmp_path / "corto.xlsx", tmp_path / "largo.xlsx"
    for path, count in ((small, 500), (large, 1000)):
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in (HEAD, *(rows(1) * count)):
            sheet.append(list(row))
        book.save(path)
    assert _peak(large, "xlsx") < _peak(small, "xlsx") + 300_000
