"""The table of books: income, spending, cap and report, on screen and as a file."""

from collections.abc import Mapping, Sequence

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sif.books.board import BoardRow, board
from sif.registry.models import Contabilidad, Periodo
from sif.values import Money
from sif.web.files import csv_file
from sif.web.party.mesa import books_name, books_office
from sif.web.party.report_states import report_states
from sif.web.tables import Column, Empty, Link, Row, Spending, Table, Thing, order_asked, query_with

HEAD = ("contabilidad", "nombre", "cargo", "ingresos", "gastos", "tope", "informe")


def accounts_table(
    query: QueryDict,
    books: Sequence[Contabilidad],
    period: Periodo | None,
    *,
    rows_of_board: Mapping[int, BoardRow] | None = None,
    states: Mapping[int, str] | None = None,
) -> Table:
    """The books with what they spent against their cap, the nearest to it first unless asked.

    `rows_of_board`, `states`: what the page had already read of them.
    """
    columns = _columns(period)
    order = order_asked(query, columns, "-gastado")
    spent = board(books) if rows_of_board is None else rows_of_board
    states = report_states(books, period) if states is None else states
    ordered = sorted(books, key=lambda each: _key(order, each, spent[each.pk]), reverse=order.startswith("-"))
    rows = [Row(_cells(each, spent[each.pk], states.get(each.pk, "no_aplica"))) for each in ordered]
    totals = {
        "ingresos": Money(sum(each.ingresos.centavos for each in spent.values())),
        "gastos": Money(sum(each.egresos.centavos for each in spent.values())),
    }
    words = ngettext("Suma de %(n)d contabilidad", "Suma de %(n)d contabilidades", len(rows)) % {"n": len(rows)}
    nothing = Empty(_("Todavía no hay contabilidades."), _("Nacen cuando la autoridad aprueba cada candidatura."))
    export = (Link(_("CSV"), query_with(query, formato="csv")),) if rows else ()
    return Table(_("Contabilidades"), columns, rows, totals, words, order, vacia=nothing, exportar=export)


def accounts_file(books: Sequence[Contabilidad], period: Periodo | None) -> HttpResponse:
    """The same books as a CSV."""
    spent, states = board(books), report_states(books, period)
    rows = [
        (
            each.pk,
            books_name(each),
            books_office(each),
            spent[each.pk].ingresos,
            spent[each.pk].egresos,
            spent[each.pk].tope,
            states.get(each.pk, ""),
        )
        for each in books
    ]
    return csv_file("contabilidades", HEAD, rows)


def _columns(period: Periodo | None) -> tuple[Column, ...]:
    report = _("Informe P%(n)d") % {"n": period.numero} if period else _("Informe")
    return (
        Column("id", _("ID"), "clave", ordenable=True, telefono="half"),
        Column("candidatura", _("Candidatura"), "cosa", ordenable=True),
        Column("ingresos", _("Ingresos"), "dinero", ordenable=True, telefono="third"),
        Column("gastos", _("Gastos"), "dinero", ordenable=True, telefono="third"),
        Column("tope", _("Tope"), "dinero", telefono="third"),
        Column("gastado", _("Gastado del tope"), "tope", ordenable=True),
        Column("informe", report, "estado"),
    )


def _cells(books: Contabilidad, spent: BoardRow, state: str) -> Mapping[str, object]:
    return {
        "id": Thing(str(books.pk), reverse("party:contabilidad", args=[books.pk])),
        "candidatura": Thing(books_name(books), debajo=books_office(books)),
        "ingresos": spent.ingresos,
        "gastos": spent.egresos,
        "tope": spent.tope if spent.tope is not None else _("no aplica"),
        "gastado": Spending(spent.egresos, spent.tope or Money(0)),
        "informe": state,
    }


def _key(order: str, books: Contabilidad, spent: BoardRow) -> tuple[object, int]:
    cap = spent.tope.centavos if spent.tope else 0
    values: dict[str, object] = {
        "id": books.pk,
        "candidatura": books_name(books),
        "ingresos": spent.ingresos.centavos,
        "gastos": spent.egresos.centavos,
        "gastado": spent.egresos.centavos * 10**8 // cap if cap else -1,
    }
    return values[order.removeprefix("-")], -books.pk if order.startswith("-") else books.pk
