"""Read a table that a person made, a CSV or the first sheet of a workbook, as lines of text."""

from collections.abc import Iterator
from typing import Any

from sif.registry.opening import ORDINARY, opened, table_rows
from sif.sandbox.cells import text_of
from sif.values import Problem, Refused, refusal
from sif.values.texts import letters_of

MOST_CAP_BYTES = 2**20
"""Bytes of a file of caps: some 15,000 rows of a place each; the country has under 2,500 municipalities."""
COLUMNS = 60
SHOWN = 50  # cells that cannot be read which are told at once
_BOOK = b"PK\x03\x04"

Lines = list[tuple[int, tuple[str, ...]]]


def cap_lines(data: bytes) -> Lines:
    """Return the rows of a file of caps that hold text, each with its line. Raises Refused at the wrong place."""
    if len(data) > MOST_CAP_BYTES:
        told = f"Pesa {len(data):,} bytes y se leen hasta {MOST_CAP_BYTES:,}."
        raise refusal("grande", "archivo", told, "Divídalo por entidad.")
    return [*file_rows(data)]


def file_rows(data: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the rows of a CSV or XLSX that hold text, each with its line.

    Raises Refused for a file that is no table, and at each cell of a workbook that holds a formula or an error.
    """
    is_book = data.startswith(_BOOK)
    if not data.strip() or (b"\0" in data and not is_book):
        raise refusal(
            "no_es_csv", "archivo", "El archivo está vacío o no es una tabla.", "Guárdelo como CSV UTF-8 o XLSX."
        )
    rows = _sheet(data) if is_book else table_rows(data, strict=False)
    return ((number, cells) for number, cells in rows if any(cells))


def _sheet(data: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    opened("libro_forma", data)
    args = {"hoja": "", "exacta": False, "columnas": COLUMNS}
    lines = opened("libro", data, args, ORDINARY.grown(len(data))).lines()
    next(lines, None)  # the names of its sheets
    unread: list[Problem] = []
    for number, cells in lines:
        unread += [_unread(number, place, cell) for place, cell in enumerate(cells) if _is_worked_out(cell)]
        if len(unread) >= SHOWN:
            break
        if not unread:
            yield number, tuple(text_of(cell).strip() for cell in cells)
    if unread:
        raise Refused(*unread[:SHOWN])


def _is_worked_out(cell: object) -> bool:
    return isinstance(cell, dict) and ("f" in cell or "e" in cell)


def _unread(number: int, place: int, cell: Any) -> Problem:
    what = "una fórmula" if "f" in cell else f"un error ({text_of(cell).removeprefix('=')})"
    return Problem(
        "celda",
        f"celda {letters_of(place + 1)}{number}",
        f"Tiene {what}.",
        "Péguela como valor y suba el archivo otra vez.",
    )
