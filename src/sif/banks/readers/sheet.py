"""Parse the CSV or XLSX of any bank through a map of its columns, days and amounts."""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sif.banks.jurisdiction import data_files
from sif.banks.readers.walls import decode, is_workbook
from sif.banks.statement import Reading, Statement, StatementLine, amount_of, checked, total
from sif.law.sources import read_data
from sif.sandbox.cells import text_of
from sif.sandbox.workbook import sheet_rows
from sif.values import Money, Problem, Refused, read_day_as, refusal

FIELDS = ("fecha", "descripcion", "referencia", "monto", "cargo", "abono", "saldo", "id_banco", "moneda")
_MARKS = (",", ";", "\t", "|")
_SEARCHED = 40  # rows in which the titles are looked for: banks print an address and a logo first
_COLUMNS = 60  # of a workbook
_CURE = "Revise qué columna es cada dato."
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Title of the column of each datum ('' where the file has none): `monto` signed, or `cargo` and `abono` apart."""

    fecha: str
    descripcion: str = ""
    referencia: str = ""
    monto: str = ""
    cargo: str = ""
    abono: str = ""
    saldo: str = ""
    id_banco: str = ""
    moneda: str = ""
    formato_fecha: str = "%d/%m/%Y"
    decimal: str = "."

    def as_dict(self) -> dict[str, str]:
        """Return the shape in which it is remembered."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SheetHint:
    """The data that a person adds to a sheet: days covered, and both balances where no column has them."""

    desde: date | None = None
    hasta: date | None = None
    saldo_inicial: Money | None = None
    saldo_final: Money | None = None


@cache
def _known() -> dict[str, Any]:
    """Return the words of the sheets of banks of every jurisdiction: who opens a file apart knows no installation."""
    found: dict[str, Any] = {}
    for path in data_files("columns.yaml"):
        for key, words in read_data(path).items():
            if isinstance(words, dict):
                found[key] = {**found.get(key, {}), **words}
            else:
                found[key] = [*dict.fromkeys([*found.get(key, []), *words])]
    return found


def date_formats() -> list[str]:
    """Return the ways in which banks write days, the usual one first."""
    return [str(each) for each in _known()["formatos_fecha"]]


def plain(text: str) -> str:
    """Lower case, without accents or double blanks: how titles are compared."""
    bare = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).lower().replace("_", " ").split())


Rows = Sequence[tuple[int, Sequence[str]]]
"""The rows of a file, each with its number in it."""


def _sheets(data: bytes, decimal: str = ".") -> list[Rows]:
    """Return the rows of a CSV, or of each sheet of a workbook, whose numbers are written with that decimal mark."""
    return _of_workbook(data, decimal) if is_workbook(data) else [_of_text(data)]


def _of_text(data: bytes) -> Rows:
    text = decode(data)
    lines = text.splitlines()[:_SEARCHED]
    mark = max(_MARKS, key=lambda each: max((line.count(each) for line in lines), default=0))
    try:
        return list(enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True), 1))
    except csv.Error as error:
        raise refusal(
            "csv_danado", "archivo", f"El CSV está dañado o cortado: {error}.", "Descárguelo de nuevo."
        ) from error


def _of_workbook(data: bytes, decimal: str) -> list[Rows]:
    names, *first = sheet_rows(io.BytesIO(data), "", _COLUMNS, merged=True)
    rest = [list(sheet_rows(io.BytesIO(data), name, _COLUMNS, merged=True))[1:] for name in names[1:]]
    return [[(n, [_cell_text(cell, decimal) for cell in cells]) for n, cells in sheet] for sheet in (first, *rest)]


def _cell_text(cell: object, decimal: str) -> str:
    text = text_of(cell)
    return text.replace(".", decimal) if isinstance(cell, int | float) else text


def _with_titles(data: bytes, wanted: str = "", decimal: str = ".") -> tuple[int, Rows]:
    """Return the rows of the first sheet that has titles, and where they stand among them. Raises Refused."""
    first: Refused | None = None
    for rows in _sheets(data, decimal):
        try:
            return _titles(rows, wanted), rows
        except Refused as missing:
            first = first or missing
    assert first is not None
    raise first


def _titles(rows: Rows, wanted: str) -> int:
    """Index of the row of titles: the one that has `wanted`, or a title of a day and two more cells."""
    days = {plain(wanted)} if wanted else set(_known()["fecha"])
    for place, (_number, row) in enumerate(rows[:_SEARCHED]):
        if days & {plain(cell) for cell in row} and sum(bool(cell.strip()) for cell in row) >= 3:
            return place
    what = f"la columna «{wanted}»" if wanted else "una columna de fecha"
    raise refusal("sin_titulos", "primeras filas", f"No se encontró la fila de títulos con {what}.", _CURE)


def propose_map(data: bytes) -> tuple[ColumnMap, list[str], list[list[str]]]:
    """Return the map that the titles suggest, the titles, and the first rows to look at. Raises Refused."""
    place, rows = _with_titles(data)
    titles = [cell.strip() for cell in rows[place][1]]
    sample = [list(row) for _number, row in rows[place + 1 :] if any(cell.strip() for cell in row)][:5]
    by_plain = {plain(title): title for title in reversed(titles)}
    found = {name: next((by_plain[word] for word in _known()[name] if word in by_plain), "") for name in FIELDS}
    if found["cargo"] and found["abono"]:
        found["monto"] = ""
    proposal = ColumnMap(**found)
    days = [row[titles.index(proposal.fecha)] for row in sample if len(row) > titles.index(proposal.fecha)]
    return replace(proposal, formato_fecha=_day_format(days), decimal=_decimal(sample)), titles, sample


def _day_format(days: Sequence[str]) -> str:
    for pattern in _known()["formatos_fecha"]:
        if days and all(_day(text, pattern) for text in days):
            return str(pattern)
    return str(_known()["formatos_fecha"][0])


def _decimal(sample: Sequence[Sequence[str]]) -> str:
    cells = [cell.strip() for row in sample for cell in row]
    return "," if any(len(cell) > 3 and cell[-3] == "," and cell[-2:].isdigit() for cell in cells) else "."


def _day(text: str, pattern: str) -> date | None:
    if _ISO.fullmatch(text.strip()):
        pattern = "%Y-%m-%d"  # nobody writes another day so; a workbook says its own thus
    clean = text.strip().split(" ")[0] if " " not in pattern else text.strip()
    if "%b" in pattern:
        for spanish, english in _known()["meses"].items():
            clean = clean.lower().replace(spanish, english)
    try:
        return read_day_as(clean, (pattern,))
    except ValueError:
        return None


def read_sheet(data: bytes, mapa: ColumnMap | None, hint: SheetHint) -> Reading:
    """Return the statement of a CSV or a workbook by its map. Raises Refused at the row and column."""
    chosen = mapa or propose_map(data)[0]
    place, rows = _with_titles(data, chosen.fecha, chosen.decimal)
    titles = {title.strip(): index for index, title in reversed(list(enumerate(rows[place][1])))}
    missing = [name for name in chosen.as_dict() if name in FIELDS and getattr(chosen, name) not in {"", *titles}]
    if missing or not (chosen.monto or (chosen.cargo and chosen.abono)):
        seen = ", ".join(missing) or "monto, o cargo y abono"
        raise refusal("columnas", f"fila {rows[place][0]}", f"Faltan columnas: {seen}.", _CURE)
    lines: list[StatementLine] = []
    problems: list[Problem] = []
    for number, row in rows[place + 1 :]:
        if any(cell.strip() for cell in row):
            try:
                lines.append(_line(row, titles, chosen, f"fila {number}"))
            except Refused as error:
                problems += error.problems
    if problems:
        raise Refused(*problems)
    if not lines:
        raise refusal(
            "sin_movimientos", "archivo", "El archivo no trae movimientos.", "Descargue el mes con movimientos."
        )
    whole = _whole(_in_order(lines), hint, "xlsx" if is_workbook(data) else "csv")
    return Reading(whole.formato, (checked(whole),))


def _line(row: Sequence[str], titles: Mapping[str, int], mapa: ColumnMap, where: str) -> StatementLine:
    def cell(name: str) -> str:
        index = titles.get(getattr(mapa, name), -1)
        return row[index].strip() if 0 <= index < len(row) else ""

    day = _day(cell("fecha"), mapa.formato_fecha)
    if day is None:
        raise refusal(
            "fecha",
            f"{where}, {mapa.fecha}",
            f"«{cell('fecha')}» no es un día escrito como {mapa.formato_fecha}.",
            "Corrija el formato de fecha, o descargue el archivo de nuevo: puede estar cortado.",
        )
    if cell("moneda") and plain(cell("moneda")) not in ("mxn", "mxp", "m.n.", "pesos", "peso mexicano"):
        raise refusal(
            "moneda",
            f"{where}, {mapa.moneda}",
            f"El movimiento está en «{cell('moneda')}»; los libros van en MXN.",
            "Cargue el estado de la cuenta en pesos.",
        )
    balance = amount_of(cell("saldo"), f"{where}, {mapa.saldo}", mapa.decimal) if cell("saldo") else None
    return StatementLine(
        day,
        _signed(cell, mapa, where),
        cell("referencia"),
        " ".join(cell("descripcion").split()),
        cell("id_banco"),
        balance,
        where,
    )


def _signed(cell: Any, mapa: ColumnMap, where: str) -> Money:
    if mapa.monto:
        return amount_of(cell("monto"), f"{where}, {mapa.monto}", mapa.decimal)
    out, into = cell("cargo"), cell("abono")
    if not out and not into:
        raise refusal("importe", where, "No trae cargo ni abono.", "Quite la fila o descargue el archivo de nuevo.")
    paid = amount_of(out, f"{where}, {mapa.cargo}", mapa.decimal) if out else Money(0)
    received = amount_of(into, f"{where}, {mapa.abono}", mapa.decimal) if into else Money(0)
    return received - Money(abs(paid.centavos))


def _in_order(lines: list[StatementLine]) -> list[StatementLine]:
    """From the oldest: banks print either way, and the days or the running balances tell which."""
    if lines[0].fecha > lines[-1].fecha:
        return lines[::-1]
    if lines[0].fecha == lines[-1].fecha and len(lines) > 1 and all(line.saldo is not None for line in lines[:2]):
        first, second = lines[0], lines[1]
        forward = first.saldo is not None and second.saldo == first.saldo + second.monto
        return lines if forward else lines[::-1]
    return lines


def _whole(lines: list[StatementLine], hint: SheetHint, formato: str) -> Statement:
    first, last = lines[0], lines[-1]
    opening = first.saldo - first.monto if first.saldo is not None else hint.saldo_inicial
    closing = last.saldo if last.saldo is not None else hint.saldo_final
    if opening is None and closing is not None:
        opening = closing - total(lines)
    if opening is None or closing is None:
        raise refusal(
            "sin_saldo",
            "saldo",
            "El archivo no trae saldos.",
            "Escriba el saldo inicial y el final de su estado de cuenta.",
        )
    days = [line.fecha for line in lines]
    return Statement(
        formato,
        "",
        hint.desde or min(days),
        hint.hasta or max(days),
        opening,
        closing,
        tuple(lines),
    )
