"""Transfers between a subject's own books: both sides in one list, and a form that writes both pólizas or neither."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.apportionment.selectors import TransferRow, shareable_accounts, transferencias
from sif.books.services import NewTransfer, PolizaRefused, transfer
from sif.books.services.transferencias import ACCOUNTS, BANKS
from sif.law.chart import load_chart
from sif.ledger import NewLine
from sif.registry.models import Contabilidad, Proveedor
from sif.values import InvalidMoney, Money, Problem
from sif.web.files import csv_file, xlsx_file
from sif.web.party.mesa import Mesa, books_name, books_office, party_page
from sif.web.party.prorrateo_words import file_links
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, order_asked, page_number, pager_for
from sif.web.typed import typed_number

HEAD = ("folio", "fecha", "forma", "origen", "destino", "sale", "entra", "diferencia", "revertida")
FIELDS = ("origen", "destino", "forma", "monto", "fecha", "cuenta", "proveedor", "esperados")


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Every transfer of the person's books; ?q= narrows it, ?prorrateos=1 adds those that prorrateos made."""
    asked, shared = request.GET.get("q", "").strip().casefold(), request.GET.get("prorrateos") == "1"
    rows = [
        row
        for row in transferencias(mesa.libros, prorrateadas=shared)
        if asked in f"{row.folio} {row.origen_id} {row.destino_id} {row.forma}".casefold()
    ]
    columns = _columns()
    order = order_asked(request.GET, columns, "-fecha")
    rows.sort(key=lambda row: _key(row, order.removeprefix("-")), reverse=order.startswith("-"))
    if request.GET.get("formato") in ("csv", "xlsx"):
        write = csv_file if request.GET["formato"] == "csv" else xlsx_file
        return write("traspasos", HEAD, (_file_row(row) for row in rows))
    pager = pager_for(page_number(request.GET), len(rows))
    live = [row for row in rows if not row.revertida]
    totals = {
        "sale": Money(sum(row.sale.centavos for row in live if row.sale)),
        "entra": Money(sum(row.entra.centavos for row in live if row.entra)),
        "diferencia": Money(sum(row.diferencia.centavos for row in live)),
    }
    nothing = Empty(
        _("Ningún traspaso responde a este filtro."), _("Un traspaso registra las dos pólizas, o ninguna."),
        (Link(_("Traspasar"), reverse("party:traspaso"), "arrow-left-right"),),
    )  # fmt: skip
    table = Table(
        _("Traspasos"), columns, [_row(mesa, row) for row in rows[max(0, pager.desde - 1) : pager.hasta]], totals,
        _("Suma de los que subsisten"), order, pager, vacia=nothing,
        exportar=file_links(request.GET),
    )  # fmt: skip
    context = {
        "frame": mesa.frame("traspasos"), "tabla": table, "q": request.GET.get("q", ""), "prorrateos": shared,
        "difieren": len([row for row in live if row.diferencia]),
    }  # fmt: skip
    return render(request, "party/traspasos.html", context)


def _columns() -> tuple[Column, ...]:
    return (
        Column("folio", _("Traspaso"), "cosa", ordenable=True),
        Column("fecha", _("Operación"), "dia", ordenable=True, telefono="half"),
        Column("origen", _("Sale de"), "clave", telefono="half"),
        Column("destino", _("Entra a"), "clave", telefono="half"),
        Column("sale", _("Salida"), "dinero", ordenable=True, telefono="third"),
        Column("entra", _("Entrada"), "dinero", telefono="third"),
        Column("diferencia", _("Diferencia"), "dinero", ordenable=True, telefono="third"),
        Column("estado", _("Estado"), "estado"),
    )


def _key(row: TransferRow, order: str) -> tuple[object, str]:
    values: dict[str, object] = {
        "folio": row.folio, "fecha": row.fecha, "sale": (row.sale or Money(0)).centavos,
        "diferencia": row.diferencia.centavos,
    }  # fmt: skip
    return values.get(order, row.fecha), row.folio


def _row(mesa: Mesa, row: TransferRow) -> Row:
    forma = _("En efectivo") if row.forma == "efectivo" else _("En especie")
    state: object = ("atendida", _("Las dos pólizas"))
    if row.revertida:
        state = ("corregida", _("Revertido"))
    elif row.diferencia:
        state = ("vencido", _("Difieren"))
    return Row(
        {
            "folio": Thing(row.folio, debajo=forma), "fecha": row.fecha,
            "origen": _end(mesa, row.origen_id, row.poliza_salida),
            "destino": _end(mesa, row.destino_id, row.poliza_entrada),
            "sale": row.sale if row.sale is not None else _("sin registro"),
            "entra": row.entra if row.entra is not None else _("sin registro"), "diferencia": row.diferencia,
            "estado": state,
        }
    )  # fmt: skip


def _end(mesa: Mesa, number: int, cited: tuple[str, int] | None) -> Thing:
    """A side: its books, linked to their póliza where the person may see it, whose it is below."""
    books = mesa.libros.get(number)
    url = reverse("party:poliza", args=[number, cited[1]]) if books and cited else ""
    return Thing(str(number), url, debajo=books_name(books) if books else "")


def _file_row(row: TransferRow) -> tuple[object, ...]:
    return (
        row.folio, row.fecha, row.forma, row.origen_id, row.destino_id, row.sale, row.entra, row.diferencia,
        "si" if row.revertida else "no",
    )  # fmt: skip


@dataclass
class Typed:
    """The form as typed."""

    values: dict[str, str]

    @classmethod
    def of(cls, query: QueryDict) -> "Typed":
        """Read it from an address or a body."""
        return cls({name: query.get(name, "").strip() for name in FIELDS})

    def number(self, name: str) -> int:
        """A field as a whole number; 0 where it is not one."""
        return typed_number(self.values[name])

    def understood(self, mesa: Mesa) -> tuple[NewTransfer | None, list[Problem]]:
        """The transfer asked for, or why not."""
        problems = []
        amount, day = Money(0), None
        try:
            amount = Money.parse(self.values["monto"])
        except InvalidMoney as wrong:
            problems.append(Problem("importe", _("importe"), str(wrong), _("Corrija el importe.")))
        try:
            day = date.fromisoformat(self.values["fecha"])
        except ValueError:
            seen = _("La fecha «%(text)s» no es un día.") % {"text": self.values["fecha"]}
            problems.append(Problem("fecha", _("fecha"), seen, _("Elija el día de la operación.")))
        ends = [mesa.libros.get(self.number(name)) for name in ("origen", "destino")]
        if None in ends or ends[0] == ends[1]:
            words = _("Falta de qué contabilidad sale y a cuál otra entra.")
            problems.append(Problem("extremos", _("contabilidades"), words, _("Elija dos de las suyas.")))
        forma = "especie" if self.values["forma"] == "especie" else "efectivo"
        spent = None
        if forma == "especie":
            spent = NewLine(self.values["cuenta"], auxiliar_tipo="proveedor", auxiliar_id=self.number("proveedor"))
        if problems or day is None:
            return None, problems
        return NewTransfer(self.number("origen"), self.number("destino"), amount, forma, day, spent), []


@party_page
def new(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Write a transfer: what both pólizas will say is shown first; then both are written or neither."""
    typed = Typed.of(request.POST if request.method == "POST" else request.GET)
    if request.method != "POST" and "ver" not in request.GET:
        return _form(request, mesa, typed, None, [])
    asked, problems = typed.understood(mesa)
    if request.method != "POST" or asked is None:
        return _form(request, mesa, typed, asked, problems, 422 if request.method == "POST" else 200)
    if typed.number("esperados") != _made(asked):
        seen = _("Desde que vio la vista previa se registró otro traspaso entre estas contabilidades.")
        again = Problem("enviado_dos_veces", _("traspaso"), seen, _("Vea la lista: si no es el suyo, véalo otra vez."))
        return _form(request, mesa, typed, asked, [again], 422)
    try:
        out, into = transfer(asked, mesa.usuario)
    except PolizaRefused as refused:
        return _form(request, mesa, typed, asked, list(refused.problems), 422)
    folio = out.lados_transferencia.get().folio
    said = _("El traspaso %(folio)s quedó en las dos contabilidades: %(out)d y %(into)d.")
    messages.success(request, said % {"folio": folio, "out": out.contabilidad_id, "into": into.contabilidad_id})
    return HttpResponseRedirect(f"{reverse('party:traspasos')}?q={folio}")


def _made(asked: NewTransfer) -> int:
    """How many transfers there are from one to the other, whose number names the next."""
    rows = transferencias([asked.origen_id])
    return len([row for row in rows if (row.origen_id, row.destino_id) == (asked.origen_id, asked.destino_id)])


def _form(
    request: HttpRequest,
    mesa: Mesa,
    typed: Typed,
    asked: NewTransfer | None,
    problems: list[Problem],
    status: int = 200,
) -> HttpResponse:
    chart = load_chart()
    books = [each for each in mesa.actuales if mesa.can("capturar", each)]
    seen = asked if asked is not None and not problems else None
    context = {
        "frame": mesa.frame("traspasos"), "escrito": typed.values, "problemas": problems, "pedido": seen,
        "libros": [(each.pk, books_name(each), books_office(each)) for each in books],
        "cuentas": [(code, chart[code].nombre) for code in shareable_accounts()],
        "proveedores": Proveedor.objects.order_by("nombre"), "esperados": _made(seen) if seen else 0,
        "lados": [_side(mesa.libros[seen.origen_id], seen, True), _side(mesa.libros[seen.destino_id], seen, False)]
        if seen
        else [],
    }  # fmt: skip
    return render(request, "party/traspaso.html", context, status=status)


def _side(books: Contabilidad, asked: NewTransfer, out: bool) -> dict[str, object]:
    """One póliza of the two, as it will be read."""
    chart = load_chart()
    own = ACCOUNTS["salida" if out else "entrada", asked.forma]
    other = asked.gasto.cuenta if asked.gasto else BANKS
    lines = [(own, True), (other, False)] if out else [(other, True), (own, False)]
    columns = (
        Column("cuenta", _("Cuenta"), "cosa"), Column("cargo", _("Cargo"), "dinero", telefono="half"),
        Column("abono", _("Abono"), "dinero", telefono="half"),
    )  # fmt: skip
    rows = [
        Row(
            {
                "cuenta": Thing(chart[code].nombre if code in chart else code, clave_debajo=code),
                "cargo": asked.monto if debit else "", "abono": "" if debit else asked.monto,
            }
        )
        for code, debit in lines
    ]  # fmt: skip
    title = _("Sale de %(n)d") % {"n": books.pk} if out else _("Entra a %(n)d") % {"n": books.pk}
    return {"titulo": title, "nombre": books_name(books), "tabla": Table(title, columns, rows)}
