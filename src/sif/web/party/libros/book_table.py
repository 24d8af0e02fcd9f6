"""Draw a book as a table whose figures link to their rows."""

from datetime import date

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sif.statements.files.plain import percentage, plain, quantity
from sif.statements.report import Column as BookColumn
from sif.statements.report import Drill, Line, Report, Rows
from sif.values import Money
from sif.web.cells import cell_html
from sif.web.formats import short_day
from sif.web.tables import Column, Empty, Link, Row, Table, pager_asked, query_with

_KINDS = {"cantidad": "numero", "porcentaje": "numero"}
_KEPT = ("etapa", "contabilidad")
_SHEETS = {
    "poliza": "party:poliza",
    "evento": "party:evento",
    "contrato": "party:contrato",
    "casa": "party:casa",
    "articulo": "party:kardex",
    "serie": "party:serie",
    "mes_bancario": "party:conciliacion",
}
"""Pages of one thing, by what a figure opens; their arguments are the numbers of the drill, in order."""


def book_table(report: Report, rows: Rows, query: QueryDict) -> Table:
    """Return one page of a book, with its totals and the files it is given in."""
    page = pager_asked(query, rows.count())
    columns = tuple(Column(each.clave, _(each.titulo), _KINDS.get(each.tipo, each.tipo)) for each in report.on_screen)
    lines = rows.page(max(0, page.desde - 1), page.hasta)
    drawn = [Row(_cells(report, line, query)) for line in lines]
    nothing = Empty(_("No hay renglones con estos filtros."), _("Quite alguno, o elija otra etapa o contabilidad."))
    words = ngettext("Total de %(n)s renglón", "Total de %(n)s renglones", page.total) % {"n": f"{page.total:,}"}
    return Table(
        _(report.titulo),
        columns,
        drawn,
        dict(rows.totals()),
        words,
        pagina=page,
        vacia=nothing,
        exportar=files_of(query) if drawn else (),
        libro=True,
    )


def files_of(query: QueryDict) -> tuple[Link, ...]:
    """Return the addresses of the same book as files."""
    kinds = (
        ("xlsx", "XLSX"),
        ("csv", _("CSV con comas")),
        ("csv_punto_y_coma", _("CSV con punto y coma")),
        ("pdf", "PDF"),
    )
    return tuple(Link(words, query_with(query, formato=kind, pagina="")) for kind, words in kinds)


def _cells(report: Report, line: Line, query: QueryDict) -> dict[str, object]:
    cells: dict[str, object] = {}
    for column in report.on_screen:
        shown = _cell(column, line, query)
        below = [_said(under, line.celdas.get(under.clave)) for under in report.under(column.clave)]
        if words := " · ".join(each for each in below if each):
            shown = format_html('{}<span class="under">{}</span>', shown, words)
        cells[column.clave] = shown
    return cells


def _said(column: BookColumn, value: object) -> str:
    if column.tipo == "dia" and isinstance(value, date):
        return short_day(value, year=True)
    return str(value) if isinstance(value, Money) else plain(column, value)


def _cell(column: BookColumn, line: Line, query: QueryDict) -> SafeString | str:
    value, drill = line.celdas.get(column.clave), line.ligas.get(column.clave)
    if value is None or value == "":
        return ""
    shown = cell_html(Column(column.clave, "", _KINDS.get(column.tipo, column.tipo)), _drawn(column, value))
    if column.tipo == "clave" and drill:
        return format_html('<a class="key" href="{}">{}</a>', address_of(drill, query), value)
    if drill:
        shown = format_html('<a href="{}">{}</a>', address_of(drill, query), shown)
    elif column.tipo == "texto":
        shown = format_html('<span class="words">{}</span>', shown)
    return format_html("<strong>{}</strong>", shown) if line.clase else shown


def _drawn(column: BookColumn, value: object) -> object:
    if column.tipo in _KINDS and isinstance(value, int):
        return format_html("{}", quantity(value) if column.tipo == "cantidad" else percentage(value))
    return value


def address_of(drill: Drill, query: QueryDict) -> str:
    """Return the address that a figure opens, over the same books unless the figure names its own."""
    if drill.hacia in _SHEETS:
        return reverse(_SHEETS[drill.hacia], args=[int(number) for number in drill.filtros.values()])
    kept = [(key, value) for key in _KEPT if key not in drill.filtros for value in query.getlist(key) if value]
    return f"{reverse('party:libro', args=[drill.hacia])}?{urlencode([*kept, *drill.filtros.items()])}"
