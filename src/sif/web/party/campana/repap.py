"""REPAP: receipts for political activities, what each person has received against the yearly cap, and their PDF."""

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.db.models import Case, CharField, Model, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sif.books.models import ReciboRepap
from sif.books.records import repap, repap_use
from sif.books.services.registros import NewRepap, cancel_repap, issue_repap
from sif.filing.campaign_sheets import repap_pdf
from sif.registry.folding import Folded
from sif.registry.looks import NewLook, keep_look
from sif.registry.masks import masked
from sif.web.columns import Column, Link
from sif.web.fields import MoneyField, day_field, text_field
from sif.web.filters import words
from sif.web.formats import currency_amount, long_day, moment_words, short_day
from sif.web.labels import PAID
from sif.web.lazy import Words
from sif.web.party.campaign_page import pdf_response
from sif.web.party.campana.receipts import STANDING, TOTAL, NewReceipt, ReceiptForm, cap_words
from sif.web.party.catalog_form import found_or_404
from sif.web.party.desk import PartyListing, books_columns, books_filter
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.sheet import BooksSheet, ReasonForm
from sif.web.party.tabs import RECEIPTS
from sif.web.tables import Empty
from sif.web.tables import Link as Button

STATES = {"vigente": ("vigente", _("Vigente")), "cancelado": ("cancelado", _("Cancelado"))}


class Receipts(PartyListing):
    """The receipts of the person's books, the last issued first."""

    page = file_name = "repap"
    title, tabs = _("Recibos REPAP"), RECEIPTS
    intro = _("Reconocimientos por actividades políticas: un recibo por pago, con folio que no se repite.")
    article = "RF 134"
    filters = {
        "q": words(_("Folio, persona o actividad"), "folio", "persona__nombre", "actividad"),
        "contabilidad": books_filter(),
    }
    order = "-expedido_el"
    columns = (
        Column("recibo", source="pk", where="file"),
        Column("folio", _("Recibo"), "cosa", sort=True, link=Link("party:repap_recibo", ("contabilidad", "pk"))),
        Column("actividad", under="folio"),
        *books_columns(),
        Column("persona", _("Persona"), source="persona__nombre", sort=Folded("persona__nombre")),
        Column("curp", source="persona__curp", written=lambda row: masked("curp", row["curp"] or ""), where="file"),
        Column("desde", where="file"),
        Column("hasta", where="file"),
        Column("pagado_el", _("Pagado"), "dia", sort=True),
        Column("medio", where="file"),
        Column("expedido_el", where="file"),
        Column("monto", _("Monto"), "dinero", sort=True, total=STANDING),
        Column(
            "estado",
            _("Estado"),
            "estado",
            Case(When(cancelacion=None, then=Value("vigente")), default=Value("cancelado"), output_field=CharField()),
            states=STATES,
            where="screen",
        ),
        Column("cancelado_el", source="cancelacion__hecho_el", where="file"),
        Column("motivo", source="cancelacion__motivo", where="file"),
    )
    total_words = TOTAL
    empty = Empty(_("Todavía no hay recibos."), _("Dé de alta a la persona y expida su recibo."))
    unmatched = _("Ningún recibo responde a este filtro.")
    create = Button(_("Recibo nuevo"), "party:repap_nuevo")

    def query(self) -> QuerySet[Model]:
        """Select the receipts of the person's books."""
        return repap(self.seat.libros)


class RepapForm(ReceiptForm):
    """A REPAP receipt as typed."""

    makes, relacion = NewRepap, "repap"
    actividad = text_field(_("Actividad"), required=True)
    desde, hasta = day_field(_("Desde")), day_field(_("Hasta"))
    monto = MoneyField(label=_("Monto"))
    medio = forms.ChoiceField(label=_("Se pagó"), choices=PAID.items())
    pagado_el = day_field(_("Día del pago"))
    folio = text_field(_("Folio"), _("Vacío: el siguiente."))
    layout = (
        "contabilidad:grow",
        "persona:grow",
        "actividad:grow",
        "desde hasta",
        "monto:amount medio pagado_el",
        "folio",
    )


class NewRepapReceipt(NewReceipt):
    """Issue a REPAP receipt; beyond the cap it says so."""

    back, form_class = "party:repap", RepapForm
    title, button = _("Recibo REPAP nuevo"), _("Expedir recibo")

    def save(self, form: RepapForm) -> ReciboRepap:
        """Issue it in the books chosen."""
        return issue_repap(form.books, form.made(), self.seat.usuario)

    def told(self, saved: ReciboRepap) -> str:
        """Tell its folio."""
        return gettext("Recibo %(folio)s expedido.") % {"folio": saved.folio}

    def saved_url(self, saved: ReciboRepap) -> str:
        """Go to its sheet, with a warning where the person has received more than the cap."""
        use = repap_use(saved.contabilidad.sujeto_id, saved.persona_id, saved.pagado_el)
        if use.resta.centavos < 0:
            messages.warning(self.request, cap_words(use))
        return reverse("party:repap_recibo", args=[saved.contabilidad_id, saved.pk])


class Receipt(BooksSheet):
    """One receipt; its act cancels it."""

    page, back, model, related = "repap", "party:repap_recibo", ReciboRepap, ("persona", "expedido_por")
    label, act, button = _("El recibo"), _("Fue un error"), _("Cancelar recibo")
    done = _("El recibo quedó cancelado; su folio no se usa otra vez.")

    def name(self) -> str:
        """Return its folio."""
        return gettext("Recibo %(folio)s") % {"folio": self.thing.folio}

    def crumb(self) -> str:
        """Return its folio alone."""
        return str(self.thing.folio)

    def states(self) -> Sequence[tuple[str, Words]]:
        """Return whether it is in force."""
        return (STATES["cancelado" if self.end else "vigente"],)

    def papers(self) -> Sequence[Button]:
        """Return the receipt to be signed."""
        paper = reverse("party:repap_pdf", args=[self.books.pk, self.thing.pk])
        return (Button(_("Recibo (PDF)"), paper, "file-earmark-pdf"),)

    def facts(self) -> Sequence[tuple[Words, object]]:
        """Return who was paid what for, and what that sums in the year."""
        row: ReciboRepap = self.thing
        return (
            (_("Persona"), row.persona.nombre),
            (_("Actividad"), row.actividad),
            (_("Días"), f"{short_day(row.desde, year=True)} – {short_day(row.hasta, year=True)}"),
            (_("Monto"), currency_amount(row.monto)),
            (_("Se pagó"), f"{PAID[row.medio]}, {long_day(row.pagado_el)}"),
            (_("En el año"), cap_words(repap_use(self.books.sujeto_id, row.persona_id, row.pagado_el))),
            (_("Expidió"), row.expedido_por.named_at(row.expedido_el)),
            (_("Expedido"), moment_words(row.expedido_el)),
        )

    def save(self, form: ReasonForm) -> ReciboRepap:
        """Cancel it."""
        return cancel_repap(self.thing, form.text("motivo"), self.seat.usuario)


@require_safe
@party_page
def paper(request: HttpRequest, mesa: Mesa, number: int, pk: int) -> HttpResponse:
    """Give a receipt as PDF, to be signed by who receives: it carries their keys whole, so opening it is a look."""
    books = mesa.books(number)
    rows = ReciboRepap.objects.select_related("persona", "expedido_por", "cancelacion__hecho_por")
    row: ReciboRepap = found_or_404(rows.filter(pk=pk, contabilidad=books).first())
    row.contabilidad = books
    new = NewLook(books.sujeto_id, "persona", row.persona.identidad, ("curp", "clave_elector"))
    keep_look(new, gettext("Recibo %(folio)s en PDF") % {"folio": row.folio}, mesa.usuario)
    return pdf_response(repap_pdf(row), row.folio)
