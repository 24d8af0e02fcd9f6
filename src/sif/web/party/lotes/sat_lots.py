"""Bring in what other programs kept: SAT's XML, or a ledger of beancount, as a lot; and equivalent accounts."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sif.batch.conta import Comparacion, Comparada, keep_conta, pending_accounts, set_equivalences
from sif.batch.ledger_files import keep_ledger
from sif.batch.tasks import ask_to_equate
from sif.books.selectors import accounts_of
from sif.jobs.services import TrabajoRefused
from sif.registry.models import Contabilidad
from sif.values import Money, Problem, Refused
from sif.web.columns import Column, panel
from sif.web.party.lotes.lot import lote_url, offered_books, to_lote
from sif.web.party.lotes.lot_act import lote_of, refuse_busy
from sif.web.party.mesa import Mesa, books_crumb, party_page
from sif.web.tables import Empty, Table, Thing
from sif.web.trabajos.following import to_job
from sif.web.typed import typed_number

LEDGERS = (".beancount", ".bean")
"""Endings of the name of a ledger of another program; any other file is taken for one of SAT."""


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Render the upload of an XML of SAT; on a POST, redirect to the lot of its pólizas or render the differences."""
    if request.method != "POST":
        return _show(request, mesa)
    number, file = typed_number(request.POST.get("contabilidad", "")), request.FILES.get("archivo")
    if not number or file is None:
        wrong = Problem("archivo", _("archivo"), _("No eligió ningún archivo."), _("Elija el XML y su contabilidad."))
        return _show(request, mesa, problems=[wrong], status=422)
    books = mesa.books(number)
    try:
        keep = keep_ledger if (file.name or "").lower().endswith(LEDGERS) else keep_conta
        got = keep(books, (file.name or "", file.chunks()), mesa.usuario)
    except Refused as refused:
        return _show(request, mesa, problems=refused.problems, status=422)
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused
    if isinstance(got, Comparacion):
        return _show(request, mesa, comparison=got, books=books)
    return to_lote(request, mesa, got)


def _show(
    request: HttpRequest,
    mesa: Mesa,
    *,
    problems: Sequence[Problem] = (),
    comparison: Comparacion | None = None,
    books: Contabilidad | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "frame": mesa.frame("lotes"),
        "libros": offered_books(mesa),
        "problemas": problems,
        "elegida": request.POST.get("contabilidad", ""),
        "comparacion": comparison,
        "libro": books,
        "distintas": sum(not row.iguales for row in comparison.filas) if comparison else 0,
        "tabla": _table(comparison) if comparison else None,
    }
    return render(request, "party/lotes_sat.html", context, status=status)


def _table(comparison: Comparacion) -> Table:
    figures = comparison.documento.clase == "balanza"
    columns = [Column("externa", _("En el archivo"), "cosa"), Column("cuenta", _("En los libros"), "cosa")]
    if figures:
        columns += [
            Column("cargos", _("Cargos del archivo"), "dinero"),
            Column("cargos_libros", _("de los libros"), "dinero"),
            Column("abonos", _("Abonos del archivo"), "dinero"),
            Column("abonos_libros", _("de los libros"), "dinero"),
            Column("saldo", _("Saldo del archivo"), "dinero"),
            Column("saldo_libros", _("de los libros"), "dinero"),
            Column("diferencia", _("Diferencia de saldo"), "dinero"),
        ]
    columns.append(Column("estado", _("Resultado"), "estado"))
    nothing = Empty(_("El archivo no tiene cuentas."), "")
    return panel(_("Archivo y libros"), map(_cells, comparison.filas), columns, vacia=nothing, libro=figures)


def _cells(each: Comparada) -> dict[str, object]:
    zero, absent = (Money(0),) * 3, ("—",) * 3
    names = ("cargos", "abonos", "saldo")
    return {
        "externa": Thing(each.externa or _("No está"), debajo=each.nombre),
        "cuenta": Thing(each.cuenta or _("Sin equivalente"), debajo=each.nombre_cuenta),
        "estado": ("completa", _("Igual")) if each.iguales else ("incompleta", _difference(each)),
        **dict(zip(names, each.archivo or absent, strict=True)),
        **{f"{name}_libros": said for name, said in zip(names, each.libros or absent, strict=True)},
        "diferencia": (each.archivo or zero)[2] - (each.libros or zero)[2],
    }


def _difference(each: Comparada) -> str:
    if not each.externa:
        return _("Falta en el archivo")
    return _("Cifras distintas") if each.cuenta else _("Sin equivalente")


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def accounts(request: HttpRequest, mesa: Mesa, number: int, lote: int) -> HttpResponse:
    """The accounts that a lot names and ours that they stand for; a post asks for the job that puts them in it."""
    found = lote_of(mesa, number, lote)
    problems: Sequence[Problem] = ()
    pending = pending_accounts(found)
    if request.method == "POST":
        said = {row.externa: request.POST.get(f"cuenta_{row.pk}", "").split(" ")[0].strip() for row in pending}
        try:
            refuse_busy(found)
            kept = set_equivalences(found, {external: code for external, code in said.items() if code}, mesa.usuario)
            return to_job(request, ask_to_equate(found, kept, mesa.usuario), mesa.usuario)
        except Refused as refused:
            problems = refused.problems
        except TrabajoRefused as refused:
            messages.warning(request, str(refused))
            return HttpResponseRedirect(lote_url(found))
        except PermissionError as refused:
            raise PermissionDenied(str(refused)) from refused
    usable = [each for each in accounts_of(found.contabilidad).values() if each.capturable]
    context = {
        "frame": mesa.frame("lotes", books_crumb(found.contabilidad)),
        "lote": found,
        "problemas": problems,
        "pendientes": pending,
        "cuentas": usable,
        "vuelve": lote_url(found),
    }
    return render(request, "party/lote_equivalencias.html", context, status=422 if problems else 200)
