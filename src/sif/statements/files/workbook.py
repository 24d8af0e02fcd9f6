"""Write a book as XLSX, continuing on another sheet beyond its row limit."""

from dataclasses import dataclass, field
from itertools import chain, islice
from typing import IO

from sif.jobs.workbooks import Format, Workbook, Worksheet, put, workbook
from sif.statements.files.heading import Heading
from sif.statements.report import Column, Line, Report, Rows

SHEET_ROWS = 1_048_576
"""Rows of a sheet of Excel 2007 and later."""
_WIDTHS = {"dinero": 16, "dia": 12, "momento": 19, "numero": 10, "cantidad": 14, "porcentaje": 12, "clave": 24}
_KEPT = 3  # rows kept below the data: the total, and the notice that it goes on


def write_workbook(stream: IO[bytes], report: Report, rows: Rows, head: Heading, sheet_rows: int = SHEET_ROWS) -> int:
    """Write the workbook row by row, without keeping it in memory; returns how many sheets it took.

    sheet_rows: how many rows a sheet takes, those of the heading included.
    """
    with workbook(stream, title=head.titulo, subject=head.sujeto, author="SIF") as book:
        writer = _Writer(book, report, head, sheet_rows)
        lines = iter(rows)
        room = sheet_rows - writer.first_row - _KEPT
        if room < 1:
            raise ValueError(f"Una hoja de {sheet_rows} renglones no deja lugar para los datos.")
        following = next(lines, None)
        while following is not None or not writer.sheets:
            writer.open_sheet()
            taken: list[Line] = [following] if following is not None else []
            for line in chain(taken, islice(lines, room - len(taken))):
                writer.line(line)
            following = next(lines, None)
            if following is not None:
                writer.goes_on()
        writer.totals(rows)
    return writer.sheets


@dataclass
class _Writer:
    book: Workbook
    report: Report
    head: Heading
    sheet_rows: int
    sheets: int = 0
    row: int = 0
    formats: dict[str, Format] = field(default_factory=dict)
    sheet: Worksheet = field(init=False)

    def __post_init__(self) -> None:
        add = self.book.add_format
        for name, bold in (("", False), ("suma", True)):
            base = {"bold": bold, "top": 1} if bold else {}
            self.formats |= {
                f"dinero{name}": add({**base, "num_format": "#,##0.00"}),
                f"dia{name}": add({**base, "num_format": "yyyy-mm-dd"}),
                f"momento{name}": add({**base, "num_format": "yyyy-mm-dd hh:mm:ss"}),
                f"cantidad{name}": add({**base, "num_format": "#,##0.000"}),
                f"porcentaje{name}": add({**base, "num_format": "0.00%"}),
                f"numero{name}": add({**base, "num_format": "0"}),
                f"texto{name}": add(base),
            }
        self.formats["titulo"] = add({"bold": True, "font_size": 14})
        self.formats["cabeza"] = add({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})

    @property
    def first_row(self) -> int:
        """The row, from 0, where data begins: after the title, its lines, a blank and the heads."""
        return len(self.head.lines) + 3

    def open_sheet(self) -> None:
        """A new sheet with its heading."""
        self.sheets += 1
        name = self.report.titulo[:24] + (f" ({self.sheets})" if self.sheets > 1 else "")
        self.sheet = self.book.add_worksheet(name)
        for place, column in enumerate(self.report.columnas):
            wide = max(_WIDTHS.get(column.tipo, 36), len(column.titulo) + 2)
            self.sheet.set_column(place, place, wide)
        self.sheet.freeze_panes(self.first_row, 0)
        self.sheet.set_landscape()
        self.sheet.repeat_rows(self.first_row - 1)
        put(self.sheet, 0, 0, self.head.titulo, self.formats["titulo"])
        for place, (label, words) in enumerate(self.head.lines, 1):
            put(self.sheet, place, 0, f"{label}: {words}")
        for place, column in enumerate(self.report.columnas):
            put(self.sheet, self.first_row - 1, place, column.titulo, self.formats["cabeza"])
        self.row = self.first_row

    def line(self, line: Line) -> None:
        """One row of data."""
        style = "suma" if line.clase else ""
        for place, column in enumerate(self.report.columnas):
            self.cell(place, column, line.celdas.get(column.clave), style)
        self.row += 1

    def cell(self, place: int, column: Column, value: object, style: str) -> None:
        """One cell, as a number or a day where it is one."""
        kind = column.tipo if column.tipo not in ("clave", "texto") else "texto"
        if value is None or value == "":
            return
        written = value / _SCALES.get(column.tipo, 1) if isinstance(value, int) else value
        put(self.sheet, self.row, place, written, self.formats[f"{kind}{style}"])

    def goes_on(self) -> None:
        """The notice that the rest stands in the next sheet."""
        words = f"Una hoja de Excel no pasa de {self.sheet_rows:,} renglones: continúa en la hoja siguiente."
        put(self.sheet, self.row + 1, 0, words, self.formats["textosuma"])

    def totals(self, rows: Rows) -> None:
        """The total of each totalled column, as on screen."""
        found = rows.totals()
        if not found:
            return
        put(self.sheet, self.row, 0, "Total", self.formats["textosuma"])
        for place, column in enumerate(self.report.columnas):
            if column.clave in found:
                self.cell(place, column, found[column.clave], "suma")


_SCALES = {"cantidad": 1000, "porcentaje": 10_000}
