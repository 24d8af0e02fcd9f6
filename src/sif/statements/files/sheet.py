"""Lay out a book on paper with its heading on each page."""

from datetime import date, datetime

from sif.notices.documents import render_pdf
from sif.notices.sheet import section, table
from sif.registry.clock import legal_zone
from sif.statements.files.heading import Heading
from sif.statements.files.plain import percentage, quantity
from sif.statements.report import Column, Line, Report, Rows
from sif.values import Money

PAPER_ROWS = 3_000
"""Rows that a PDF takes; beyond them a book is a file to work with, not to print."""
_CLASSES = {
    "dinero": "monto",
    "numero": "numero",
    "cantidad": "numero",
    "porcentaje": "numero",
    "clave": "clave",
    "dia": "clave",
}


class TooLongForPaper(ValueError):
    """The book has more rows than a PDF takes; the message says how many and what to do."""


def paper(report: Report, rows: Rows, head: Heading) -> bytes:
    """Return the PDF of a book. Raises TooLongForPaper."""
    count = rows.count()
    if count > PAPER_ROWS:
        raise TooLongForPaper(
            f"El PDF admite {PAPER_ROWS:,} renglones y este libro tiene {count:,}. "
            "Acote los días, la contabilidad o la cuenta, o descargue XLSX o CSV, que lo llevan completo."
        )
    return render_pdf("libro", book_sheet(report, rows, head))


def book_sheet(report: Report, rows: Rows, head: Heading) -> dict[str, object]:
    """Return the sheet of data of a book, with the columns of the screen: the others are in its files."""
    made = head.hecho_el.astimezone(legal_zone())
    lines = list(rows)
    columns = [(column.titulo, _class_of(report, column)) for column in report.on_screen]
    cells = [[_cell(report, column, line) for column in report.on_screen] for line in lines]
    sums = [place for place, line in enumerate(lines) if line.clase]
    return {
        "organo": "Sistema Integral de Fiscalización",
        "titulo": report.titulo,
        "numero": f"{report.clave} {made:%Y%m%d-%H%M}",
        "asunto": f"{head.sujeto}. Contabilidad {head.contabilidad}",
        "lugar_fecha": f"Impreso el {made:%d/%m/%Y}, {made:%H:%M} h (hora del centro)",
        "proyecto": False,
        "recuadro": [],
        "destinatario": [],
        "firma": [],
        "filtros": [{"rotulo": label, "texto": words} for label, words in head.lines[:-1]],
        "avisos": list(report.avisos),
        "renglones": len(lines),
        "secciones": [section(report.titulo, table(columns, cells, _totals(report, rows), sums))],
    }


def _totals(report: Report, rows: Rows) -> list[str]:
    found = rows.totals()
    if not found:
        return []
    words = [on_paper(column, found.get(column.clave)) for column in report.on_screen]
    words[0] = words[0] or "Total"
    return words


def on_paper(column: Column, value: object) -> str:
    """Return a value as paper shows it: 1,234.50 and days in ISO."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(legal_zone()):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return (
            quantity(value)
            if column.tipo == "cantidad"
            else percentage(value)
            if column.tipo == "porcentaje"
            else f"{value:,}"
        )
    return str(value)


def _class_of(report: Report, column: Column) -> str:
    """Return the style class of a column; a key column with words under its values takes the width of a text column."""
    kind = _CLASSES.get(column.tipo, "texto")
    return "clave_con_texto" if kind == "clave" and report.under(column.clave) else kind


def _cell(report: Report, column: Column, line: Line) -> str:
    """Return a value and, in a line of their own, those shown under it."""
    below = [on_paper(under, line.celdas.get(under.clave)) for under in report.under(column.clave)]
    said = " · ".join(words for words in below if words)
    shown = on_paper(column, line.celdas.get(column.clave))
    return f"{shown}\n{said}" if said else shown
