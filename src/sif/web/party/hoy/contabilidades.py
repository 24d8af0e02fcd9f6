"""Contabilidades: the list of books, and each with its trial balance."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.books.board import board
from sif.books.selectors import balanza
from sif.ledger import Balance
from sif.registry.models import Contabilidad
from sif.registry.selectors import contabilidades_of
from sif.web.authority_seat import stage_words
from sif.web.columns import Column, file_asked, panel
from sif.web.party.hoy.contabilidades_table import accounts_file, accounts_table
from sif.web.party.hoy.missing import missing_table
from sif.web.party.mesa import Mesa, books_crumb, books_name, books_office, party_page
from sif.web.party.report_states import current_period, report_words
from sif.web.searched import said
from sif.web.tables import Empty, Table, Thing, file_links


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the books of the person, a table for each election, the last first.

    ?q= narrows by number or name, ?formato= gives them as one file.
    """
    asked = request.GET.get("q", "").strip()
    found = list(said(contabilidades_of(mesa.usuario), asked)) if asked else list(mesa.libros.values())
    figures, periods = board(found), {etapa.pk: current_period(etapa, mesa.ahora) for etapa in mesa.etapas}
    if file := accounts_file(request, found, figures, periods):
        return file
    tables = []
    for place, etapa in enumerate(mesa.etapas):
        if books := [each for each in found if each.etapa_id == etapa.pk]:
            parameter = f"pagina_{etapa.pk}" if place else "pagina"
            table = accounts_table(request.GET, books, periods[etapa.pk], figures, parameter=parameter)
            tables.append((etapa.proceso.nombre, stage_words(etapa), table))
    if not tables:
        tables = [("", "", accounts_table(request.GET, (), None, {}, searched=bool(asked)))]
    context = {"frame": mesa.frame("contabilidades"), "tablas": tables, "q": asked}
    return render(request, "party/contabilidades.html", context)


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Return one set of books: who, cap, reports by period, and the trial balance; ?formato= gives the balance."""
    books = mesa.books(number)
    figures, balance = board([books])[books.pk], balanza(books.pk)
    if file := file_asked(request, f"balanza-{books.pk}", balance, _columns(books)):
        return file
    context = {
        "frame": mesa.frame("contabilidades", books_crumb(books), etapa=books.etapa),
        "books": books,
        "nombre": books_name(books),
        "cargo": books_office(books),
        "gasto": figures,
        "faltan": missing_table(figures, books),
        "obligaciones": [(owed, report_words(owed)) for owed in mesa.owed_by(books)],
        "balanza": _balance_table(request, books, balance),
        "puede_capturar": mesa.can("capturar", books),
    }
    return render(request, "party/contabilidad.html", context)


def _columns(books: Contabilidad) -> tuple[Column, ...]:
    link = f"{reverse('party:polizas')}?contabilidad={books.pk}&cuenta="
    return (
        Column("cuenta", _("Cuenta"), "clave", show=lambda row: Thing(row.cuenta, f"{link}{row.cuenta}")),
        Column("nombre", _("Nombre")),
        Column("cargos", _("Cargos"), "dinero", total=True),
        Column("abonos", _("Abonos"), "dinero", total=True),
        Column("saldo", _("Saldo"), "dinero"),
    )


def _balance_table(request: HttpRequest, books: Contabilidad, balance: Sequence[Balance]) -> Table:
    return panel(
        _("Balanza de comprobación"),
        balance,
        _columns(books),
        palabra_total=_("Sumas iguales"),
        vacia=Empty(_("Todavía no hay pólizas."), _("La balanza sale de las pólizas registradas.")),
        libro=True,
        exportar=file_links(request.GET) if balance else (),
    )
