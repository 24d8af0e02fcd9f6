"""Cuentas bancarias: each with the term to tell the authority of it, its history, and when it must be closed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.catalogs.selectors.people import AccountTerm, accounts_of, term_of
from sif.catalogs.services import CatalogRefused, NewCuenta, cancel_cuenta, open_cuenta, report_cuenta
from sif.counterparties.history import history_of
from sif.registry.folding import fold
from sif.registry.models import CuentaBancaria
from sif.web.clocks import Clock
from sif.web.fields import ServiceForm, day_field, text_field
from sif.web.frame import Crumb
from sif.web.party.catalog_form import SearchForm, captures, file_asked, found_or_404
from sif.web.party.historial import history_table
from sif.web.party.mesa import Mesa, books_crumb, books_name, numbered, party_page
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, file_links, page_number, pager_for
from sif.web.typed import posted

HEAD = (
    "clabe", "banco", "tipo", "plaza", "mancomunada", "contabilidad", "titular_rfc", "apertura_el", "aviso_vence_el",
    "avisada_el", "cancelada_el", "estado",
)  # fmt: skip


def kind_words() -> dict[str, str]:
    """What an account is for."""
    return {
        "campana": _("Gastos de campaña"), "concentradora": _("Concentradora"), "ordinaria": _("Operación ordinaria"),
        "aportaciones": _("Aportaciones"),
    }  # fmt: skip


class AccountForm(ServiceForm):
    """A bank account just opened."""

    def __init__(self, data: Any, mesa: Mesa, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        books = numbered(each for each in mesa.libros.values() if mesa.can("capturar", each))
        self.fields["contabilidad"] = forms.ChoiceField(
            label=_("Contabilidad"), choices=[("", _("Elija")), *books],
            error_messages={"required": _("Falta en qué contabilidad. Elíjala.")},
        )  # fmt: skip
        told = _("18 cifras; la última comprueba las demás y las tres primeras dicen el banco.")
        self.fields["clabe"] = text_field(_("CLABE"), told, required=True)
        self.fields["tipo"] = forms.ChoiceField(label=_("Para qué es"), choices=list(kind_words().items()))
        self.fields["apertura_el"] = day_field(_("Día de apertura"), _("El del contrato con el banco."))
        self.fields["plaza"] = text_field(_("Plaza"))
        self.fields["banco"] = text_field(_("Banco"), _("Solo si la CLABE no lo dice."))
        self.fields["mancomunada"] = forms.BooleanField(label=_("Firmas mancomunadas"), required=False)


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """The bank accounts of the person's books; ?formato= gives them as a file."""
    states = [("", _("Todas")), *((key, words) for key, (_tone, words) in state_words().items())]
    form = SearchForm(
        request.GET, _("CLABE, banco o contabilidad"), estado=(_("Estado"), states),
        tipo=(_("Para qué es"), [("", _("Todas")), *kind_words().items()]),
    )  # fmt: skip
    rows = [(each, term_of(each, mesa.ahora)) for each in accounts_of(mesa.libros)]
    rows = [row for row in rows if _answers(mesa, row, form)]
    answer = file_asked(request, "cuentas-bancarias", HEAD, (_file_row(*row) for row in rows))
    if answer:
        return answer
    context = {
        "frame": mesa.frame("cuentas"), "filtro": form, "tabla": _table(request, mesa, rows), "captura": captures(mesa)
    }  # fmt: skip
    return render(request, "party/cuentas.html", context)


def state_of(account: CuentaBancaria, term: AccountTerm) -> str:
    """The state a list shows: closed, to be closed, or how its notice stands."""
    if account.cancelada_el:
        return "cancelada"
    return "por_cancelar" if term.debe_cancelarse and term.estado != "vencida" else term.estado


def state_words() -> dict[str, tuple[str, str]]:
    """Each state with its look and words."""
    return {
        "avisada": ("cumplido", _("Avisada en plazo")), "avisada_tarde": ("extemporanea", _("Avisada tarde")),
        "por_avisar": ("por_vencer", _("Por avisar")), "vencida": ("vencido", _("Aviso vencido")),
        "por_cancelar": ("incompleta", _("Por cancelar")), "cancelada": ("cerrada", _("Cancelada")),
    }  # fmt: skip


def _answers(mesa: Mesa, row: tuple[CuentaBancaria, AccountTerm], form: SearchForm) -> bool:
    account, term = row
    here = fold(f"{account.clabe} {account.banco} {account.contabilidad_id} {_whose(mesa, account)}")
    return (
        all(word in here for word in fold(form.asked("q")).split())
        and form.asked("estado") in ("", state_of(account, term))
        and form.asked("tipo") in ("", account.tipo)
    )


def _whose(mesa: Mesa, account: CuentaBancaria) -> str:
    return books_name(mesa.libros[account.contabilidad_id])


def _file_row(account: CuentaBancaria, term: AccountTerm) -> tuple[object, ...]:
    return (
        account.clabe, account.banco, account.tipo, account.plaza, "si" if account.mancomunada else "no",
        account.contabilidad_id, account.titular_rfc, account.apertura_el, term.vence_el, account.avisada_el,
        account.cancelada_el, state_of(account, term),
    )  # fmt: skip


def _table(request: HttpRequest, mesa: Mesa, rows: list[tuple[CuentaBancaria, AccountTerm]]) -> Table:
    columns = (
        Column("cuenta", _("Cuenta"), "cosa"),
        Column("contabilidad", _("Contabilidad"), "cosa"),
        Column("tipo", _("Para qué es")),
        Column("apertura", _("Apertura"), "dia"),
        Column("aviso", _("Avisada"), "dia"),
        Column("estado", _("Estado"), "estado"),
    )
    page = pager_for(page_number(request.GET), len(rows))
    drawn = [
        Row(
            {
                "cuenta": Thing(
                    account.banco, reverse("party:cuenta", args=[account.pk]), clave_debajo=account.clabe
                ),
                "contabilidad": Thing(_whose(mesa, account), clave=str(account.contabilidad_id)),
                "tipo": kind_words()[account.tipo], "apertura": account.apertura_el,
                "aviso": account.avisada_el or _("sin aviso"), "estado": state_words()[state_of(account, term)],
            }
        )
        for account, term in rows[max(0, page.desde - 1) : page.hasta]
    ]  # fmt: skip
    first = (Link(_("Cuenta nueva"), reverse("party:cuenta_nueva"), "plus-lg"),)
    nothing = Empty(_("Ninguna cuenta responde a este filtro."), _("Dé de alta cada cuenta al abrirla."), first)
    return Table(_("Cuentas bancarias"), columns, drawn, pagina=page, vacia=nothing, exportar=file_links(request.GET))


def _own(mesa: Mesa, number: int) -> CuentaBancaria:
    rows = CuentaBancaria.objects.select_related(
        "contabilidad__sujeto", "contabilidad__etapa__proceso", "aviso__hecho_por", "cancelacion__hecho_por"
    )
    row = found_or_404(rows.filter(pk=number).first())
    mesa.books(row.contabilidad_id)  # refuses another subject's
    return row


@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """One account: its clock, its facts and its history; a post records its notice or its closing."""
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
            except CatalogRefused as refused:
                general = form.tell(refused.problems)
            else:
                messages.success(request, _("La cuenta quedó al día."))
                return HttpResponseRedirect(reverse("party:cuenta", args=[account.pk]))
    term = term_of(account, mesa.ahora)
    books = mesa.books(account.contabilidad_id)
    context = {
        "frame": mesa.frame("cuentas", books_crumb(books), Crumb(account.banco), etapa=books.etapa),
        "cuenta": account, "tipo": kind_words()[account.tipo], "estado": state_words()[state_of(account, term)],
        "plazo": term, "reloj": _clock(mesa, account, term), "form": form, "generales": general, "libros": books,
        "nombre": books_name(books), "captura": mesa.can("capturar", books),
        "tabla": history_table(request, history_of("cuenta_bancaria", account.pk, mesa.libros)),
    }  # fmt: skip
    return render(request, "party/cuenta.html", context, status=status)


def _clock(mesa: Mesa, account: CuentaBancaria, term: AccountTerm) -> Clock | None:
    if account.avisada_el or account.cancelada_el:
        return None
    return Clock(
        _("Avisar a la autoridad de la apertura"), term.vence_el, mesa.ahora, term.desde, term.base, _("por confirmar")
    )


@party_page
def create(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """A bank account just opened."""
    form = AccountForm(posted(request), mesa, {"contabilidad": request.GET.get("contabilidad", "")})
    general, status = [], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = dict(form.cleaned_data)
            new = NewCuenta(mesa.books(int(data.pop("contabilidad"))).pk, **data)
            try:
                saved = open_cuenta(new, mesa.usuario)
            except CatalogRefused as refused:
                general = form.tell(refused.problems)
            else:
                messages.success(request, _("Cuenta registrada: %(bank)s. Falta avisar a la autoridad.")
                                 % {"bank": saved.banco})  # fmt: skip
                return HttpResponseRedirect(reverse("party:cuenta", args=[saved.pk]))
    context = {
        "frame": mesa.frame("cuentas", Crumb(_("Cuenta nueva"))), "form": form, "generales": general,
        "titulo": _("Cuenta bancaria nueva"), "volver": reverse("party:cuentas"), "grande": ("contabilidad",),
    }  # fmt: skip
    return render(request, "party/catalogo_editar.html", context, status=status)
