"""Write rows of typed cells as CSV, with ISO dates and plain amounts, and XLSX, with dates and numbers; no formulas."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import IO, Any

from sif.jobs.workbooks import SHEET_NAME, put, workbook
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
    with workbook(stream, made=made) as book:
        sheet, zone = book.add_worksheet(title[:SHEET_NAME]), legal_zone()
        bold, pesos = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        day, moment = (book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"))
        sheet.freeze_panes(1, 0)
        for column, words in enumerate(head):
            put(sheet, 0, column, words, bold)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, Money):
                    put(sheet, line, column, cell, pesos)
                elif isinstance(cell, int | Decimal):
                    put(sheet, line, column, cell)
                elif isinstance(cell, date):
                    put(sheet, line, column, cell, moment if isinstance(cell, datetime) else day)
                else:
                    put(sheet, line, column, iso(cell, zone))
