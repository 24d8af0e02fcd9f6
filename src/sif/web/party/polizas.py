"""Pólizas: the list with its filters in the address, fifty to a page, and the filtered set as a file."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.books import selectors
from sif.books.models import Movimiento, Poliza
from sif.ledger import InvalidReference, parse_reference
from sif.registry.models import Periodo
from sif.values import Money
from sif.web.party.exports import csv_file, xlsx_file
from sif.web.party.mesa import Mesa, books_name, party_page
from sif.web.tables import (
    Column,
    Empty,
    Link,
    Pager,
    Row,
    Table,
    Thing,
    order_asked,
    page_number,
    pager_for,
    query_with,
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


class PolizaFilter(forms.Form):
    """What narrows the list of pólizas; anything not understood is ignored and the list says so by its counts."""

    q = forms.CharField(required=False)
    contabilidad = forms.ChoiceField(required=False)
    periodo = forms.ChoiceField(required=False)
    subtipo = forms.ChoiceField(required=False)
    cuenta = forms.CharField(required=False, widget=forms.HiddenInput)
    falta = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, mesa: Mesa) -> None:
        super().__init__(data)
        labels = {
            "q": _("Referencia o concepto"), "contabilidad": _("Contabilidad"), "periodo": _("Periodo"),
            "subtipo": _("Subtipo"),
        }  # fmt: skip
        for name, words in labels.items():
            self.fields[name].label = words
        numbers = Periodo.objects.filter(etapa__in=mesa.etapas).values_list("numero", flat=True)
        self.choose("contabilidad", [(str(b.pk), f"{b.pk} {books_name(b)}") for b in mesa.libros.values()], _("Todas"))
        self.choose("periodo", [(str(n), _("Periodo %(n)d") % {"n": n}) for n in sorted(set(numbers))], _("Todos"))
        self.choose("subtipo", [(v, str(w)) for v, w in subtype_words()], _("Todos"))

    def choose(self, name: str, choices: list[tuple[str, str]], everything: str) -> None:
        """Fill the choices of a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", everything), *choices]


def subtype_words() -> list[tuple[str, str]]:
    """Letters of each subtype and its word."""
    return [("IG", _("Ingresos")), ("EG", _("Egresos")), ("DR", _("Diario"))]


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """The filtered list; ?formato=csv or xlsx gives all of it as a file."""
    form = PolizaFilter(request.GET, mesa)
    form.is_valid()
    found = filtered(mesa, form.cleaned_data)
    order = order_asked(request.GET, _columns(), "-registro")
    sign = "-" if order.startswith("-") else ""
    found = found.order_by(*(f"{sign}{field}" for field in ORDERS[order.removeprefix("-")]))
    if request.GET.get("formato") in ("csv", "xlsx"):
        write = csv_file if request.GET["formato"] == "csv" else xlsx_file
        return write("polizas", HEAD, [_file_row(each) for each in found.iterator(chunk_size=2000)])
    page = pager_for(page_number(request.GET), found.count())
    context = {"frame": mesa.frame("polizas"), "filtro": form, "tabla": _table(request, mesa, found, page, order)}
    return render(request, "party/polizas.html", {**context, "borradores": selectors.borradores(mesa.libros).count()})


def filtered(mesa: Mesa, asked: dict[str, Any]) -> QuerySet[Poliza]:
    """The pólizas of the person's books that answer the filter."""
    found = selectors.polizas(mesa.libros)
    if asked.get("contabilidad"):
        found = found.filter(contabilidad=asked["contabilidad"])
    if asked.get("periodo"):
        found = found.filter(periodo__numero=asked["periodo"])
    if asked.get("subtipo"):
        found = found.filter(subtipo=asked["subtipo"])
    if asked.get("cuenta"):
        found = found.filter(pk__in=_with_account(mesa, asked["cuenta"]))
    if asked.get("falta"):
        missing = selectors.missing_evidence(mesa.libros)
        found = found.filter(pk__in=[each.poliza_id for each in missing if each.clase == asked["falta"]])
    return found.filter(_words(asked.get("q") or ""))


def _with_account(mesa: Mesa, code: str) -> list[int]:
    lines = Movimiento.objects.filter(contabilidad__in=mesa.libros, cuenta=code)
    return list(lines.values_list("poliza_id", flat=True).distinct())


def _words(text: str) -> Q:
    """A reference in any of the ways people write it, or words of the concept."""
    if not text.strip():
        return Q()
    try:
        cited = parse_reference(text)
    except InvalidReference:
        return Q(concepto__icontains=text.strip())
    same = Q(tipo=cited.tipo, periodo__numero=cited.periodo, subtipo=cited.subtipo, numero=cited.numero)
    return same & Q(contabilidad=cited.contabilidad_id) if cited.contabilidad_id else same


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
        vacia=nothing, exportar=(
            Link(_("CSV"), query_with(request.GET, formato="csv", pagina="")),
            Link(_("XLSX"), query_with(request.GET, formato="xlsx", pagina="")),
        ),
    )  # fmt: skip


def poliza_url(poliza: Poliza) -> str:
    """The permanent address of a posted póliza: its books and its link in their chain."""
    return reverse("party:poliza", args=[poliza.contabilidad_id, poliza.eslabon])


def _file_row(each: Poliza) -> tuple[object, ...]:
    return (
        selectors.reference_of(each), each.contabilidad_id, each.periodo.numero, each.tipo, each.subtipo, each.numero,
        each.clase, each.fecha_operacion, each.registrada_el, each.registrada_por.nombre, each.concepto,
        Money(each.total), each.eslabon, bytes(each.huella).hex(),
    )  # fmt: skip
