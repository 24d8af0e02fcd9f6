"""Write lists as files to download: CSV and XLSX with stable heads, ISO dates, plain amounts and no formulas."""

import csv
import hashlib
import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, cast

import xlsxwriter
from django.http import FileResponse, Http404, HttpResponse
from django.utils.http import content_disposition_header

from sif.jobs.bounds import bounded
from sif.registry.clock import legal_zone
from sif.values import Money, csv_cell, iso

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 8 * 2**20
"""Bytes of a file beyond which it stands on disk while it is sent."""

type Rows = Iterable[Sequence[Any]]
"""Rows of `Cell`, or of what writes itself as text."""


def digest_of(data: bytes) -> str:
    """Compute SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def csv_bytes(head: Sequence[str], rows: Rows) -> bytes:
    """Write UTF-8 CSV without a byte order mark, as open data wants it."""
    stream = io.BytesIO()
    _write_csv(stream, head, rows)
    return stream.getvalue()


def csv_file(name: str, head: Sequence[str], rows: Rows, *, mark: bool = True) -> HttpResponse:
    """Answer rows as name.csv. mark: whether it begins with the mark that makes spreadsheets read accents.

    Raises LongFile for more rows than a request writes: a job writes those.
    """
    rows = bounded(rows, "csv")
    return written_file(lambda stream: _write_csv(stream, head, rows, mark=mark), CSV, f"{name}.csv")


def xlsx_file(name: str, head: Sequence[str], rows: Rows) -> HttpResponse:
    """Answer rows as name.xlsx. Raises LongFile."""
    rows = bounded(rows, "xlsx")
    return written_file(lambda stream: _write_xlsx(stream, head, rows, name), XLSX, f"{name}.xlsx")


def file_response(kind: str, name: str, head: Sequence[str], rows: Rows, *, mark: bool = True) -> HttpResponse:
    """Answer rows as a file of a kind, csv or xlsx. Raises LongFile, or Http404 for another kind."""
    if kind not in ("csv", "xlsx"):
        raise Http404(f"No hay archivos «{kind}»; los hay csv y xlsx.")
    return csv_file(name, head, rows, mark=mark) if kind == "csv" else xlsx_file(name, head, rows)


def written_file(write: Callable[[IO[bytes]], object], media: str, name: str) -> HttpResponse:
    """Write a file and answer it as an attachment; a large one stands on disk while it is sent.

    It is written before the answer returns, since the scope of row level security closes with the request.
    """
    stream = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the answer closes it
    write(cast(IO[bytes], stream))
    size = stream.tell()
    stream.seek(0)
    if size > IN_MEMORY:
        return cast(HttpResponse, FileResponse(stream, as_attachment=True, filename=name, content_type=media))
    with stream:
        return download(stream.read(), media, name)


def download(data: bytes, media: str, name: str) -> HttpResponse:
    """Answer bytes as an attachment, with their digest as ETag."""
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    headers = {"Content-Disposition": disposition, "ETag": f'"{digest_of(data)}"'}
    return HttpResponse(data, content_type=media, headers=headers)


def _write_csv(stream: IO[bytes], head: Sequence[str], rows: Rows, *, mark: bool = False) -> None:
    text = io.TextIOWrapper(stream, "utf-8-sig" if mark else "utf-8", newline="", write_through=True)
    writer, zone = csv.writer(text, lineterminator="\r\n"), legal_zone()
    writer.writerow(head)
    writer.writerows([csv_cell(cell, zone) for cell in row] for row in rows)
    text.detach()


def _write_xlsx(stream: IO[bytes], head: Sequence[str], rows: Rows, title: str) -> None:
    book = xlsxwriter.Workbook(
        stream, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
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
