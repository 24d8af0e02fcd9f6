"""A list as a file: the whole filtered set, with ISO dates, plain amounts and stable column names."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, cast

import xlsxwriter
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

from sif.jobs.bounds import bounded
from sif.registry import clock
from sif.values import Money

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_MEMORY = 8_000_000  # bytes of a file kept in memory before it goes to a temporary file


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A UTF-8 CSV (with its mark, so that spreadsheets read accents) to download as name.csv. Raises LongFile."""

    def write(stream: IO[bytes]) -> None:
        text = io.TextIOWrapper(stream, "utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(head)
        writer.writerows([_plain(value) for value in row] for row in bounded(rows, "csv"))
        text.detach()

    return written_file(write, "text/csv; charset=utf-8", f"{name}.csv")


def xlsx_file(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A workbook of one sheet to download as name.xlsx; amounts are numbers, texts never formulas. Raises LongFile."""
    return written_file(lambda stream: _write_sheet(stream, name, head, rows), XLSX, f"{name}.xlsx")


def _write_sheet(stream: IO[bytes], name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    book = xlsxwriter.Workbook(
        stream, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(name[:31])
    bold, amount = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(head):
        sheet.write_string(0, column, title, bold)
    for line, row in enumerate(bounded(rows, "xlsx"), 1):
        for column, value in enumerate(row):
            if isinstance(value, Money):
                sheet.write_number(line, column, value.pesos, amount)
            elif isinstance(value, int | Decimal):
                sheet.write_number(line, column, value)
            else:
                sheet.write_string(line, column, _text(value))
    book.close()


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


def written_file(write: Callable[[IO[bytes]], object], kind: str, name: str) -> HttpResponse:
    """What `write` writes, to download under a name; a large file does not stand in memory."""
    stream = tempfile.SpooledTemporaryFile(_MEMORY)  # noqa: SIM115 - the response closes it
    write(cast(IO[bytes], stream))
    size = stream.tell()
    stream.seek(0)
    if size > _MEMORY:
        return cast(HttpResponse, FileResponse(stream, as_attachment=True, filename=name, content_type=kind))
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    with stream:
        return HttpResponse(stream.read(), content_type=kind, headers={"Content-Disposition": disposition})
