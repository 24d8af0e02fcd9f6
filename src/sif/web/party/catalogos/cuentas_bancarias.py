"""Cuentas bancarias: each with the term to tell the authority of it, its history, and when it must be closed."""

from django import forms
from django.contrib import messages
from django.db.models import CharField, Model, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sif.catalogs.selectors.people import AccountTerm, accounts_on, end_of, state_of, term_of
from sif.catalogs.services import NewCuenta, cancel_cuenta, open_cuenta, report_cuenta
from sif.counterparties.history import history_of
from sif.registry.models import CuentaBancaria
from sif.values import Refused
from sif.web.clocks import Clock
from sif.web.columns import Column, Link
from sif.web.fields import ServiceForm, day_field, text_field
from sif.web.filters import choice, words
from sif.web.frame import Crumb
from sif.web.party.catalog_form import found_or_404
from sif.web.party.catalogos.history_table import history_table
from sif.web.party.desk import BooksForm, PartyRecord, SubjectListing, books_columns
from sif.web.party.mesa import Mesa, books_crumb, books_name, party_page
from sif.web.tables import Empty
from sif.web.tables import Link as Button
from sif.web.typed import posted

KINDS = {
    "campana": _("Gastos de campaña"),
    "concentradora": _("Concentradora"),
    "ordinaria": _("Operación ordinaria"),
    "aportaciones": _("Aportaciones"),
}
"""What an account is for."""
STATES = {
    "avisada": ("cumplido", _("Avisada en plazo")),
    "avisada_tarde": ("extemporanea", _("Avisada tarde")),
    "por_avisar": ("por_vencer", _("Por avisar")),
    "vencida": ("vencido", _("Aviso vencido")),
    "por_cancelar": ("incompleta", _("Por cancelar")),
    "cancelada": ("cerrada", _("Cancelada")),
}


class Accounts(SubjectListing):
    """The bank accounts of the person's books."""

    page, file_name = "cuentas", "cuentas-bancarias"
    title, article = _("Cuentas bancarias"), "RF 54.1"
    intro = _("De cada una se avisa a la autoridad al abrirla; la de campaña se cancela al terminar.")
    filters = {
        "q": words(
            _("CLABE, banco o contabilidad"), "clabe", "banco", "libros", "contabilidad__candidatura__persona__nombre"
        ),
        "estado": choice(_("Estado"), "estado", [(key, said) for key, (_tone, said) in STATES.items()]),
        "tipo": choice(_("Para qué es"), "tipo", KINDS.items()),
    }
    order = "contabilidad"
    columns = (
        Column("banco", _("Cuenta"), "cosa", sort=True, link=Link("party:cuenta")),
        Column("clabe", kind="clave", under="banco"),
        *books_columns(),
        Column("tipo", _("Para qué es"), words=KINDS, sort=True),
        Column("plaza", where="file"),
        Column("mancomunada", where="file"),
        Column("titular_rfc", where="file"),
        Column("apertura_el", _("Apertura"), "dia", sort=True),
        Column("aviso_vence_el", source="ultimo_dia", written=lambda row: end_of(row["aviso_vence_el"]), where="file"),
        Column(
            "avisada_el",
            _("Avisada"),
            "dia",
            "aviso__fecha",
            sort=True,
            nullable=True,
            show=lambda row: row["avisada_el"] or _("sin aviso"),
        ),
        Column("cancelada_el", source="cancelacion__fecha", where="file"),
        Column("estado", _("Estado"), "estado", states=STATES),
    )
    empty = Empty(_("Todavía no hay cuentas bancarias."), _("Dé de alta cada cuenta al abrirla."))
    unmatched = _("Ninguna cuenta responde a este filtro.")
    create = Button(_("Cuenta nueva"), "party:cuenta_nueva")

    def query(self) -> QuerySet[Model]:
        """Select them with the state of each notice."""
        rows = accounts_on(self.seat.libros, self.seat.ahora)
        return rows.alias(libros=Cast("contabilidad_id", CharField()))


def _own(mesa: Mesa, number: int) -> CuentaBancaria:
    rows = CuentaBancaria.objects.select_related(
        "contabilidad__sujeto", "contabilidad__etapa__proceso", "aviso__hecho_por", "cancelacion__hecho_por"
    )
    row = found_or_404(rows.filter(pk=number).first())
    mesa.books(row.contabilidad_id)  # refuses another subject's
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Return one account: its clock, its facts and its history; a post records its notice or its closing."""
    account = _own(mesa, number)
    form = ServiceForm(posted(request))
    form.fields["fecha"] = day_field(_("Día"), _("Día/mes/año, por ejemplo 18/05/2026."))
    general, status = [], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            act = cancel_cuenta if request.POST.get("acto") == "cancelar" else report_cuenta
            try:
                act(account, form.cleaned_data["fecha"], mesa.usuario)
            except Refused as refused:
                general = form.tell(refused.problems)
            else:
                messages.success(request, _("La cuenta quedó al día."))
                return HttpResponseRedirect(reverse("party:cuenta", args=[account.pk]))
    term = term_of(account, mesa.ahora)
    books = mesa.books(account.contabilidad_id)
    context = {
        "frame": mesa.frame("cuentas", books_crumb(books), Crumb(account.banco), etapa=books.etapa),
        "cuenta": account,
        "tipo": KINDS[account.tipo],
        "estado": STATES[state_of(account, term)],
        "plazo": term,
        "reloj": _clock(mesa, account, term),
        "form": form,
        "generales": general,
        "libros": books,
        "nombre": books_name(books),
        "captura": mesa.can("capturar", books),
        "tabla": history_table(request, history_of("cuenta_bancaria", account.pk, mesa.libros)),
    }
    return render(request, "party/cuenta.html", context, status=status)


def _clock(mesa: Mesa, account: CuentaBancaria, term: AccountTerm) -> Clock | None:
    if account.avisada_el or account.cancelada_el:
        return None
    return Clock(_("Avisar a la autoridad de la apertura"), term.vence_el, mesa.ahora, term.desde, term.base)


class AccountForm(BooksForm):
    """A bank account just opened."""

    makes = NewCuenta
    clabe = text_field(
        _("CLABE"), _("18 cifras; la última comprueba las demás y las tres primeras dicen el banco."), required=True
    )
    tipo = forms.ChoiceField(label=_("Para qué es"), choices=KINDS.items())
    apertura_el = day_field(_("Día de apertura"), _("El del contrato con el banco."))
    plaza = text_field(_("Plaza"))
    banco = text_field(_("Banco"), _("Solo si la CLABE no lo dice."))
    mancomunada = forms.BooleanField(label=_("Firmas mancomunadas"), required=False)
    layout = ("contabilidad:grow", "clabe:medium tipo:medium", "apertura_el:medium plaza:medium", "banco mancomunada")


class NewAccount(PartyRecord):
    """Register a bank account just opened."""

    page, back, form_class = "cuentas", "party:cuentas", AccountForm
    title = _("Cuenta bancaria nueva")

    def save(self, form: AccountForm) -> CuentaBancaria:
        """Register it in the books chosen."""
        return open_cuenta(form.made(contabilidad_id=form.books.pk), self.seat.usuario)

    def told(self, saved: CuentaBancaria) -> str:
        """Tell what remains to be done."""
        return gettext("Cuenta registrada: %(bank)s. Falta avisar a la autoridad.") % {"bank": saved.banco}

    def saved_url(self, saved: CuentaBancaria) -> str:
        """Go to its sheet."""
        return reverse("party:cuenta", args=[saved.pk])
