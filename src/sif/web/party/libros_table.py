"""A book on screen: its rows as a table in which every figure opens to the rows it comes from."""

from datetime import date

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from sif.statements.files.plain import percentage, quantity
from sif.statements.report import Column as BookColumn
from sif.statements.report import Drill, Line, Report, Rows
from sif.values import Money
from sif.web.formats import plain_amount
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, page_number, pager_for, query_with

_KINDS = {"cantidad": "numero", "porcentaje": "numero"}
_KEPT = ("etapa", "contabilidad")


def book_table(report: Report, rows: Rows, query: QueryDict) -> Table:
    """One page of a book, with its totals and the files it is given in."""
    page = pager_for(page_number(query), rows.count())
    columns = tuple(
        Column(each.clave, _(each.titulo), _KINDS.get(each.tipo, each.tipo)) for each in report.columnas
    )  # fmt: skip
    lines = rows.page(max(0, page.desde - 1), page.hasta)
    drawn = [Row(_cells(report, line, query), resaltada=False) for line in lines]
    nothing = Empty(_("No hay renglones con estos filtros."), _("Quite alguno, o elija otra etapa o contabilidad."))
    words = _("Total de %(n)s renglones") % {"n": f"{page.total:,}"}
    return Table(
        _(report.titulo), columns, drawn, dict(rows.totals()), words, pagina=page, vacia=nothing,
        exportar=files_of(query) if drawn else (), libro=True,
    )  # fmt: skip


def files_of(query: QueryDict) -> tuple[Link, ...]:
    """The addresses of the same book as files."""
    kinds = (
        ("xlsx", "XLSX"),
        ("csv", _("CSV con comas")),
        ("csv_punto_y_coma", _("CSV con punto y coma")),
        ("pdf", "PDF"),
    )
    return tuple(Link(words, query_with(query, formato=kind, pagina="")) for kind, words in kinds)


def _cells(report: Report, line: Line, query: QueryDict) -> dict[str, object]:
    return {
        column.clave: _cell(column, line.celdas.get(column.clave), line.ligas.get(column.clave), line, query)
        for column in report.columnas
    }


def _cell(column: BookColumn, value: object, drill: Drill | None, line: Line, query: QueryDict) -> object:
    url = address_of(drill, query) if drill else ""
    if value is None or value == "":
        return ""
    if isinstance(value, Money):
        words = format_html('<a href="{}">{}</a>', url, plain_amount(value)) if url else plain_amount(value)
        return format_html("<strong>{}</strong>", words) if line.clase else format_html("{}", words)
    if isinstance(value, int) and column.tipo in _KINDS:
        return format_html("{}", quantity(value) if column.tipo == "cantidad" else percentage(value))
    if isinstance(value, int | date):
        return value
    text = str(value)
    if column.tipo == "clave":
        return Thing(text, url) if url else Thing(text)
    return format_html("<strong>{}</strong>", text) if line.clase else Thing(text, url)


def address_of(drill: Drill, query: QueryDict) -> str:
    """Where a figure opens, over the same books unless it names its own."""
    if drill.hacia == "poliza":
        return reverse("party:poliza", args=[int(drill.filtros["contabilidad"]), int(drill.filtros["asiento"])])
    kept = [(key, value) for key in _KEPT if key not in drill.filtros for value in query.getlist(key) if value]
    return f"{reverse('party:libro', args=[drill.hacia])}?{urlencode([*kept, *drill.filtros.items()])}"
