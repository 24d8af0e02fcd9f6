"""Show and close the reconciliation of a month."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sif.banks import selectors
from sif.banks.monthly import account_months
from sif.banks.services import close_month
from sif.registry.models import CuentaBancaria
from sif.values import Money, Problem, Refused
from sif.web.columns import Column, panel
from sif.web.files import file_response
from sif.web.frame import Crumb
from sif.web.party.bancos import bank_tables as tables
from sif.web.party.bancos.account_page import account_crumbs, account_of, account_url, month_url
from sif.web.party.bancos.bank_pictures import matched_picture
from sif.web.party.mesa import Mesa, books_name, party_page
from sif.web.tables import Empty, Table, Thing

HEAD = ("renglon", "fecha", "referencia", "concepto", "dias", "explicacion", "importe")


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int, year: int, month: int) -> HttpResponse:
    """Return a month of an account; ?formato=csv or xlsx gives it as a file; a post closes it."""
    cuenta = account_of(mesa, number)
    if not (1 <= month <= 12 and 2000 <= year <= 2999):
        raise Http404(_("Ese mes no existe."))
    mes = date(year, month, 1)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            close_month(cuenta, mes, mesa.usuario)
            messages.success(request, _("Conciliación cerrada: sus cifras ya no cambian."))
            return HttpResponseRedirect(month_url(cuenta, mes))
        except Refused as refused:
            problems = refused.problems
        except PermissionError as refused:
            raise PermissionDenied(str(refused)) from refused
    found = selectors.conciliacion(cuenta, mes)
    if request.GET.get("formato") in ("csv", "xlsx"):
        name = f"conciliacion-{cuenta.clabe[-6:]}-{mes:%Y-%m}"
        return file_response(request.GET["formato"], name, HEAD, file_rows(found))
    crumb = Crumb(_("Conciliación"), request.path)
    context = {
        "frame": mesa.frame("bancos", *account_crumbs(cuenta), crumb, etapa=cuenta.contabilidad.etapa),
        "cuenta": cuenta,
        "nombre": books_name(cuenta.contabilidad),
        "mes": tables.month_words(mes),
        "c": found,
        "problemas": problems,
        "fin": selectors.month_end(mes),
        "en_transito": _sum(found.libros_no_banco),
        "sin_registrar": _sum(found.banco_no_libros),
        "volver": account_url(cuenta),
        "libros": _items(cuenta, found, "libros"),
        "banco": _items(cuenta, found, "banco"),
        "puede": mesa.can("capturar", cuenta.contabilidad),
        "otros": _others(cuenta, mes),
        "grafica": matched_picture(cuenta, account_months(cuenta)),
    }
    return render(request, "party/banco_mes.html", context, status=409 if problems else 200)


def _sum(items: tuple[selectors.Partida, ...]) -> Money:
    return Money(sum(each.monto.centavos for each in items))


def _others(cuenta: CuentaBancaria, mes: date) -> list[tuple[str, str, bool]]:
    return [
        (tables.month_words(each), month_url(cuenta, each), each == mes) for each in reversed(selectors.months(cuenta))
    ]


def file_rows(found: selectors.MonthReconciliation) -> list[tuple[object, ...]]:
    """The reconciliation as rows: its balances and each item, signed so that the column adds up to the bank's."""
    rows: list[tuple[object, ...]] = [
        ("saldo_libros", selectors.month_end(found.mes), "", "", "", "", found.saldo_libros)
    ]
    for words, items, sign in (
        ("en_libros_no_en_banco", found.libros_no_banco, -1),
        ("en_banco_no_en_libros", found.banco_no_libros, 1),
    ):
        rows += [
            (words, each.fecha, each.referencia, each.concepto, each.dias, each.explicacion, each.monto * sign)
            for each in items
        ]
    rows.append(("saldo_previo_al_primer_estado", "", "", "", "", "", found.saldo_previo))
    rows.append(("diferencia", "", "", "", "", "", found.diferencia))
    rows.append(("saldo_banco", selectors.month_end(found.mes), "", "", "", "", found.saldo_banco))
    return rows


def _items(cuenta: CuentaBancaria, found: selectors.MonthReconciliation, side: str) -> Table:
    items = found.libros_no_banco if side == "libros" else found.banco_no_libros
    titles = {"libros": _("En los libros y no en el banco"), "banco": _("En el banco y no en los libros")}
    columns = (
        Column("cosa", titles[side], "cosa", show=lambda each: _thing(cuenta, each, closed=bool(found.cerrada_el))),
        Column("fecha", _("Día"), "dia"),
        Column("estado", _("Explicación"), "estado", show=tables.partida_state, phone="wide"),
        Column("monto", _("Importe"), "dinero"),
    )
    return panel(
        titles[side],
        items,
        columns,
        totales={"monto": _sum(items)},
        palabra_total=_("Suma"),
        vacia=Empty(_("Ninguna partida.")),
    )


def _thing(cuenta: CuentaBancaria, each: selectors.Partida, *, closed: bool) -> Thing:
    """Return the item, with a link while it can still be resolved."""
    number = each.linea_id if each.lado == "banco" else each.movimiento_id
    url = "" if closed or number is None else tables.item_url(cuenta, each.lado, number)
    if each.lado == "banco":
        return Thing(each.concepto or _("Sin descripción"), url, debajo=each.referencia)
    return Thing(each.referencia, url, debajo=each.concepto)
