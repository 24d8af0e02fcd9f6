"""Read a file of caps, or of what they are computed from, as lines of text: CSV, or the first sheet of a workbook."""

from typing import Any

from sif.registry.opening import ORDINARY, opened, table_rows
from sif.values import refusal

MOST_BYTES = 2**20
"""Bytes of a file of caps: some 15,000 rows of a place each; the country has under 2,500 municipalities."""
COLUMNS = 40
_BOOK = b"PK\x03\x04"

Lines = list[tuple[int, tuple[str, ...]]]


def cap_lines(data: bytes) -> Lines:
    """Return the rows of a file that say something, each with its line. Raises Refused at the place that is wrong."""
    is_book = data.startswith(_BOOK)
    if len(data) > MOST_BYTES or not data.strip() or (b"\0" in data and not is_book):
        told = "El archivo está vacío, no es una tabla o pesa demasiado."
        raise refusal("no_es_csv", "archivo", told, "Guárdelo como CSV UTF-8 o como XLSX.")
    rows = _sheet(data) if is_book else [*table_rows(data, strict=False)]
    return [(number, cells) for number, cells in rows if any(cells)]


def _sheet(data: bytes) -> Lines:
    args = {"hoja": "", "exacta": False, "columnas": COLUMNS}
    _names, *rows = [*opened("libro", data, args, ORDINARY.grown(len(data))).lines()]
    return [(number, tuple(_text(cell, number) for cell in cells)) for number, cells in rows]


def _text(cell: Any, number: int) -> str:
    """Return a cell as it is written; a number as its shortest digits, which no formula or error says."""
    if cell is None:
        return ""
    if isinstance(cell, dict | bool):
        told = "Una celda es una fórmula, un error o una fecha."
        raise refusal("celda", f"fila {number}", told, "Péguela como valor y súbalo otra vez.")
    return str(cell).strip()
