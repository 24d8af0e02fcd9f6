"""Show the kárdex of an article, and record entries, exits and reversals."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sif.books.models import MovimientoInventario
from sif.books.services.kardex import (
    NewEntrada,
    NewSalida,
    parse_thousandths,
    record_entry,
    record_exit,
    reverse_movement,
    thousandths,
)
from sif.books.warehouse import KardexLine, kardex, note, stock_of
from sif.catalogs.models import Articulo, Evento
from sif.filing.campaign_sheets import note_pdf
from sif.registry.history import current
from sif.values import Money
from sif.web.fields import MoneyField, day_field, day_words, text_field
from sif.web.formats import currency_amount
from sif.web.frame import Crumb
from sif.web.party.campaign_page import (
    CampaignForm,
    attempt,
    facts,
    form_page,
    must_capture_in,
    pdf_response,
)
from sif.web.party.catalog_form import file_asked, found_or_404
from sif.web.party.evento import ReasonForm
from sif.web.party.eventos import event_url
from sif.web.party.inventario import class_words, kardex_url
from sif.web.party.mesa import Mesa, books_crumb, books_name, party_page
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, file_links
from sif.web.typed import posted

HEAD = (
    "fecha", "tipo", "nota", "origen", "evento", "destino", "recibe", "cantidad", "costo", "existencia", "valor",
    "registrado_el", "registrado_por",
)  # fmt: skip


class QuantityField(forms.CharField):
    """A quantity typed with up to three decimals; gives thousandths."""

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        """Thousandths, or the reason why it is not a quantity."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_thousandths(text)
        except ValueError as refused:
            raise forms.ValidationError(str(refused)) from refused


class EntryForm(CampaignForm):
    """Goods that come in, as typed."""

    fecha = day_field(gettext_lazy("Fecha"))
    cantidad = QuantityField(label=gettext_lazy("Cantidad"))
    costo = MoneyField(label=gettext_lazy("Costo de toda la cantidad"))
    origen = forms.ChoiceField(label=gettext_lazy("Viene de"))
    documento = text_field(gettext_lazy("Nota de entrada"), gettext_lazy("Vacía: el folio siguiente."))
    recibe = text_field(gettext_lazy("Quién recibe"))
    rows = (
        (("fecha", ""), ("cantidad", "amount"), ("costo", "amount")), (("origen", ""), ("documento", "")),
        (("recibe", "grow"),),
    )  # fmt: skip

    def __init__(self, data: Any, mesa: Mesa, article: Articulo) -> None:
        super().__init__(data, mesa, article.contabilidad, initial={"fecha": day_words(mesa.ahora.date())})
        field = self.fields["origen"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(origin_words().items())

    def new(self) -> NewEntrada:
        """The entry typed, once it is understood."""
        values = self.cleaned_data
        return NewEntrada(
            values["fecha"], values["cantidad"] or 0, values["costo"] or Money(0), values["origen"],
            self.text("documento"), self.text("recibe"),
        )  # fmt: skip


class ExitForm(CampaignForm):
    """Goods that go out, as typed; their cost is not typed."""

    fecha = day_field(gettext_lazy("Fecha"))
    cantidad = QuantityField(label=gettext_lazy("Cantidad"))
    evento = forms.ChoiceField(label=gettext_lazy("Para el evento"), required=False)
    destino = text_field(gettext_lazy("O para el municipio"), gettext_lazy("Si no va a un evento."))
    documento = text_field(gettext_lazy("Nota de salida"), gettext_lazy("Vacía: el folio siguiente."))
    recibe = text_field(gettext_lazy("Quién recibe"))
    rows = (
        (("fecha", ""), ("cantidad", "amount")), (("evento", "grow"), ("destino", "")),
        (("documento", ""), ("recibe", "grow")),
    )  # fmt: skip

    def __init__(self, data: Any, mesa: Mesa, article: Articulo) -> None:
        super().__init__(data, mesa, article.contabilidad, initial={"fecha": day_words(mesa.ahora.date())})
        events = current(Evento.objects.filter(contabilidad=article.contabilidad)).exclude(estatus="cancelado")
        field = self.fields["evento"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("Ninguno")),
            *((str(e.pk), f"{e.numero}. {e.nombre}, {e.fecha:%d/%m/%Y}") for e in events.order_by("-fecha")),
        ]  # fmt: skip

    def new(self) -> NewSalida:
        """The exit typed, once it is understood."""
        values = self.cleaned_data
        event = int(values["evento"]) if values.get("evento") else None
        return NewSalida(
            values["fecha"], values["cantidad"] or 0, self.text("documento"), event, self.text("destino"),
            self.text("recibe"),
        )  # fmt: skip


def origin_words() -> dict[str, str]:
    """Where goods come from."""
    return {"compra": _("Compra"), "aportacion": _("Aportación en especie"), "transferencia": _("Transferencia")}


def _article(mesa: Mesa, number: int, articulo: int) -> Articulo:
    books = mesa.books(number)
    article = found_or_404(Articulo.objects.filter(pk=articulo, contabilidad=books).first())
    article.contabilidad = books
    return article


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int, articulo: int) -> HttpResponse:
    """The kárdex of an article; ?formato= gives it as a file."""
    article = _article(mesa, number, articulo)
    lines = kardex(article)
    if answer := file_asked(request, f"kardex-{article.clave}", HEAD, (_file_row(line) for line in lines)):
        return answer
    books, held = article.contabilidad, stock_of(article)
    data = facts(
        (_("Contabilidad"), f"{books.pk} {books_name(books)}"), (_("Clave"), article.clave),
        (_("Clase"), class_words()[article.clase]),
        (_("Existencia"), f"{thousandths(held.cantidad_milesimas)} {article.unidad}"),
        (_("Costo promedio"), currency_amount(held.unitario)), (_("Valor"), currency_amount(held.valor)),
    )  # fmt: skip
    can = mesa.can("capturar", books)
    context = {
        "frame": mesa.frame("inventario", books_crumb(books), Crumb(article.clave), etapa=books.etapa),
        "titulo": article.nombre, "rotulo": _("El artículo"), "datos": data,
        "tablas": [_table(request, article, lines, can)], "enlaces": _links(article) if can else [],
    }  # fmt: skip
    return render(request, "party/campana_ficha.html", context)


def _links(article: Articulo) -> list[Link]:
    args = [article.contabilidad_id, article.pk]
    return [
        Link(_("Entrada"), reverse("party:entrada", args=args), "plus-lg"),
        Link(_("Salida"), reverse("party:salida", args=args), "box-arrow-up-right"),
    ]


def _table(request: HttpRequest, article: Articulo, lines: list[KardexLine], can: bool) -> Table:
    columns = (
        Column("fecha", _("Fecha"), "dia"), Column("movimiento", _("Movimiento"), "cosa"),
        Column("nota", _("Nota"), "clave"),
        Column("cantidad", _("Cantidad")), Column("costo", _("Costo"), "dinero"),
        Column("existencia", _("Existencia")), Column("valor", _("Valor"), "dinero"),
        Column("acto", _("Deshacer"), "accion"),
    )  # fmt: skip
    undone = {line.movimiento.documento.removesuffix("-R") for line in lines if line.movimiento.cantidad_milesimas < 0}
    rows = []
    for line in lines:
        moved = line.movimiento
        may_undo = can and moved.cantidad_milesimas > 0 and moved.documento not in undone
        undo = (
            Link(_("Revertir"), reverse("party:revertir", args=[article.contabilidad_id, moved.pk])) if may_undo else ""
        )
        rows.append(
            Row(
                {
                    "fecha": moved.fecha, "movimiento": _whence(moved),
                    "nota": Thing(moved.documento, _note_url(moved)),
                    "cantidad": thousandths(line.cantidad_milesimas), "costo": line.costo,
                    "existencia": thousandths(line.existencia.cantidad_milesimas), "valor": line.existencia.valor,
                    "acto": undo,
                }
            )
        )  # fmt: skip
    empty = Empty(_("Todavía no ha entrado nada."), _("Registre la entrada con su nota y su costo."))
    return Table(
        _("Kárdex, en el orden en que se registró"), columns, rows, vacia=empty,
        exportar=file_links(request.GET) if rows else (),
    )  # fmt: skip


def _whence(moved: MovimientoInventario) -> Thing:
    if moved.cantidad_milesimas < 0:
        return Thing(
            _("Reversión de entrada") if moved.tipo == "entrada" else _("Reversión de salida"), debajo=moved.destino
        )
    if moved.tipo == "entrada":
        return Thing(_("Entrada"), debajo=origin_words().get(moved.origen, ""))
    if moved.evento is not None:
        return Thing(_("Salida"), event_url(moved.evento), debajo=moved.evento.nombre)
    return Thing(_("Salida"), debajo=moved.destino)


def _note_url(moved: MovimientoInventario) -> str:
    return reverse("party:nota", args=[moved.contabilidad_id, moved.pk])


def _file_row(line: KardexLine) -> tuple[object, ...]:
    moved = line.movimiento
    return (
        moved.fecha, moved.tipo, moved.documento, moved.origen, moved.evento.numero if moved.evento else "",
        moved.destino, moved.recibe, thousandths(line.cantidad_milesimas), line.costo,
        thousandths(line.existencia.cantidad_milesimas), line.existencia.valor, moved.registrado_el,
        moved.registrado_por.named_at(moved.registrado_el),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def entry(request: HttpRequest, mesa: Mesa, number: int, articulo: int) -> HttpResponse:
    """An entry to be recorded."""
    article = _article(mesa, number, articulo)
    must_capture_in(mesa, article.contabilidad)
    form = EntryForm(posted(request), mesa, article)
    if request.method == "POST":
        moved = attempt(form, lambda: record_entry(article, form.new(), mesa.usuario))
        if moved is not None:
            messages.success(request, _("Entrada registrada con la nota %(note)s.") % {"note": moved.documento})
            return HttpResponseRedirect(kardex_url(article))
    return form_page(request, form, _page(mesa, article, _("Entrada de «%(name)s»"), _("Registrar entrada")))


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def leave(request: HttpRequest, mesa: Mesa, number: int, articulo: int) -> HttpResponse:
    """An exit to be recorded, at the average cost."""
    article = _article(mesa, number, articulo)
    must_capture_in(mesa, article.contabilidad)
    form = ExitForm(posted(request), mesa, article)
    if request.method == "POST":
        moved = attempt(form, lambda: record_exit(article, form.new(), mesa.usuario))
        if moved is not None:
            words = {"note": moved.documento, "cost": currency_amount(moved.costo)}
            messages.success(request, _("Salida registrada con la nota %(note)s; costó %(cost)s.") % words)
            return HttpResponseRedirect(kardex_url(article))
    held = stock_of(article)
    context = _page(mesa, article, _("Salida de «%(name)s»"), _("Registrar salida"))
    words = {
        "quantity": f"{thousandths(held.cantidad_milesimas)} {article.unidad}",
        "cost": currency_amount(held.unitario),
    }
    return form_page(
        request, form, {**context, "intro": _("Hay %(quantity)s; cada una cuesta en promedio %(cost)s.") % words}
    )


def _page(mesa: Mesa, article: Articulo, title: str, button: str) -> dict[str, Any]:
    crumbs = (books_crumb(article.contabilidad), Crumb(article.clave, kardex_url(article)))
    return {
        "frame": mesa.frame("inventario", *crumbs, etapa=article.contabilidad.etapa),
        "titulo": title % {"name": article.nombre}, "volver": kardex_url(article), "boton": button,
    }  # fmt: skip


def _movement(mesa: Mesa, number: int, movimiento: int) -> MovimientoInventario:
    books = mesa.books(number)
    found = MovimientoInventario.objects.select_related("articulo", "evento", "registrado_por")
    moved = found_or_404(found.filter(pk=movimiento, contabilidad=books).first())
    moved.contabilidad = moved.articulo.contabilidad = books
    return moved


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def undo(request: HttpRequest, mesa: Mesa, number: int, movimiento: int) -> HttpResponse:
    """Undo a movement with its opposite, for a reason."""
    moved = _movement(mesa, number, movimiento)
    must_capture_in(mesa, moved.contabilidad)
    form = ReasonForm(posted(request), mesa, moved.contabilidad)
    done = None
    if request.method == "POST":
        done = attempt(form, lambda: reverse_movement(moved, form.text("motivo"), mesa.usuario))
    if done is not None:
        messages.success(request, _("%(note)s quedó revertida; las dos siguen a la vista.") % {"note": moved.documento})
        return HttpResponseRedirect(kardex_url(moved.articulo))
    context = _page(mesa, moved.articulo, _("Revertir un movimiento de «%(name)s»"), _("Revertir"))
    words = {"note": moved.documento, "quantity": f"{thousandths(moved.cantidad_milesimas)} {moved.articulo.unidad}"}
    intro = _("%(note)s, %(quantity)s. Se registra otro con signo negativo y el mismo costo.") % words
    return form_page(request, form, {**context, "intro": intro})


@require_safe
@party_page
def paper(request: HttpRequest, mesa: Mesa, number: int, movimiento: int) -> HttpResponse:
    """The note of a movement with every article in it, as PDF."""
    moved = _movement(mesa, number, movimiento)
    together = note(number, moved.tipo, moved.documento)
    for row in together:
        row.contabilidad = moved.contabilidad
    return pdf_response(note_pdf(together), f"nota-{moved.documento}")
