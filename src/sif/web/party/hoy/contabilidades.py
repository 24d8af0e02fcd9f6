"""Contabilidades: the list of books, and each with its trial balance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.books.selectors import balanza, spent_against_cap
from sif.filing.selectors import obligations
from sif.registry.models import Contabilidad
from sif.values import Money
from sif.web.files import csv_file
from sif.web.party.hoy.contabilidades_table import accounts_file, accounts_table
from sif.web.party.mesa import Mesa, books_crumb, books_name, books_office, party_page
from sif.web.party.report_states import current_period, report_words
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, query_with


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Every set of books of the person; ?q= narrows by number or name, ?formato=csv gives them as a file."""
    asked = request.GET.get("q", "").strip()
    period = current_period(mesa.etapa, mesa.ahora)
    books = [each for each in mesa.libros.values() if _matches(each, asked)]
    if request.GET.get("formato") == "csv":
        return accounts_file(books, period)
    context = {"frame": mesa.frame("contabilidades"), "tabla": accounts_table(request.GET, books, period), "q": asked}
    return render(request, "party/contabilidades.html", context)


def _matches(books: Contabilidad, asked: str) -> bool:
    return not asked or asked.casefold() in f"{books.pk} {books_name(books)} {books_office(books)}".casefold()


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """One set of books: who, cap, reports by period, and the trial balance; ?formato=csv gives the balance."""
    books = mesa.books(number)
    balance = balanza(books.pk)
    if request.GET.get("formato") == "csv":
        head = ("cuenta", "nombre", "cargos", "abonos", "saldo")
        rows = [(row.cuenta, row.nombre, row.cargos, row.abonos, row.saldo) for row in balance]
        return csv_file(f"balanza-{books.pk}", head, rows)
    context = {
        "frame": mesa.frame("contabilidades", books_crumb(books), etapa=books.etapa),
        "books": books,
        "nombre": books_name(books),
        "cargo": books_office(books),
        "gasto": spent_against_cap([books])[books.pk],
        "obligaciones": [(owed, report_words(owed)) for owed in obligations(books)],
        "balanza": _balance_table(request, books),
        "puede_capturar": mesa.can("capturar", books),
    }
    return render(request, "party/contabilidad.html", context)


def _balance_table(request: HttpRequest, books: Contabilidad) -> Table:
    columns = (
        Column("cuenta", _("Cuenta"), "clave"),
        Column("nombre", _("Nombre")),
        Column("cargos", _("Cargos"), "dinero"),
        Column("abonos", _("Abonos"), "dinero"),
        Column("saldo", _("Saldo"), "dinero"),
    )
    link = f"{reverse('party:polizas')}?contabilidad={books.pk}&cuenta="
    found = balanza(books.pk)
    rows = [
        Row(
            {
                "cuenta": Thing(row.cuenta, f"{link}{row.cuenta}"),
                "nombre": row.nombre,
                "cargos": row.cargos,
                "abonos": row.abonos,
                "saldo": row.saldo,
            }
        )
        for row in found
    ]
    totals = {
        "cargos": Money(sum(row.cargos.centavos for row in found)),
        "abonos": Money(sum(row.abonos.centavos for row in found)),
    }
    nothing = Empty(_("Todavía no hay pólizas."), _("La balanza sale de las pólizas registradas."))
    return Table(
        _("Balanza de comprobación"),
        columns,
        rows,
        totals,
        _("Sumas iguales"),
        vacia=nothing,
        libro=True,
        exportar=(Link(_("CSV"), query_with(request.GET, formato="csv")),) if rows else (),
    )
