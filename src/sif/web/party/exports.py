"""A list as a file: the whole filtered set, with ISO dates, plain amounts and stable column names."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse

from sif.registry import clock
from sif.values import Money

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A UTF-8 CSV (with its mark, so that spreadsheets read accents) to download as name.csv."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(head)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return _attachment(stream.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"{name}.csv")


def xlsx_file(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A workbook of one sheet to download as name.xlsx; amounts are numbers, texts are never formulas."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(name[:31])
    bold, amount = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(head):
        sheet.write_string(0, column, title, bold)
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, Money):
                sheet.write_number(line, column, value.pesos, amount)
            elif isinstance(value, int | Decimal):
                sheet.write_number(line, column, value)
            else:
                sheet.write_string(line, column, _text(value))
    book.close()
    return _attachment(stream.getvalue(), XLSX, f"{name}.xlsx")


def _plain(value: object) -> str:
    """For CSV; a text that a spreadsheet would run as a formula is quoted with an apostrophe."""
    if isinstance(value, Money):
        return value.plain()
    text = _text(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_RISKY) else text


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(clock.legal_zone()).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _attachment(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
