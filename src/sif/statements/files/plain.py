"""Stream a book as CSV with ISO dates and plain amounts."""

import io
from collections.abc import Iterator
from datetime import date, datetime

from sif.registry.clock import legal_zone
from sif.statements.report import Column, Line, Report, Rows
from sif.values import Money, csv_writer

SEPARATORS = {"coma": ",", "punto_y_coma": ";"}
_BLOCK = 500


def csv_blocks(report: Report, rows: Rows, separator: str = ",") -> Iterator[bytes]:
    """Yield the file in blocks of bytes, with the mark that makes spreadsheets read accents; heads are the stable keys.

    It carries no totals: a column adds up to the total on screen. A text that a spreadsheet would run as a formula is
    quoted with an apostrophe.
    """
    stream = io.StringIO()
    write = csv_writer(stream, delimiter=separator)
    stream.write("\ufeff")
    write([column.clave for column in report.columnas] + (["renglon"] if _has_sums(report) else []))
    for place, line in enumerate(rows, 1):
        write(_cells(report, line))
        if place % _BLOCK == 0:
            yield _taken(stream)
    yield _taken(stream)


def _has_sums(report: Report) -> bool:
    return report.grupo == "estados"


def _cells(report: Report, line: Line) -> list[str]:
    cells = [plain(column, line.celdas.get(column.clave)) for column in report.columnas]
    return [*cells, line.clase or "detalle"] if _has_sums(report) else cells


def _taken(stream: io.StringIO) -> bytes:
    text = stream.getvalue()
    stream.seek(0)
    stream.truncate()
    return text.encode("utf-8")


def plain(column: Column, value: object) -> str:
    """Return a value as files write it: 1234.50, 2024-05-31, quantities with three decimals."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return value.plain()
    if isinstance(value, datetime):
        return value.astimezone(legal_zone()).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return (
            quantity(value)
            if column.tipo == "cantidad"
            else percentage(value)
            if column.tipo == "porcentaje"
            else str(value)
        )
    return str(value)


def quantity(thousandths: int) -> str:
    """Thousandths as a number: 1500 is 1.500."""
    sign = "-" if thousandths < 0 else ""
    return f"{sign}{abs(thousandths) // 1000}.{abs(thousandths) % 1000:03d}"


def percentage(basis_points: int) -> str:
    """Basis points as a percentage: 250 is 2.50."""
    sign = "-" if basis_points < 0 else ""
    return f"{sign}{abs(basis_points) // 100}.{abs(basis_points) % 100:02d}"
