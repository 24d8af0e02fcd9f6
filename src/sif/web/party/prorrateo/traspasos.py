"""Transfers between a subject's own books: both sides in one list, and a form that writes both pólizas or neither."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.db.models import Case, Count, Model, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sif.apportionment.selectors import shareable_accounts, transfers
from sif.books.accounts import account_for_role
from sif.books.services import NewTransfer, transfer
from sif.catalogs.selectors.auxiliaries import suppliers_offered
from sif.law.chart import load_chart
from sif.ledger import NewLine
from sif.registry.models import Contabilidad
from sif.values import InvalidMoney, Money, Problem, Refused, Unread, read_day
from sif.web.columns import Column, Link, Row, Values, panel
from sif.web.filters import check, words
from sif.web.lazy import Words
from sif.web.once import once
from sif.web.party.desk import PartyListing
from sif.web.party.mesa import Mesa, books_name, books_office, party_page
from sif.web.tables import Empty
from sif.web.tables import Link as Button
from sif.web.typed import typed_number

FIELDS = ("origen", "destino", "forma", "monto", "fecha", "cuenta", "proveedor", "esperados")


FORMS = {"efectivo": _("En efectivo"), "especie": _("En especie")}
"""In what a transfer was made."""
STATES = {
    "subsiste": ("atendida", _("Las dos pólizas")),
    "revertido": ("corregida", _("Revertido")),
    "difieren": ("vencido", _("Difieren")),
}
_STATE = Case(
    When(revertida=True, then=Value("revertido")),
    When(diferencia=0, then=Value("subsiste")),
    default=Value("difieren"),
)


def _standing(name: str) -> Case:
    return Case(When(revertida=False, then=name), default=0)


def _side(row: Values, name: str) -> Money | Words:
    return _("sin registro") if row[name] is None else Money(row[name])


def _whose(end: str) -> Column:
    """Declare whose the books of an end are, where the person sees them."""
    return Column(f"titular_{end}", show=lambda row: row[f"titular_{end}"], under=end, where="screen")


class Transfers(PartyListing):
    """Every transfer of the person's books, the last first; ?prorrateos=1 adds those that prorrateos made."""

    page = file_name = "traspasos"
    title, template, key = _("Traspasos"), "party/traspasos.html", "primero"
    intro = _(
        "Entre las contabilidades de un mismo sujeto, o de un partido a las de su coalición. Cada uno son dos pólizas "
        "que deben decir lo mismo."
    )
    filters = {
        "q": words(_("Folio, contabilidad o forma"), "folio", "origen", "destino", "forma"),
        "prorrateos": check(_("Con los de prorrateos")),
    }
    order = "-fecha"
    measures = {"difieren": Count("primero", filter=Q(revertida=False) & ~Q(diferencia=0))}
    columns = (
        Column("folio", _("Traspaso"), "cosa", sort=True),
        Column("fecha", _("Operación"), "dia", sort=True, phone="half"),
        Column("forma", words=FORMS, under="folio"),
        Column("origen", _("Sale de"), "clave", link=Link("party:poliza", ("origen", "eslabon_salida")), phone="half"),
        _whose("origen"),
        Column(
            "destino", _("Entra a"), "clave", link=Link("party:poliza", ("destino", "eslabon_entrada")), phone="half"
        ),
        _whose("destino"),
        Column("eslabon_salida", where="hidden"),
        Column("eslabon_entrada", where="hidden"),
        Column(
            "sale",
            _("Salida"),
            "dinero",
            "sale",
            sort=True,
            nullable=True,
            total=_standing("sale"),
            show=lambda row: _side(row, "sale"),
            phone="third",
        ),
        Column(
            "entra",
            _("Entrada"),
            "dinero",
            "entra",
            total=_standing("entra"),
            show=lambda row: _side(row, "entra"),
            phone="third",
        ),
        Column("diferencia", _("Diferencia"), "dinero", sort=True, total=_standing("diferencia"), phone="third"),
        Column("estado", _("Estado"), "estado", _STATE, states=STATES, where="screen"),
        Column("revertida", where="file"),
    )
    total_words = _("Suma de los que subsisten")
    empty = Empty(_("Todavía no hay traspasos."), _("Un traspaso registra las dos pólizas, o ninguna."))
    unmatched = _("Ningún traspaso responde a este filtro.")
    create = Button(_("Traspasar"), "party:traspaso", "arrow-left-right")

    def query(self) -> QuerySet[Model]:
        """Select both sides of each in one row."""
        return transfers(self.seat.libros, prorrateadas="prorrateos" in self.request.GET)

    def enrich(self, rows: list[Row]) -> None:
        """Say whose the books of each end are."""
        for row in rows:
            for end in ("origen", "destino"):
                books = self.seat.libros.get(row[end])
                row[f"titular_{end}"] = books_name(books) if books else ""

    def extra(self) -> Mapping[str, object]:
        """Count those whose sides differ."""
        return {"difieren": self.sums["difieren"]}


@dataclass
class Typed:
    """The form as typed."""

    values: dict[str, str]

    @classmethod
    def of(cls, query: QueryDict) -> "Typed":
        """Read it from an address or a body."""
        return cls({name: query.get(name, "").strip() for name in FIELDS})

    def number(self, name: str) -> int:
        """Return a field as a whole number; 0 where it is not one."""
        return typed_number(self.values[name])

    def understood(self, mesa: Mesa) -> tuple[NewTransfer | None, list[Problem]]:
        """Return the transfer asked for, or why not."""
        problems = []
        amount, day = Money(0), None
        try:
            amount = Money.parse(self.values["monto"])
        except InvalidMoney as wrong:
            problems.append(wrong.at(gettext("importe")))
        try:
            day = read_day(self.values["fecha"])
        except Unread:
            seen = gettext("La fecha «%(text)s» no es un día.") % {"text": self.values["fecha"]}
            problems.append(Problem("fecha", gettext("fecha"), seen, gettext("Elija el día de la operación.")))
        ends = [mesa.libros.get(self.number(name)) for name in ("origen", "destino")]
        if None in ends or ends[0] == ends[1]:
            words = gettext("Falta de qué contabilidad sale y a cuál otra entra.")
            problems.append(Problem("extremos", gettext("contabilidades"), words, gettext("Elija dos de las suyas.")))
        forma = "especie" if self.values["forma"] == "especie" else "efectivo"
        spent = None
        if forma == "especie":
            spent = NewLine(self.values["cuenta"], auxiliar_tipo="proveedor", auxiliar_id=self.number("proveedor"))
        if problems or day is None:
            return None, problems
        return NewTransfer(self.number("origen"), self.number("destino"), amount, forma, day, spent), []


@require_http_methods(["GET", "HEAD", "POST"])
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
        seen = gettext("Desde que vio la vista previa se registró otro traspaso entre estas contabilidades.")
        again = Problem(
            "enviado_dos_veces", gettext("traspaso"), seen, gettext("Vea la lista: si no es el suyo, véalo otra vez.")
        )
        return _form(request, mesa, typed, asked, [again], 422)

    def write() -> str:
        out, into = transfer(asked, mesa.usuario)
        folio = out.lados_transferencia.get().folio
        said = gettext("El traspaso %(folio)s quedó en las dos contabilidades: %(out)d y %(into)d.")
        messages.success(request, said % {"folio": folio, "out": out.contabilidad_id, "into": into.contabilidad_id})
        return f"{reverse('party:traspasos')}?q={folio}"

    try:
        return HttpResponseRedirect(once(request, write))
    except Refused as refused:
        return _form(request, mesa, typed, asked, list(refused.problems), 422)


def _made(asked: NewTransfer) -> int:
    """Count the transfers there are from one to the other; their number names the next."""
    return transfers([asked.origen_id]).filter(origen=asked.origen_id, destino=asked.destino_id).count()


def _form(
    request: HttpRequest,
    mesa: Mesa,
    typed: Typed,
    asked: NewTransfer | None,
    problems: list[Problem],
    status: int = 200,
) -> HttpResponse:
    chart = load_chart(settings.JURISDICTION)
    books = [each for each in mesa.actuales if mesa.can("capturar", each)]
    seen = asked if asked is not None and not problems else None
    ends = ((seen.origen_id, True), (seen.destino_id, False)) if seen else ()
    context = {
        "frame": mesa.frame("traspasos"),
        "escrito": typed.values,
        "problemas": problems,
        "pedido": seen,
        "libros": [(each.pk, books_name(each), books_office(each)) for each in books],
        "cuentas": [(code, chart[code].nombre) for code in shareable_accounts()],
        "proveedores": suppliers_offered({each.sujeto_id for each in books}),
        "esperados": _made(seen) if seen else 0,
        "lados": [_preview(mesa.libros[number], seen, out) for number, out in ends] if seen else [],
    }
    return render(request, "party/traspaso.html", context, status=status)


def _preview(books: Contabilidad, asked: NewTransfer, out: bool) -> dict[str, object]:
    """Show one póliza of the two, as it will be read."""
    chart = load_chart(settings.JURISDICTION)
    own = account_for_role(f"{'salida' if out else 'entrada'}_{asked.forma}")
    other = asked.gasto.cuenta if asked.gasto else account_for_role("bancos")
    lines = [(own, True), (other, False)] if out else [(other, True), (own, False)]
    rows = [
        {
            "cuenta": chart[code].nombre if code in chart else code,
            "codigo": code,
            "cargo": asked.monto if debit else "",
            "abono": "" if debit else asked.monto,
        }
        for code, debit in lines
    ]
    title = gettext("Sale de %(n)d") if out else gettext("Entra a %(n)d")
    title %= {"n": books.pk}
    return {"titulo": title, "nombre": books_name(books), "tabla": panel(title, rows, LINES)}


LINES = (
    Column("cuenta", _("Cuenta"), "cosa"),
    Column("codigo", kind="clave", under="cuenta"),
    Column("cargo", _("Cargo"), "dinero", phone="half"),
    Column("abono", _("Abono"), "dinero", phone="half"),
)
"""A line of a póliza to be."""
