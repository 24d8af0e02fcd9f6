"""Write rows of typed cells as CSV and XLSX: stable heads, ISO dates, plain amounts and no formulas."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain
from typing import IO, Any

import xlsxwriter

from sif.registry.clock import legal_zone
from sif.values import Money, csv_writer, iso

type Rows = Iterable[Sequence[Any]]
"""Rows of `Cell`, or of what writes itself as text."""


def write_csv(stream: IO[bytes], head: Sequence[str], rows: Rows, *, mark: bool = False) -> None:
    """Write UTF-8 CSV. mark: whether it begins with the mark that makes spreadsheets read accents."""
    text = io.TextIOWrapper(stream, "utf-8-sig" if mark else "utf-8", newline="", write_through=True)
    write = csv_writer(text, zone=legal_zone())
    for row in chain([head], rows):
        write(row)
    text.detach()


def write_xlsx(stream: IO[bytes], head: Sequence[str], rows: Rows, title: str, *, made: datetime | None = None) -> None:
    """Write a workbook of one sheet, row by row. made: when it says that it was made, for the same bytes."""
    book = xlsxwriter.Workbook(
        stream, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    if made is not None:
        book.set_properties({"created": made.astimezone(UTC).replace(tzinfo=None)})
    sheet, zone = book.add_worksheet(title[:31]), legal_zone()
    bold, pesos = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    for column, words in enumerate(head):
        sheet.write_string(0, column, words, bold)
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, Money):
                sheet.write_number(line, column, cell.pesos, pesos)
            elif isinstance(cell, int | Decimal):
                sheet.write_number(line, column, cell)
            elif isinstance(cell, date) and not isinstance(cell, datetime):
                sheet.write_datetime(line, column, cell, day)
            elif cell not in ("", None):
                sheet.write_string(line, column, iso(cell, zone))
    book.close()
