"""Show the kárdex of an article, and record entries, exits and reversals."""

from collections.abc import Sequence

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sif.books.models import MovimientoInventario
from sif.books.services.kardex import (
    NewEntrada,
    NewSalida,
    record_entry,
    record_exit,
    reverse_movement,
    thousandths,
)
from sif.books.warehouse import KardexLine, kardex, note, stock_of
from sif.catalogs.models import Articulo, Evento
from sif.filing.campaign_sheets import note_pdf
from sif.registry.history import current
from sif.registry.models import Contabilidad
from sif.values import read_thousandths
from sif.web import columns
from sif.web.columns import Column, Link, Row, Values
from sif.web.fields import MoneyField, day_field, day_words, text_field
from sif.web.formats import currency_amount
from sif.web.frame import Crumb
from sif.web.lazy import Words
from sif.web.party.campaign_page import facts, pdf_response
from sif.web.party.campana.agenda import event_url
from sif.web.party.catalog_form import found_or_404
from sif.web.party.mesa import Mesa, books_crumb, books_name, party_page
from sif.web.party.sheet import BooksRecord, ReasonForm
from sif.web.party.tabs import ARTICLES
from sif.web.record import RecordForm
from sif.web.tables import Empty, Table, Thing, file_links
from sif.web.tables import Link as Button

ORIGINS = {"compra": _("Compra"), "aportacion": _("Aportación en especie"), "transferencia": _("Transferencia")}
"""Where goods come from."""


class QuantityField(forms.CharField):
    """A quantity typed with up to three decimals; gives thousandths."""

    def to_python(self, value: object) -> int | None:  # type: ignore[override]
        """Thousandths, or the reason why it is not a quantity."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_thousandths(text)
        except ValueError as refused:
            raise forms.ValidationError(str(refused)) from refused


def _url(article: Articulo) -> str:
    return reverse("party:kardex", args=[article.contabilidad_id, article.pk])


def _article(books: Contabilidad, articulo: int) -> Articulo:
    article = found_or_404(Articulo.objects.filter(pk=articulo, contabilidad=books).first())
    article.contabilidad = books
    return article


# Its book ------------------------------------------------------------------------------------------------------------


def _whence(row: Values) -> Thing:
    moved: MovimientoInventario = row["mueve"]
    if moved.cantidad_milesimas < 0:
        words = _("Reversión de entrada") if moved.tipo == "entrada" else _("Reversión de salida")
        return Thing(words, debajo=moved.destino)
    if moved.tipo == "entrada":
        return Thing(_("Entrada"), debajo=ORIGINS.get(moved.origen, ""))
    if moved.evento is not None:
        return Thing(_("Salida"), event_url(moved.evento), debajo=moved.evento.nombre)
    return Thing(_("Salida"), debajo=moved.destino)


LINES = (
    Column("fecha", _("Fecha"), "dia"),
    Column("movimiento", _("Movimiento"), "cosa", show=_whence, where="screen"),
    Column("tipo", where="file"),
    Column("nota", _("Nota"), "clave", link=Link("party:nota", ("contabilidad", "numero"))),
    Column("origen", where="file"),
    Column("evento", where="file"),
    Column("destino", where="file"),
    Column("recibe", where="file"),
    Column("cantidad", _("Cantidad")),
    Column("costo", _("Costo"), "dinero"),
    Column("existencia", _("Existencia")),
    Column("valor", _("Valor"), "dinero"),
    Column("acto", _("Deshacer"), "accion", show=lambda row: row["acto"], where="screen"),
    Column("registrado_el", where="file"),
    Column("registrado_por", where="file"),
)
"""A movement with what remained after it."""


def _row(line: KardexLine) -> dict[str, object]:
    moved = line.movimiento
    return {
        "mueve": moved,
        "contabilidad": moved.contabilidad_id,
        "numero": moved.pk,
        "fecha": moved.fecha,
        "tipo": moved.tipo,
        "nota": moved.documento,
        "origen": moved.origen,
        "evento": moved.evento.numero if moved.evento else "",
        "destino": moved.destino,
        "recibe": moved.recibe,
        "cantidad": thousandths(line.cantidad_milesimas),
        "costo": line.costo,
        "existencia": thousandths(line.existencia.cantidad_milesimas),
        "valor": line.existencia.valor,
        "registrado_el": moved.registrado_el,
        "registrado_por": moved.registrado_por.named_at(moved.registrado_el),
    }


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int, articulo: int) -> HttpResponse:
    """Return the kárdex of an article; ?formato= gives it as a file."""
    books = mesa.books(number)
    article = _article(books, articulo)
    rows = [_row(line) for line in kardex(article)]
    if answer := columns.file_asked(request, f"kardex-{article.clave}", rows, LINES):
        return answer
    held = stock_of(article)
    data = facts(
        (_("Contabilidad"), f"{books.pk} {books_name(books)}"),
        (_("Clave"), article.clave),
        (_("Clase"), ARTICLES[article.clase]),
        (_("Existencia"), f"{thousandths(held.cantidad_milesimas)} {article.unidad}"),
        (_("Costo promedio"), currency_amount(held.unitario)),
        (_("Valor"), currency_amount(held.valor)),
    )
    can = mesa.can("capturar", books)
    context = {
        "frame": mesa.frame("inventario", books_crumb(books), Crumb(article.clave), etapa=books.etapa),
        "titulo": article.nombre,
        "rotulo": _("El artículo"),
        "datos": data,
        "tablas": [_table(request, rows, can=can)],
        "enlaces": _links(article) if can else [],
    }
    return render(request, "party/campana_ficha.html", context)


def _links(article: Articulo) -> list[Button]:
    args = [article.contabilidad_id, article.pk]
    return [
        Button(_("Entrada"), reverse("party:entrada", args=args), "plus-lg"),
        Button(_("Salida"), reverse("party:salida", args=args), "box-arrow-up-right"),
    ]


def _table(request: HttpRequest, rows: Sequence[Row], *, can: bool) -> Table:
    undone = {row["nota"].removesuffix("-R") for row in rows if row["mueve"].cantidad_milesimas < 0}
    for row in rows:
        may_undo = can and row["mueve"].cantidad_milesimas > 0 and row["nota"] not in undone
        url = reverse("party:revertir", args=[row["contabilidad"], row["numero"]])
        row["acto"] = Button(_("Revertir"), url) if may_undo else ""
    empty = Empty(_("Todavía no ha entrado nada."), _("Registre la entrada con su nota y su costo."))
    links = file_links(request.GET) if rows else ()
    return columns.panel(_("Kárdex, en el orden en que se registró"), rows, LINES, vacia=empty, exportar=links)


# Its acts ------------------------------------------------------------------------------------------------------------


class EntryForm(RecordForm):
    """Goods that come in, as typed."""

    makes = NewEntrada
    places = {"cantidad_milesimas": "cantidad"}
    fecha = day_field(_("Fecha"))
    cantidad = QuantityField(label=_("Cantidad"))
    costo = MoneyField(label=_("Costo de toda la cantidad"))
    origen = forms.ChoiceField(label=_("Viene de"), choices=ORIGINS.items())
    documento = text_field(_("Nota de entrada"), _("Vacía: el folio siguiente."))
    recibe = text_field(_("Quién recibe"))
    layout = ("fecha cantidad:amount costo:amount", "origen documento", "recibe:grow")


class ExitForm(RecordForm):
    """Goods that go out, as typed; their cost is not typed."""

    makes = NewSalida
    places = {"cantidad_milesimas": "cantidad"}
    fecha = day_field(_("Fecha"))
    cantidad = QuantityField(label=_("Cantidad"))
    evento = forms.ChoiceField(label=_("Para el evento"), required=False)
    destino = text_field(_("O para el municipio"), _("Si no va a un evento."))
    documento = text_field(_("Nota de salida"), _("Vacía: el folio siguiente."))
    recibe = text_field(_("Quién recibe"))
    layout = ("fecha cantidad:amount", "evento:grow destino", "documento recibe:grow")


class MovementRecord(BooksRecord):
    """A form that moves an article."""

    page = "inventario"
    heading: Words = ""
    """Title, with %(name)s."""
    article: Articulo

    def find(self) -> None:
        """Find the article."""
        self.article = _article(self.books, self.kwargs["articulo"])
        self.title = str(self.heading) % {"name": self.article.nombre}

    def crumb(self) -> str:
        """Return its key."""
        return str(self.article.clave)

    def crumbs(self) -> Sequence[Crumb]:
        """Return the way to its kárdex."""
        return (Crumb(self.crumb(), self.back_url()),)

    def get_initial(self) -> dict[str, object]:
        """Begin with today."""
        return {"fecha": day_words(self.seat.ahora.date())}

    def back_url(self) -> str:
        """Return to its kárdex."""
        return _url(self.article)


class NewEntry(MovementRecord):
    """Record an entry."""

    form_class, heading, button = EntryForm, _("Entrada de «%(name)s»"), _("Registrar entrada")

    def save(self, form: EntryForm) -> MovimientoInventario:
        """Record it."""
        new = form.made(cantidad_milesimas=form.cleaned_data["cantidad"] or 0)
        return record_entry(self.article, new, self.seat.usuario)

    def told(self, saved: MovimientoInventario) -> str:
        """Say its note."""
        return gettext("Entrada registrada con la nota %(note)s.") % {"note": saved.documento}


class NewExit(MovementRecord):
    """Record an exit, at the average cost."""

    form_class, heading, button = ExitForm, _("Salida de «%(name)s»"), _("Registrar salida")

    def get_form(self, form_class: type[forms.Form] | None = None) -> object:
        """Offer the events of the books."""
        form = super().get_form(form_class)
        events = current(Evento.objects.filter(contabilidad=self.books)).exclude(estatus="cancelado")
        offered = ((str(e.pk), f"{e.numero}. {e.nombre}, {e.fecha:%d/%m/%Y}") for e in events.order_by("-fecha"))
        form.fields["evento"].choices = [("", _("Ninguno")), *offered]
        return form

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Say what there is, and what each costs."""
        held = stock_of(self.article)
        words = {
            "quantity": f"{thousandths(held.cantidad_milesimas)} {self.article.unidad}",
            "cost": currency_amount(held.unitario),
        }
        intro = gettext("Hay %(quantity)s; cada una cuesta en promedio %(cost)s.") % words
        return {**super().get_context_data(**kwargs), "intro": intro}

    def save(self, form: ExitForm) -> MovimientoInventario:
        """Record it."""
        typed = form.cleaned_data
        event = int(typed["evento"]) if typed.get("evento") else None
        new = form.made(cantidad_milesimas=typed["cantidad"] or 0, evento_id=event)
        return record_exit(self.article, new, self.seat.usuario)

    def told(self, saved: MovimientoInventario) -> str:
        """Say its note and its cost."""
        words = {"note": saved.documento, "cost": currency_amount(saved.costo)}
        return gettext("Salida registrada con la nota %(note)s; costó %(cost)s.") % words


class UndoMovement(MovementRecord):
    """Undo a movement with its opposite, for a reason."""

    form_class, heading, button = ReasonForm, _("Revertir un movimiento de «%(name)s»"), _("Revertir")

    def find(self) -> None:
        """Find it with its article."""
        self.moved = _movement(self.books, self.kwargs["movimiento"])
        self.article = self.moved.articulo
        self.title = str(self.heading) % {"name": self.article.nombre}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Say what will be written."""
        quantity = f"{thousandths(self.moved.cantidad_milesimas)} {self.article.unidad}"
        said = gettext("%(note)s, %(quantity)s. Se registra otro con signo negativo y el mismo costo.")
        intro = said % {"note": self.moved.documento, "quantity": quantity}
        return {**super().get_context_data(**kwargs), "intro": intro}

    def save(self, form: ReasonForm) -> MovimientoInventario:
        """Write its opposite."""
        return reverse_movement(self.moved, form.text("motivo"), self.seat.usuario)

    def told(self, saved: MovimientoInventario) -> str:
        """Say that nothing was lost."""
        return gettext("%(note)s quedó revertida; las dos siguen a la vista.") % {"note": self.moved.documento}


def _movement(books: Contabilidad, movimiento: int) -> MovimientoInventario:
    rows = MovimientoInventario.objects.select_related("articulo", "evento", "registrado_por")
    moved = found_or_404(rows.filter(pk=movimiento, contabilidad=books).first())
    moved.contabilidad = moved.articulo.contabilidad = books
    return moved


@require_safe
@party_page
def paper(request: HttpRequest, mesa: Mesa, number: int, movimiento: int) -> HttpResponse:
    """Return the note of a movement with every article in it, as PDF."""
    moved = _movement(mesa.books(number), movimiento)
    together = note(number, moved.tipo, moved.documento)
    for row in together:
        row.contabilidad = moved.contabilidad
    return pdf_response(note_pdf(together), f"nota-{moved.documento}")
