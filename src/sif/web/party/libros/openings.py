"""Open the books of an ordinary year: from the year before or from a file, seen first and done once, then adjusted."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sif.batch.kinds import opening_kind
from sif.batch.opening_files import ReadOpening, adjust_from_file, open_from_file, read_opening
from sif.batch.openings import next_year, open_next_year
from sif.batch.templates import csv_template, xlsx_template
from sif.books.carried import Carried
from sif.books.models import Apertura
from sif.books.services.aperturas import adjust_books, opened_with
from sif.registry.models import Contabilidad, Etapa
from sif.statements.ledgers import accounts
from sif.statements.names import names_of, written
from sif.values import Money, Problem, Refused
from sif.web.columns import Column, Link, panel
from sif.web.files import XLSX
from sif.web.formats import short_day
from sif.web.frame import Crumb
from sif.web.once import once
from sif.web.party.mesa import Mesa, books_name, party_page, poliza_url
from sif.web.tables import Empty, Table
from sif.web.typed import typed_number

MOST_SHOWN = 500
"""Balances that the page shows; all of them are in the póliza."""
_COLUMNS = {
    "cuenta": gettext_lazy("Cuenta"),
    "auxiliar_id": gettext_lazy("Auxiliar"),
    "fecha_documento": gettext_lazy("Fecha del documento"),
    "documento": gettext_lazy("Documento"),
    "cargo": gettext_lazy("Cargo"),
    "abono": gettext_lazy("Abono"),
}
_OWN = (
    Column(
        "contabilidad",
        gettext_lazy("Contabilidad"),
        "cosa",
        "pk",
        show=lambda row: str(row["pk"]),
        link=Link("party:apertura", ("pk",)),
    ),
    Column("nombre", under="contabilidad"),
    Column("ejercicio", gettext_lazy("Ejercicio"), "numero", phone="half"),
    Column("de", gettext_lazy("Se abrió con"), phone="half"),
    Column("estado", gettext_lazy("Estado"), "estado"),
)
_BALANCES = (
    Column("cuenta", gettext_lazy("Cuenta"), "cosa"),
    Column("codigo", kind="clave", under="cuenta"),
    Column("de_quien", gettext_lazy("De quién")),
    Column("desde", gettext_lazy("Se debe desde"), phone="half"),
    Column("documento", gettext_lazy("Documento"), phone="half"),
    Column("cargo", gettext_lazy("Cargo"), "dinero", total=True, nullable=True, phone="half"),
    Column("abono", gettext_lazy("Abono"), "dinero", total=True, nullable=True, phone="half"),
)


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the person's books of ordinary years, with how each was opened."""
    own = _ordinary(mesa)
    known = {each.contabilidad_id: each for each in _openings([books.pk for books in own])}
    rows = [_row(books, known.get(books.pk)) for books in own]
    empty = Empty(_("No hay contabilidades de ejercicios ordinarios."), _("Las abre la autoridad con cada ejercicio."))
    context = {
        "frame": mesa.frame("libros", Crumb(_("Libros y estados"), reverse("party:libros"))),
        "tabla": panel(_("Ejercicios"), rows, _OWN, vacia=empty),
    }
    return render(request, "party/aperturas.html", context)


def _openings(numbers: Iterable[int]) -> Any:
    return Apertura.objects.filter(contabilidad__in=list(numbers), ajusta=None)


def _ordinary(mesa: Mesa) -> list[Contabilidad]:
    own = [each for each in mesa.libros.values() if each.etapa.tipo == Etapa.Tipo.ORDINARIO]
    return sorted(own, key=lambda each: (-each.etapa.proceso.anio, each.pk))


def _row(books: Contabilidad, opening: Apertura | None) -> dict[str, object]:
    return {
        "pk": books.pk,
        "nombre": books_name(books),
        "ejercicio": books.etapa.proceso.anio,
        "de": _source(opening) if opening else _("sin abrir"),
        "estado": ("vigente", _("Abierta con saldos")) if opening else ("incompleta", _("Sin saldos de apertura")),
    }


def _source(opening: Apertura) -> str:
    if opening.de_id:
        return _("la contabilidad %(number)d") % {"number": opening.de_id}
    return _("un archivo de otro programa")


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Show how some books were opened and adjust it; or what would open them, and open them with it."""
    books = mesa.books(number)
    if books.etapa.tipo != Etapa.Tipo.ORDINARIO:
        raise Http404(_("Solo los ejercicios ordinarios se abren con saldos del anterior."))
    opening = _openings([books.pk]).select_related("poliza", "de", "hecha_por").first()
    found: dict[str, Any] = {}
    try:
        if request.method == "POST":
            if not mesa.can("capturar", books):
                raise PermissionDenied(_("No registra en esta contabilidad."))
            answer = _act(request, mesa, books, opening)
            if isinstance(answer, HttpResponse):
                return answer
            found = answer
        elif not opening:
            found = _previewed(mesa, books, typed_number(request.GET.get("de", "")))
    except Refused as refused:
        found = {"problemas": refused.problems, "rechazo": True}
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused
    status = 422 if request.method == "POST" and found.get("rechazo") else 200
    return render(request, "party/apertura.html", _context(mesa, books, opening) | found, status=status)


def _act(request: HttpRequest, mesa: Mesa, books: Contabilidad, opening: Apertura | None) -> Any:
    """Do what the form asks: read a file, or open or adjust once. Raises Refused."""
    asked, file = request.POST.get("hacer", ""), request.FILES.get("archivo")
    reason, name = request.POST.get("motivo", ""), request.POST.get("nombre", "")[:255]
    if asked == "leer":
        if file is None:
            raise Refused(
                Problem("archivo", _("archivo"), _("No eligió ningún archivo."), _("Elija su plantilla llena."))
            )
        read = read_opening(books, (file.name or "", file.chunks()), mesa.usuario)
        return _of_file(read) | {"motivo": reason}

    def write() -> str:
        if asked == "abrir":
            done = open_next_year(mesa.books(typed_number(request.POST.get("de", ""))), books, mesa.usuario)
            poliza, fresh = done.apertura.poliza, done.nueva
        elif asked == "archivo" and opening is None:
            done = open_from_file(books, request.POST.get("sha256", "")[:64], name, mesa.usuario)
            poliza, fresh = done.apertura.poliza, done.nueva
        elif asked == "archivo":
            digest = request.POST.get("sha256", "")[:64]
            poliza, fresh = adjust_from_file(books, digest, name, reason, mesa.usuario).poliza, True
        elif asked == "ajustar":
            poliza, fresh = adjust_books(books, reason, mesa.usuario).poliza, True
        else:
            raise Refused(Problem("acto", _("forma"), _("No dice qué hacer."), _("Use los botones de la página.")))
        said = _("Quedó registrada con la póliza %(link)d.") if fresh else _("Ya estaba abierta: nada cambió.")
        messages.success(request, said % {"link": poliza.eslabon} if fresh else said)
        return reverse("party:apertura", args=[books.pk])

    return HttpResponseRedirect(once(request, write))


def _previewed(mesa: Mesa, books: Contabilidad, de: int) -> dict[str, object]:
    """Return what would open some books from others, where the person said which."""
    if not de:
        return {}
    source = mesa.books(de)
    found = next_year(source, books, mesa.usuario)
    return {
        "elegida": source.pk,
        "problemas": found.problemas,
        "tabla": _table(found.partidas),
        "saldos": len(found.partidas),
        "cargos": found.cargos,
        "resultado": Money(found.resultado),
    }


def _of_file(read: ReadOpening) -> dict[str, object]:
    return {
        "leido": read,
        "problemas": [_in_words(each) for each in read.problemas],
        "rechazo": bool(read.problemas),
        "tabla": _table(read.partidas) if not read.problemas else None,
        "saldos": len(read.partidas),
        "cargos": read.cargos,
    }


def _in_words(problem: Problem) -> Problem:
    row, _comma, column = problem.donde.partition(", ")
    return replace(problem, donde=f"{row}, {_COLUMNS[column]}" if column in _COLUMNS else problem.donde)


def _context(mesa: Mesa, books: Contabilidad, opening: Apertura | None) -> dict[str, object]:
    mine = [
        (each.pk, f"{each.pk} {books_name(each)}, {each.etapa.proceso.anio}")
        for each in _ordinary(mesa)
        if (each.sujeto_id, each.clase) == (books.sujeto_id, books.clase)
        and each.etapa.termina_el < books.etapa.inicia_el
        and mesa.can("capturar", each)
    ]
    context: dict[str, object] = {
        "frame": mesa.frame(
            "libros",
            Crumb(_("Libros y estados"), reverse("party:libros")),
            Crumb(_("Apertura de ejercicios"), reverse("party:aperturas")),
            etapa=books.etapa,
        ),
        "libro": books,
        "nombre": books_name(books),
        "ejercicio": books.etapa.proceso.anio,
        "puede": mesa.can("capturar", books),
        "anteriores": mine,
        "apertura": opening,
        "formatos": ("xlsx", "csv"),
    }
    if opening:
        adjusted = opening.ajustes.select_related("poliza", "hecha_por").order_by("pk")
        context |= {
            "fuente": _source(opening),
            "poliza_url": poliza_url(opening.poliza),
            "resultado": Money(opening.resultado),
            "ajustes": [(each, poliza_url(each.poliza)) for each in adjusted],
            "tabla": _table(opened_with(books)),
        }
    return context


def _table(carried: Sequence[Carried]) -> Table:
    """Return the balances as a table, the first MOST_SHOWN of them."""
    shown = carried[:MOST_SHOWN]
    names = names_of({(each.auxiliar_tipo, each.auxiliar_id) for each in shown})
    codes = {code: account.nombre for code, account in accounts().items()}
    rows = [
        {
            "cuenta": codes.get(each.cuenta, each.cuenta),
            "codigo": each.cuenta,
            "de_quien": written(names, each.auxiliar_tipo, each.auxiliar_id) or each.concepto,
            "desde": short_day(each.fecha, year=True) if each.fecha else "",
            "documento": each.referencia,
            "cargo": Money(each.neto) if each.neto > 0 else None,
            "abono": Money(-each.neto) if each.neto < 0 else None,
        }
        for each in shown
    ]
    return panel(_("Saldos"), rows, _BALANCES, palabra_total=_("Suma"), vacia=Empty(_("No hay saldos."), ""))


@require_safe
@party_page
def template(request: HttpRequest, mesa: Mesa, formato: str) -> HttpResponse:
    """Return the template of the balances that open a year, as a workbook or a CSV."""
    if formato not in ("xlsx", "csv"):
        raise Http404(_("No hay esa plantilla."))
    kind = opening_kind(settings.JURISDICTION)
    data = xlsx_template(kind) if formato == "xlsx" else csv_template(kind)
    response = HttpResponse(data, content_type=XLSX if formato == "xlsx" else "text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="plantilla-apertura.{formato}"'
    return response
