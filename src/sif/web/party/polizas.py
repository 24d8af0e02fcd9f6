"""Pólizas: the list with its filters in the address, fifty to a page, and the filtered set as a file."""

from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.books import selectors
from sif.books.models import Poliza
from sif.values import Money
from sif.web.files import csv_file, xlsx_file
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.poliza_filter import PolizaFilter, filtered
from sif.web.tables import (
    Column,
    Empty,
    Link,
    Pager,
    Row,
    Table,
    Thing,
    file_links,
    order_asked,
    page_number,
    pager_for,
)

ORDERS = {
    "poliza": ("contabilidad_id", "eslabon"),
    "operacion": ("fecha_operacion", "pk"),
    "registro": ("registrada_el", "pk"),
    "monto": ("total", "pk"),
}
HEAD = (
    "referencia", "contabilidad", "periodo", "tipo", "subtipo", "numero", "clase", "fecha_operacion", "registrada_el",
    "registrada_por", "concepto", "total", "asiento", "huella",
)  # fmt: skip


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """The filtered list; ?formato=csv or xlsx gives all of it as a file."""
    form = PolizaFilter(request.GET, mesa)
    form.is_valid()
    found = filtered(mesa, form)
    order = order_asked(request.GET, _columns(), "-registro")
    sign = "-" if order.startswith("-") else ""
    found = found.order_by(*(f"{sign}{field}" for field in ORDERS[order.removeprefix("-")]))
    if request.GET.get("formato") in ("csv", "xlsx"):
        write = csv_file if request.GET["formato"] == "csv" else xlsx_file
        return write("polizas", HEAD, (_file_row(each) for each in found.iterator(chunk_size=2000)))
    page = pager_for(page_number(request.GET), found.count())
    context = {
        "frame": mesa.frame("polizas"), "filtro": form, "tabla": _table(request, mesa, found, page, order),
        "problemas": form.problemas, "borradores": selectors.borradores(mesa.libros).count(),
    }  # fmt: skip
    return render(request, "party/polizas.html", context)


def _columns() -> tuple[Column, ...]:
    return (
        Column("poliza", _("Póliza"), "cosa", ordenable=True),
        Column("contabilidad", _("Contabilidad"), "clave"),
        Column("operacion", _("Operación"), "dia", ordenable=True),
        Column("registro", _("Registro"), "dia", ordenable=True),
        Column("monto", _("Monto"), "dinero", ordenable=True),
        Column("estado", _("Estado"), "estado"),
    )


def _table(request: HttpRequest, mesa: Mesa, found: QuerySet[Poliza], page: Pager, order: str) -> Table:
    shown = list(found.select_related("reversion")[max(0, page.desde - 1) : page.hasta])
    rows = [
        Row(
            {
                "poliza": Thing(selectors.reference_of(each), poliza_url(each), debajo=each.concepto),
                "contabilidad": str(each.contabilidad_id),
                "operacion": each.fecha_operacion,
                "registro": each.registrada_el.astimezone(mesa.ahora.tzinfo).date(),
                "monto": Money(each.total),
                "estado": "corregida" if hasattr(each, "reversion") else "registrada",
            }
        )
        for each in shown
    ]
    first = Link(_("Soltar CFDI"), reverse("party:cfdi"), "inbox")
    nothing = Empty(
        _("Ninguna póliza responde a este filtro."), _("Suelte sus CFDI y el sistema propone la póliza."), (first,)
    )
    total = found.aggregate(all=Sum("total"))["all"] or 0
    words = _("Suma de esta página (todas: %(sum)s)") % {"sum": Money(total)}
    return Table(
        _("Pólizas"), _columns(), rows, {"monto": Money(sum(each.total for each in shown))}, words, order, page,
        vacia=nothing, exportar=file_links(request.GET),
    )  # fmt: skip


def poliza_url(poliza: Poliza) -> str:
    """The permanent address of a posted póliza: its books and its link in their chain."""
    return reverse("party:poliza", args=[poliza.contabilidad_id, poliza.eslabon])


def _file_row(each: Poliza) -> tuple[object, ...]:
    return (
        selectors.reference_of(each), each.contabilidad_id, each.periodo.numero, each.tipo, each.subtipo, each.numero,
        each.clase, each.fecha_operacion, each.registrada_el, each.registrada_por.named_at(each.registrada_el),
        each.concepto, Money(each.total), each.eslabon, bytes(each.huella).hex(),
    )  # fmt: skip
