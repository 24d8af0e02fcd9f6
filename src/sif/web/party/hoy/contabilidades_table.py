"""The table of books: income, spending, cap and report, on screen and as a file."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sif.books.board import BoardRow, board
from sif.registry.models import Contabilidad, Periodo
from sif.values import Money
from sif.web.columns import Column, file_asked, order_asked, panel
from sif.web.columns import Link as To
from sif.web.party.mesa import books_name, books_office
from sif.web.party.report_states import report_states
from sif.web.tables import Empty, Spending, Table, Thing, file_links, page_of


def accounts_table(
    query: QueryDict,
    books: Sequence[Contabilidad],
    period: Periodo | None,
    *,
    rows_of_board: Mapping[int, BoardRow] | None = None,
    states: Mapping[int, str] | None = None,
) -> Table:
    """Return a page of the books with what they spent against their cap, the nearest to it first unless asked.

    What they are ordered by is kept by the chain of each (`board`), and not in the database.

    `rows_of_board`, `states`: what the page had already read of them.
    """
    spent = board(books) if rows_of_board is None else rows_of_board
    order = order_asked(query, _columns(period, spent, {}), "-gastado")
    ordered = sorted(books, key=lambda each: _key(order, each, spent[each.pk]), reverse=order.startswith("-"))
    shown, page = page_of(ordered, query)
    columns = _columns(period, spent, report_states(shown, period) if states is None else states)
    nothing = Empty(_("Todavía no hay contabilidades."), _("Nacen cuando la autoridad aprueba cada candidatura."))
    return panel(
        _("Contabilidades"),
        shown,
        columns,
        totales={
            "ingresos": Money(sum(each.ingresos.centavos for each in spent.values())),
            "gastos": Money(sum(each.egresos.centavos for each in spent.values())),
        },
        palabra_total=ngettext("Suma de %(n)d contabilidad", "Suma de %(n)d contabilidades", len(books))
        % {"n": len(books)},
        orden=order,
        pagina=page if books else None,
        vacia=nothing,
        exportar=file_links(query) if books else (),
    )


def accounts_file(request: HttpRequest, books: Sequence[Contabilidad], period: Periodo | None) -> HttpResponse | None:
    """Return the same books as the file that ?formato= asks for."""
    columns = _columns(period, board(books), report_states(books, period))
    return file_asked(request, "contabilidades", books, columns)


def _columns(period: Periodo | None, spent: Mapping[int, BoardRow], states: Mapping[int, str]) -> tuple[Column, ...]:
    report = _("Informe P%(n)d") % {"n": period.numero} if period else _("Informe")

    def earned(each: Contabilidad) -> Money:
        return spent[each.pk].ingresos

    def paid(each: Contabilidad) -> Money:
        return spent[each.pk].egresos

    def cap(each: Contabilidad) -> object:
        own = spent[each.pk].tope
        return _("no aplica") if own is None else own

    def used(each: Contabilidad) -> Spending:
        return Spending(spent[each.pk].egresos, spent[each.pk].tope or Money(0))

    def name(each: Contabilidad) -> Thing:
        return Thing(books_name(each), debajo=books_office(each))

    return (
        Column("contabilidad", source="pk", where="file"),
        Column("id", _("ID"), "clave", "pk", sort=True, link=To("party:contabilidad"), where="screen", phone="half"),
        Column("candidatura", _("Candidatura"), "cosa", show=name, sort=True, where="screen"),
        Column("nombre", written=books_name, where="file"),
        Column("cargo", written=books_office, where="file"),
        Column("ingresos", _("Ingresos"), "dinero", show=earned, written=earned, sort=True, phone="third"),
        Column("gastos", _("Gastos"), "dinero", show=paid, written=paid, sort=True, phone="third"),
        Column("tope", _("Tope"), "dinero", show=cap, written=lambda each: spent[each.pk].tope, phone="third"),
        Column("gastado", _("Gastado del tope"), "tope", show=used, sort=True, where="screen"),
        Column(
            "informe",
            report,
            "estado",
            show=lambda each: states.get(each.pk, "no_aplica"),
            written=lambda each: states.get(each.pk, ""),
        ),
    )


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
