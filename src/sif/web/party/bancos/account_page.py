"""Find a bank account and show its page, with what went wrong, if anything."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from sif.banks import selectors
from sif.banks.matching import weights
from sif.banks.monthly import account_months
from sif.banks.services import Loaded, load_statement
from sif.banks.tasks import MOST_BYTES, ask_to_load
from sif.registry.models import CuentaBancaria
from sif.sandbox.client import Late
from sif.values import Problem
from sif.web.frame import Crumb
from sif.web.party.bancos import bank_tables as tables
from sif.web.party.bancos.bank_pictures import sides_picture
from sif.web.party.bancos.statement_words import loaded_words, warned_words
from sif.web.party.mesa import Mesa, books_crumb, books_name
from sif.web.trabajos.following import to_job
from sif.web.typed import typed_day

VIEWS = ("propuestas", "banco", "libros", "enlaces", "estados")


def account_of(mesa: Mesa, number: int) -> CuentaBancaria:
    """Return a bank account of the person's books. Raises Http404."""
    rows = CuentaBancaria.objects.select_related("contabilidad__sujeto", "contabilidad__etapa__proceso")
    found = rows.filter(pk=number, contabilidad__in=mesa.libros).first()
    if found is None:
        raise Http404(gettext("No hay una cuenta bancaria con el número %(number)d.") % {"number": number})
    found.contabilidad = mesa.libros[found.contabilidad_id]
    return found


def account_crumbs(cuenta: CuentaBancaria) -> tuple[Crumb, ...]:
    """Return the steps of the context bar down to an account."""
    return books_crumb(cuenta.contabilidad), Crumb(cuenta.banco, account_url(cuenta), cuenta.clabe[-4:])


def account_url(cuenta: CuentaBancaria, view: str = "") -> str:
    """Return the address of an account, at one of VIEWS."""
    return reverse("party:banco", args=[cuenta.pk]) + (f"?vista={view}" if view else "")


def show(
    request: HttpRequest, mesa: Mesa, cuenta: CuentaBancaria, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    """Return the page of an account, with what went wrong, if anything."""
    view = request.GET.get("vista", "")
    view = view if view in VIEWS else VIEWS[0]
    since = typed_day(request.GET.get("desde", ""))
    found = selectors.proposals(cuenta, since)
    following = selectors.proposals_go_on(cuenta, since)
    last = selectors.statements(cuenta).first()
    in_books = selectors.open_movements(cuenta, hasta=last.hasta if last else None)
    counts = {
        "propuestas": len(found),
        "banco": selectors.open_lines(cuenta).count(),
        "libros": in_books.count(),
        "enlaces": selectors.links(cuenta).count(),
        "estados": selectors.statements(cuenta).count(),
    }
    sure = [each for each in found if each.nivel >= weights().bloque]
    able = mesa.can("capturar", cuenta.contabilidad)
    context = {
        "frame": mesa.frame("bancos", *account_crumbs(cuenta), etapa=cuenta.contabilidad.etapa),
        "cuenta": cuenta,
        "nombre": books_name(cuenta.contabilidad),
        "problemas": problems,
        "vistas": _tabs(cuenta, view, counts),
        "tabla": tables.view_table(request, cuenta, view, found, able=able),
        "vista": view,
        "puede": able,
        "seguras": len(sure),
        "nivel": weights().bloque,
        "ultimo": last,
        "libros": selectors.book_balance(cuenta),
        "grafica": sides_picture(account_months(cuenta)),
        "meses": [(tables.month_words(each), month_url(cuenta, each)) for each in selectors.months(cuenta)[:6]],
        "cuentas": counts,
        "desde": since,
        "comparadas": selectors.MOST_PROPOSED,
        "siguen": following,
        "siguientes": account_url(cuenta, "propuestas") + f"&desde={following}" if following else "",
        "primeras": account_url(cuenta, "propuestas"),
    }
    return render(request, "party/banco.html", context, status=status)


def month_url(cuenta: CuentaBancaria, month: Any) -> str:
    """Return the address of the reconciliation of a month."""
    return reverse("party:conciliacion", args=[cuenta.pk, month.year, month.month])


def _tabs(cuenta: CuentaBancaria, view: str, counts: dict[str, int]) -> list[tuple[str, str, int, bool]]:
    words = {
        "propuestas": gettext("Propuestas"),
        "banco": gettext("Sin póliza"),
        "libros": gettext("Sin banco"),
        "enlaces": gettext("Conciliadas"),
        "estados": gettext("Estados cargados"),
    }
    return [(words[key], account_url(cuenta, key), counts[key], key == view) for key in VIEWS]


def load(
    request: HttpRequest, mesa: Mesa, cuenta: CuentaBancaria, archivo: tuple[str, bytes], **said: Any
) -> HttpResponse:
    """Load a file (name, bytes) as `load_statement` does with what was said of it, or ask for the job of one that is
    long or takes long to read."""
    if len(archivo[1]) <= MOST_BYTES:
        with suppress(Late):
            tell(request, load_statement(cuenta, archivo, mesa.usuario, **said))
            return HttpResponseRedirect(account_url(cuenta))
    return to_job(request, ask_to_load(cuenta, archivo, mesa.usuario, **said), mesa.usuario)


def tell(request: HttpRequest, loaded: Loaded) -> None:
    """Say what became of a file, and what is odd in it."""
    for words in warned_words(loaded.avisos):
        messages.warning(request, words)
    say = messages.info if loaded.repetido else messages.success
    say(request, loaded_words(loaded.nuevas, loaded.conocidas, is_again=loaded.repetido))
