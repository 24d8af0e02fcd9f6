"""Files that the public takes away: rows of typed cells written as CSV or as a workbook, each with its digest."""

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from sif.registry.clock import legal_zone
from sif.values import Money

CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | Money | date | datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file before it is written: its columns and its rows."""

    columnas: Sequence[str]
    filas: Sequence[Sequence[Cell]]


def digest_of(data: bytes) -> str:
    """SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def csv_bytes(sheet: Sheet) -> bytes:
    """UTF-8, comma, CRLF; amounts in pesos without separators, days in ISO form, no cell that runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(sheet.columnas)
    writer.writerows([_text(cell) for cell in row] for row in sheet.filas)
    return out.getvalue().encode()


def xlsx_bytes(sheet: Sheet, title: str) -> bytes:
    """A workbook of one page; amounts are numbers, texts are never formulas or links."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(title[:31])
    head, pesos = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    page.write_row(0, 0, list(sheet.columnas), head)
    page.freeze_panes(1, 0)
    for line, row in enumerate(sheet.filas, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, Money):
                page.write_number(line, column, cell.pesos, pesos)
            elif isinstance(cell, int):
                page.write_number(line, column, cell)
            else:
                page.write_string(line, column, _written(cell))
    book.close()
    return out.getvalue()


def sheet_response(sheet: Sheet, kind: str, name: str) -> HttpResponse:
    """The sheet as a download name.kind. Raises Http404 when kind is neither csv nor xlsx."""
    if kind == "csv":
        return download(csv_bytes(sheet), CSV, f"{name}.csv")
    if kind == "xlsx":
        return download(xlsx_bytes(sheet, name), XLSX, f"{name}.xlsx")
    raise Http404(f"No hay archivos «{kind}»; los hay csv y xlsx.")


def download(data: bytes, kind: str, name: str) -> HttpResponse:
    """The bytes as an attachment, with their digest as ETag."""
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    headers = {"Content-Disposition": disposition, "ETag": f'"{digest_of(data)}"'}
    return HttpResponse(data, content_type=kind, headers=headers)


def _text(cell: Cell) -> str:
    if isinstance(cell, Money):
        return cell.plain()
    words = _written(cell)
    return f"'{words}" if isinstance(cell, str) and words.startswith(_FORMULA) else words


def _written(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.astimezone(legal_zone()).isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)
