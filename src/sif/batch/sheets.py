"""Reads the rows of a CSV or of a workbook one by one, in the same memory whatever their number."""

import codecs
import csv
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from sif.batch.cells import Cells
from sif.batch.kinds import Clase
from sif.batch.refused import LoteRefused, refuse
from sif.registry.candidaturas import plain
from sif.values import Problem

LAST_ROW = 1_048_576  # of a sheet of the format
MAX_COLUMNS = 60
MAX_MERGES = 20
PIECE = 64 * 1024  # bytes of a file in memory at once
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]{1,3}\d+(?::[A-Z]{1,3}\d+)?)"')
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    SyntaxError,
    KeyError,
    InvalidFileException,
    IndexError,
    TypeError,
)


@dataclass(frozen=True, slots=True)
class Renglon:
    """A row as written: its number in the file and its cells that are not empty, by name of column."""

    fila: int
    celdas: Cells
    problemas: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Hoja:
    """The rows of a file, to be walked once, and the titles that no column of the kind answers to."""

    renglones: Iterator[Renglon]
    ignoradas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crudo:
    """A file before its cells are read: numbered rows, which column each place holds (None: no one's), and the rest."""

    filas: Iterator[tuple[int, Sequence[str]]]
    columnas: Sequence[str | None]
    ignoradas: tuple[str, ...]


def read_sheet(path: Path, form: str, kind: Clase) -> Hoja:
    """Open a file of a form (csv, xlsx) as rows of a kind. Raises LoteRefused, also while it is walked."""
    raw = open_sheet(path, form, kind)
    found = (renglon_of(number, cells, raw.columnas) for number, cells in raw.filas)
    return Hoja((row for row in found if row is not None), raw.ignoradas)


def open_sheet(path: Path, form: str, kind: Clase) -> Crudo:
    """The same file, its cells as they come. Raises LoteRefused, also while it is walked."""
    rows = _csv_rows(path) if form == "csv" else _xlsx_rows(path, kind)
    try:
        number, titles = next(rows)
    except StopIteration as empty:
        raise refuse("vacio", "archivo", "El archivo no tiene renglones.", "Llene la plantilla.") from empty
    places, ignored = _places(titles, kind, number)
    return Crudo(rows, [places.get(place) for place in range(len(titles))], ignored)


def _places(titles: Sequence[str], kind: Clase, row: int) -> tuple[dict[int, str], tuple[str, ...]]:
    """Which column of the file is which of the kind: by their titles, in any order."""
    known = {plain(name).replace(" ", "_"): name for name in kind.nombres}
    seen = [plain(title).replace(" ", "_") for title in titles]
    places = {place: known[title] for place, title in enumerate(seen) if title in known}
    missing = [c.nombre for c in kind.columnas if c.obligatoria and c.nombre not in places.values()]
    if missing:
        shown = ", ".join(title.strip()[:30] for title in titles if title.strip())[:200]
        raise refuse(
            "columnas", f"fila {row}", f"Faltan las columnas {', '.join(missing)}; el renglón dice: {shown or 'nada'}.",
            "Ponga los títulos de la plantilla en el primer renglón.",
        )  # fmt: skip
    twice = sorted({name for name in places.values() if list(places.values()).count(name) > 1})
    if twice:
        raise refuse(
            "columnas", f"fila {row}", f"Está dos veces: {', '.join(twice)}.", "Deje una sola columna de cada una."
        )
    ignored = [title.strip() for place, title in enumerate(titles) if place not in places and title.strip()]
    return places, tuple(ignored)


def renglon_of(number: int, cells: Sequence[str], columns: Sequence[str | None]) -> Renglon | None:
    """A row of those columns; None if it says nothing."""
    found = {name: text for name, text in zip(columns, map(str.strip, cells), strict=False) if text and name}
    width = len(columns)
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        first = next(name for name in columns if name)
        wrong = Problem(
            "celdas_de_mas", first, f"Tiene {len(cells)} celdas y hay {width} títulos.",
            "Encierre entre comillas lo que lleve comas, o quite lo que sobra.",
        )  # fmt: skip
        return Renglon(number, found, (wrong,))
    return Renglon(number, found) if found else None


def _csv_rows(path: Path) -> Iterator[tuple[int, Sequence[str]]]:
    encoding = _encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        first = stream.readline()
        separator = max(",;\t", key=first.count)
        stream.seek(0)
        reader = csv.reader(stream, delimiter=separator, strict=True)
        number = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as wrong:
                raise refuse(
                    "no_es_csv", f"fila {number}", f"No se puede leer: {wrong}. El archivo llegó a medias o le falta "
                    "cerrar comillas.", "Revise las comillas de ese renglón y cárguelo otra vez.",
                ) from wrong  # fmt: skip
            if any(cells):
                yield number, cells
            number = reader.line_num + 1


def _encoding(path: Path) -> str:
    """UTF-8 if the whole file is; otherwise what desk computers write, Windows-1252 (it contains latin-1)."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        try:
            while chunk := file.read(PIECE):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _xlsx_rows(path: Path, kind: Clase) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        look_inside(path)
        with path.open("rb") as stream:
            yield from _sheet_rows(stream, kind)
    except LoteRefused:
        raise
    except (*_DAMAGE, ValueError) as wrong:
        raise _damaged() from wrong


def _sheet_rows(stream: BinaryIO, kind: Clase) -> Iterator[tuple[int, Sequence[str]]]:
    book = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
    try:
        sheet = book[kind.clave] if kind.clave in book.sheetnames else book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
            cells = [_text_of(cell) for cell in row]
            if not any(cells):
                continue
            if number >= LAST_ROW:
                raise refuse(
                    "hoja_llena", f"fila {number}", "La hoja está llena hasta su último renglón: lo demás se perdió.",
                    "Guárdelo como CSV desde el sistema que lo exporta, o divídalo por periodo.",
                )  # fmt: skip
            yield number, _trimmed(cells)
    finally:
        book.close()


def _damaged() -> LoteRefused:
    return refuse("truncado", "archivo", "El libro está incompleto o dañado.", "Ábralo, guárdelo otra vez y cárguelo.")


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def look_inside(path: Path) -> None:
    """Refuse merged cells and documents with a type definition, walking each part as a stream."""
    merges: list[str] = []
    with zipfile.ZipFile(path) as book:
        for part in book.infolist():
            if not part.filename.lower().endswith((".xml", ".rels")):
                continue
            with book.open(part) as stream:
                _walk(part.filename, stream.read, merges)
    if merges:
        raise LoteRefused(
            [
                Problem(
                    "combinadas", _place(where), f"Las celdas {where} están combinadas.",
                    "Sepárelas (Inicio, Combinar y centrar) y repita el dato en cada renglón.",
                )
                for where in merges[:MAX_MERGES]
            ]
        )  # fmt: skip


def _walk(name: str, read: Callable[[int], bytes], merges: list[str]) -> None:
    kept, first = b"", True
    is_sheet = name.lower().startswith("xl/worksheets/")
    while chunk := read(PIECE):
        if first and b"<!DOCTYPE" in chunk[:4096]:
            raise refuse(
                "tipo", name[:80], "Lleva una definición de tipo (DOCTYPE).", "Guárdelo desde su hoja de cálculo."
            )
        first = False
        if not is_sheet:
            continue  # read to the end all the same: its control sum is checked
        text = kept + chunk
        merges += [found.decode() for found in _MERGE.findall(text) if found.decode() not in merges][:MAX_MERGES]
        kept = text[text.rfind(b"<") :] if text.rfind(b"<") >= 0 else b""


def _place(reference: str) -> str:
    letters, figures = re.match(r"([A-Z]+)(\d+)", reference).groups()  # type: ignore[union-attr]
    return f"fila {figures}, columna {letters}"


def _text_of(cell: Any) -> str:
    """The text of a cell. A number keeps the fifteen figures that the sheet shows; a formula keeps its sign."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        # an error value (#REF!) is what a formula left: it is told as one
        return f"={value}" if cell.data_type == "e" else value
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, float):
        return f"{Decimal(format(value, '.15g')):f}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return f"={getattr(value, 'text', '') or 'fórmula'}".replace("==", "=") if cell.data_type == "f" else str(value)
