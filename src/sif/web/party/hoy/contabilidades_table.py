"""The table of books: income, spending, cap and report, on screen and as a file."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sif.books.board import BoardRow
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
    spent: Mapping[int, BoardRow],
    *,
    states: Mapping[int, str] | None = None,
    searched: bool = False,
    parameter: str = "pagina",
) -> Table:
    """Return a page of the books with what they spent against their cap, the nearest to it first unless asked.

    What they are ordered by is kept by the chain of each (`board`), and not in the database.

    `states`: of the report of each for that period, where the page had read them. parameter: of the address, that says
    which page. The sum of income leaves out what others of the books transferred.
    """
    rows = [spent[each.pk] for each in books]
    order = order_asked(query, _columns(period, spent, {}), "-gastado")
    ordered = sorted(books, key=lambda each: _key(order, each, spent[each.pk]), reverse=order.startswith("-"))
    shown, page = page_of(ordered, query, parameter=parameter)
    columns = _columns(period, spent, report_states(shown, period) if states is None else states)
    nothing = Empty(_("Todavía no hay contabilidades."), _("Nacen cuando la autoridad aprueba cada candidatura."))
    if searched:
        nothing = Empty(_("Ninguna contabilidad tiene ese número, nombre o cargo."), _("Busque con menos palabras."))
    return panel(
        _("Contabilidades"),
        shown,
        columns,
        totales={
            "ingresos": Money(sum(each.ingresos.centavos - each.traspasado.centavos for each in rows)),
            "gastos": Money(sum(each.egresos.centavos for each in rows)),
        },
        palabra_total=_sum_words(rows),
        orden=order,
        pagina=page if books else None,
        vacia=nothing,
        exportar=file_links(query) if books else (),
    )


def _sum_words(rows: Sequence[BoardRow]) -> str:
    if any(each.traspasado.centavos for each in rows):
        words = ngettext(
            "Suma de %(n)d contabilidad, sin lo que otra le traspasó",
            "Suma de %(n)d contabilidades, sin lo que otra les traspasó",
            len(rows),
        )
    else:
        words = ngettext("Suma de %(n)d contabilidad", "Suma de %(n)d contabilidades", len(rows))
    return words % {"n": len(rows)}


def accounts_file(
    request: HttpRequest,
    books: Sequence[Contabilidad],
    spent: Mapping[int, BoardRow],
    periods: Mapping[int, Periodo | None],
) -> HttpResponse | None:
    """Return the same books as the file that ?formato= asks for; `periods`: of the report of each stage."""
    states: dict[int, str] = {}
    if "formato" in request.GET:
        for etapa, period in periods.items():
            states |= report_states([each for each in books if each.etapa_id == etapa], period)
    return file_asked(request, "contabilidades", books, _columns(None, spent, states))


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
        Column("candidatura", _("Candidatura"), "cosa", show=name, sort=True, where="screen"),
        Column("id", _("ID"), "clave", "pk", sort=True, link=To("party:contabilidad"), where="screen", phone="half"),
        Column("nombre", source="titular", where="file"),
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
