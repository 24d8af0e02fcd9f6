"""REPAP: receipts for political activities, what each person has received against the yearly cap, and their PDF."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sif.books.models import ReciboRepap
from sif.books.records import CapUse, repap, repap_use
from sif.books.services.registros import NewRepap, cancel_repap, issue_repap
from sif.catalogs.models import PersonaSujeto
from sif.counterparties.seen import people_of
from sif.filing.campaign_sheets import repap_pdf
from sif.registry.history import current
from sif.registry.looks import NewLook, keep_look
from sif.registry.masks import masked
from sif.values import Money
from sif.web.fields import MoneyField, day_field, text_field
from sif.web.formats import currency_amount, long_day, moment_words, short_day
from sif.web.frame import Crumb
from sif.web.goto import plain
from sif.web.party.campaign_page import (
    CampaignForm,
    attempt,
    books_thing,
    ended_facts,
    facts,
    form_page,
    must_capture_in,
    pdf_response,
    rows_of_page,
)
from sif.web.party.catalog_form import SearchForm, file_asked, found_or_404
from sif.web.party.desk import captured, must_capture_somewhere
from sif.web.party.evento import ReasonForm
from sif.web.party.eventos import asked_books, books_choices
from sif.web.party.mesa import Mesa, books_crumb, books_name, party_page
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, file_links
from sif.web.typed import posted

HEAD = (
    "recibo", "contabilidad", "folio", "persona", "curp", "actividad", "desde", "hasta", "monto", "medio", "pagado_el",
    "expedido_el", "cancelado_el", "motivo",
)  # fmt: skip


class ReceiptForm(CampaignForm):
    """What a receipt to a person has, whichever its kind; `relacion` says in which catalogue the person stands."""

    relacion = "repap"
    persona = text_field(
        gettext_lazy("Persona"), gettext_lazy("Nombre, como está en Personas."), required=True, listed="personas"
    )

    def clean(self) -> dict[str, Any]:
        """The person as one of the catalogue of the subject of those books."""
        values = super().clean() or {}
        wanted = plain(str(values.get("persona") or ""))
        if "contabilidad" not in values or not wanted:
            return values
        known = self._known(wanted)
        whole = {wanted, wanted.upper()}
        found = {row.persona_id for row in known if plain(row.persona.nombre) == wanted or row.persona.curp in whole}
        found = found or {row.persona_id for row in known if wanted in plain(row.persona.nombre)}
        if len(found) == 1:
            values["persona_id"] = found.pop()
        elif found:
            self.add_error("persona", _("Hay varias personas con esas letras. Escriba el nombre completo."))
        else:
            self.add_error("persona", _("No está en el catálogo de personas con esa relación. Déla de alta antes."))
        return values

    def _known(self, typed: str) -> list[PersonaSujeto]:
        """The people whom the person sees, and the one whose whole CURP was typed: that names her and nobody else."""
        own = {"sujeto": self.books.sujeto_id, "relacion": self.relacion}
        rows = current(PersonaSujeto.objects.filter(persona__curp__iexact=typed, **own))
        holder = rows.select_related("persona")
        return list(holder) or list(people_of(self.mesa.alcance).filter(**own))

    @property
    def persona_id(self) -> int:
        """The person understood; 0 if none was typed."""
        return int(self.cleaned_data.get("persona_id") or 0)


class RepapForm(ReceiptForm):
    """A REPAP receipt as typed."""

    actividad = text_field(gettext_lazy("Actividad"), required=True)
    desde = day_field(gettext_lazy("Desde"))
    hasta = day_field(gettext_lazy("Hasta"))
    monto = MoneyField(label=gettext_lazy("Monto"))
    medio = forms.ChoiceField(label=gettext_lazy("Se pagó"))
    pagado_el = day_field(gettext_lazy("Día del pago"))
    folio = text_field(gettext_lazy("Folio"), gettext_lazy("Vacío: el siguiente."))
    rows = (
        (("contabilidad", "grow"),), (("persona", "grow"),), (("actividad", "grow"),), (("desde", ""), ("hasta", "")),
        (("monto", "amount"), ("medio", ""), ("pagado_el", "")), (("folio", ""),),
    )  # fmt: skip

    def __init__(self, data: Any, mesa: Mesa, **options: Any) -> None:
        super().__init__(data, mesa, **options)
        field = self.fields["medio"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(paid_words().items())

    def new(self) -> NewRepap:
        """The receipt typed, once it is understood."""
        values = self.cleaned_data
        return NewRepap(
            self.persona_id, self.text("actividad"), values["desde"], values["hasta"], values["monto"] or Money(0),
            values["medio"], values["pagado_el"], self.text("folio"),
        )  # fmt: skip


def paid_words() -> dict[str, str]:
    """How something was paid."""
    return {"transferencia": _("Transferencia"), "cheque": _("Cheque"), "efectivo": _("Efectivo")}


def people_list(mesa: Mesa, relacion: str) -> list[tuple[str, list[str]]]:
    """The names offered while typing."""
    names = {row.persona.nombre for row in people_of(mesa.alcance).filter(relacion=relacion)}
    return [("personas", sorted(names)[:1000])]


def receipts_views(current: str) -> list[tuple[str, str, None, bool]]:
    """The two views of «REPAP y CEP»."""
    names = (("repap", _("Recibos REPAP")), ("ceps", _("CEP de representantes")))
    return [(words, reverse(f"party:{name}"), None, name == current) for name, words in names]


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Every receipt of the person's books; ?formato= gives them as a file."""
    form = SearchForm(
        request.GET, _("Folio, persona o actividad"), contabilidad=(_("Contabilidad"), books_choices(mesa))
    )
    found = repap(asked_books(mesa, form.asked("contabilidad")), form.asked("q"))
    if request.GET.get("formato") and (answer := file_asked(request, "repap", HEAD, (_file_row(row) for row in found))):
        return answer
    context = {
        "frame": mesa.frame("repap"), "titulo": _("REPAP y CEP"), "articulo": "RF 134",
        "intro": _("Reconocimientos por actividades políticas: un recibo por pago, con folio que no se repite."),
        "vistas": receipts_views("repap"), "filtro": form, "tabla": _table(request, found),
        "nuevos": [Link(_("Recibo nuevo"), reverse("party:repap_nuevo"), "plus-lg")] if captured(mesa) else [],
    }  # fmt: skip
    return render(request, "party/campana_lista.html", context)


def _table(request: HttpRequest, found: Any) -> Table:
    columns = (
        Column("recibo", _("Recibo"), "cosa"), Column("contabilidad", _("Contabilidad")),
        Column("persona", _("Persona")), Column("pagado", _("Pagado"), "dia"), Column("monto", _("Monto"), "dinero"),
        Column("estado", _("Estado"), "estado"),
    )  # fmt: skip
    shown, page = rows_of_page(request, found, found.count())
    rows = [
        Row(
            {
                "recibo": Thing(row.folio, repap_url(row), debajo=row.actividad),
                "contabilidad": books_thing(row.contabilidad), "persona": row.persona.nombre, "pagado": row.pagado_el,
                "monto": Money(row.monto), "estado": receipt_state(row.cancelado_el is not None),
            }
        )
        for row in shown
    ]  # fmt: skip
    total = Money(sum(row.monto for row in shown if row.cancelado_el is None))
    empty = Empty(_("Ningún recibo responde a este filtro."), _("Dé de alta a la persona y expida su recibo."))
    return Table(
        _("Recibos REPAP"), columns, rows, {"monto": total} if rows else {}, _("Suma de esta página, sin cancelados"),
        pagina=page, vacia=empty, exportar=file_links(request.GET),
    )  # fmt: skip


def receipt_state(cancelled: bool) -> tuple[str, str]:
    """Whether a receipt is in force."""
    return ("cancelado", _("Cancelado")) if cancelled else ("vigente", _("Vigente"))


def repap_url(row: ReciboRepap) -> str:
    """The address of a receipt."""
    return reverse("party:repap_recibo", args=[row.contabilidad_id, row.pk])


def _file_row(row: ReciboRepap) -> tuple[object, ...]:
    return (
        row.pk, row.contabilidad_id, row.folio, row.persona.nombre, masked("curp", row.persona.curp or ""),
        row.actividad, row.desde,
        row.hasta, Money(row.monto), row.medio, row.pagado_el, row.expedido_el, row.cancelado_el, row.motivo,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def new(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """A receipt to be issued."""
    must_capture_somewhere(mesa)
    form = RepapForm(posted(request), mesa, initial={"contabilidad": request.GET.get("contabilidad", "")})
    if request.method == "POST":
        row = attempt(form, lambda: issue_repap(form.books, form.new(), mesa.usuario))
        if row is not None:
            use = repap_use(row.contabilidad.sujeto_id, row.persona_id, row.pagado_el)
            messages.success(request, _("Recibo %(folio)s expedido.") % {"folio": row.folio})
            if use.resta.centavos < 0:
                messages.warning(request, cap_words(use))
            return HttpResponseRedirect(repap_url(row))
    return form_page(
        request, form,
        {"frame": mesa.frame("repap", Crumb(_("Recibo nuevo"))), "titulo": _("Recibo REPAP nuevo"),
         "volver": reverse("party:repap"), "boton": _("Expedir recibo"), "listas": people_list(mesa, "repap")},
    )  # fmt: skip


def cap_words(use: CapUse) -> str:
    """What was received beside its cap; a figure not read in the law says so."""
    words = {"used": currency_amount(use.usado), "cap": currency_amount(use.tope), "base": use.base}
    said = _("Lleva %(used)s de %(cap)s (%(base)s).") % words
    return said if use.confirmado else f"{said} {_('Cifra por confirmar.')}"


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int, recibo: int) -> HttpResponse:
    """One receipt; a POST with its reason cancels it."""
    row = _receipt(mesa, number, recibo)
    form = ReasonForm(posted(request), mesa, row.contabilidad)
    if request.method == "POST":
        must_capture_in(mesa, row.contabilidad)
        if attempt(form, lambda: cancel_repap(row, form.text("motivo"), mesa.usuario)) is not None:
            messages.success(request, _("El recibo quedó cancelado; su folio no se usa otra vez."))
            return HttpResponseRedirect(repap_url(row))
    return render(request, "party/campana_ficha.html", _sheet(mesa, row, form), status=422 if form.is_bound else 200)


def _receipt(mesa: Mesa, number: int, recibo: int) -> ReciboRepap:
    books = mesa.books(number)
    found = ReciboRepap.objects.select_related("persona", "expedido_por", "cancelacion__hecho_por")
    row = found_or_404(found.filter(pk=recibo, contabilidad=books).first())
    row.contabilidad = books
    return row


def _sheet(mesa: Mesa, row: ReciboRepap, form: CampaignForm) -> dict[str, Any]:
    books = row.contabilidad
    use = repap_use(books.sujeto_id, row.persona_id, row.pagado_el)
    data = facts(
        (_("Contabilidad"), f"{books.pk} {books_name(books)}"), (_("Persona"), row.persona.nombre),
        (_("Actividad"), row.actividad),
        (_("Días"), f"{short_day(row.desde, year=True)} – {short_day(row.hasta, year=True)}"),
        (_("Monto"), currency_amount(row.monto)),
        (_("Se pagó"), f"{paid_words()[row.medio]}, {long_day(row.pagado_el)}"),
        (_("En el año"), cap_words(use)), (_("Expidió"), row.expedido_por.nombre),
        (_("Expedido"), moment_words(row.expedido_el)),
        *ended_facts(getattr(row, "cancelacion", None), _("Canceló"), _("Cancelado el")),
    )  # fmt: skip
    acts = []
    if mesa.can("capturar", books) and not row.cancelado_el:
        acts = [{"titulo": _("Fue un error"), "form": form, "boton": _("Cancelar recibo"), "alto": True,
                 "url": repap_url(row)}]  # fmt: skip
    paper_link = Link(_("Recibo (PDF)"), reverse("party:repap_pdf", args=[books.pk, row.pk]), "file-earmark-pdf")
    return {
        "frame": mesa.frame("repap", books_crumb(books), Crumb(row.folio), etapa=books.etapa),
        "titulo": _("Recibo %(folio)s") % {"folio": row.folio}, "rotulo": _("El recibo"), "datos": data,
        "estados": [receipt_state(row.cancelado_el is not None)], "actos": acts, "enlaces": [paper_link],
        "form": form if form.is_bound else None,
    }  # fmt: skip


@require_safe
@party_page
def paper(request: HttpRequest, mesa: Mesa, number: int, recibo: int) -> HttpResponse:
    """A receipt as PDF, to be signed by who receives: it carries their keys whole, so opening it is a look."""
    row = _receipt(mesa, number, recibo)
    new = NewLook(row.contabilidad.sujeto_id, "persona", row.persona.identidad, ("curp", "clave_elector"))
    keep_look(new, _("Recibo %(folio)s en PDF") % {"folio": row.folio}, mesa.usuario)
    return pdf_response(repap_pdf(row), row.folio)
