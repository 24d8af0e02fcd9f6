"""The filtered queue as a file: CSV or XLSX, with ISO dates, plain amounts and nothing that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from itertools import batched
from typing import IO

import xlsxwriter
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from sif.audit.models import Hallazgo
from sif.audit.review_selectors import Standing, standings
from sif.jobs.bounds import bounded
from sif.values import Money
from sif.web.law import rule_title, severity_words
from sif.web.party.exports import XLSX, written_file
from sif.web.stage import books_words

BATCH = 1_000  # rows read at once
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | Money | date | None


def _heads() -> list[str]:
    return [
        _("Regla"), _("Título"), _("Clave"), _("Sujeto"), _("Contabilidad"), _("Nombre"), _("Estado"), _("Decisión"),
        _("Día"), _("Monto (MXN)"), _("Mensaje"), _("Motivo"), _("Falta"), _("Asignado"),
    ]  # fmt: skip


def _rows(hallazgos: QuerySet[Hallazgo]) -> Iterator[list[Cell]]:
    for batch in batched(hallazgos.iterator(BATCH), BATCH):
        known = standings(batch)
        for row in batch:
            yield _cells(row, known[row.pk])


def _cells(row: Hallazgo, standing: Standing) -> list[Cell]:
    books = row.contabilidad
    decided = standing.observacion or standing.descarte or standing.propuesta
    return [
        row.regla, rule_title(row.regla), row.clave, books.sujeto.nombre, books.pk, books_words(books), row.estado,
        standing.estado, row.dia, Money(row.monto), row.mensaje, decided.motivo if decided else "",
        severity_words(row.regla), standing.asignado.nombre if standing.asignado else "",
    ]  # fmt: skip


def _harmless(text: str) -> str:
    """A text that a spreadsheet reads as text: one that looks like a formula gets an apostrophe before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        return value.plain()
    if isinstance(value, date):
        return value.isoformat()
    return _harmless(value) if isinstance(value, str) else str(value)


def _csv(stream: IO[bytes], hallazgos: QuerySet[Hallazgo]) -> None:
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(_heads())
    writer.writerows([_text(cell) for cell in row] for row in bounded(_rows(hallazgos), "csv"))
    text.detach()


def _xlsx(stream: IO[bytes], hallazgos: QuerySet[Hallazgo]) -> None:
    book = xlsxwriter.Workbook(
        stream, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("Hallazgos"))
    head, pesos = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, _heads(), head)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(bounded(_rows(hallazgos), "xlsx"), 1):
        for column, value in enumerate(row):
            if isinstance(value, Money):
                sheet.write_number(number, column, value.pesos, pesos)
            elif isinstance(value, date):
                sheet.write_datetime(number, column, value, days)
            elif isinstance(value, int):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, value or "")
    book.close()


def export_response(hallazgos: QuerySet[Hallazgo], kind: str, name: str) -> HttpResponse:
    """The file of the filtered set; kind is csv or xlsx. Raises LongFile."""
    write, media = (_xlsx, XLSX) if kind == "xlsx" else (_csv, "text/csv; charset=utf-8")
    return written_file(lambda stream: write(stream, hallazgos), media, f"{name}.{kind}")
