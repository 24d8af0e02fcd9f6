"""Make workbooks of Excel: the one room that knows the library, with the guard of what a spreadsheet would run."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import IO

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from sif.registry.clock import legal_zone
from sif.values import Money

_GUARD = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
__all__ = ["SHEET_NAME", "Format", "Workbook", "Worksheet", "fitted", "put", "workbook"]
SHEET_NAME = 31  # letters of the name of a sheet
CELL = 32_767  # letters of a cell, as UTF-16 counts them: the library cuts a longer text and tells nobody


@contextmanager
def workbook(
    stream: IO[bytes], *, table: bool = False, made: datetime | None = None, **properties: str
) -> Iterator[Workbook]:
    """Yield a workbook that keeps one row in memory; rows are written in their order, and the file is whole at the end.

    table: strings stand apart in one table, kept in memory, for a book that comes back: those written inside each
    cell come back with their escapes escaped. made: when it says that it was made, for the same bytes.
    """
    book = Workbook(stream, {**_GUARD, "constant_memory": not table})
    said: dict[str, object] = dict(properties)
    if made is not None:
        said["created"] = made.astimezone(UTC).replace(tzinfo=None)
    if said:
        book.set_properties(said)
    yield book
    book.close()


def put(sheet: Worksheet, row: int, column: int, cell: object, look: Format | None = None) -> None:
    """Write a cell as what it is: a number, a day, an hour of the legal zone, or a text, which is never run."""
    if isinstance(cell, Money):
        sheet.write_number(row, column, cell.pesos, look)
    elif isinstance(cell, int | float | Decimal):
        sheet.write_number(row, column, cell, look)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell.astimezone(legal_zone()).replace(tzinfo=None), look)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, look)
    elif cell is None or cell == "":
        sheet.write_blank(row, column, None, look)
    else:
        sheet.write_string(row, column, fitted(str(cell)), look)


def fitted(text: str) -> str:
    """Return a text that a cell holds; of a longer one its beginning, and that it was cut and how long it is."""
    if len(text) <= CELL // 2 or len(units := text.encode("utf-16-le", "replace")) <= 2 * CELL:
        return text
    told = f" […] Cortado: el texto tiene {len(text):,} letras y en una celda caben {CELL:,}."
    return units[: 2 * (CELL - len(told))].decode("utf-16-le", "ignore") + told
