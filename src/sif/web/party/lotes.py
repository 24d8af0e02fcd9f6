"""Carga por lotes: templates to download, files to load, and the lots loaded so far."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.batch.kinds import Clase, load_kinds
from sif.batch.models import Lote
from sif.batch.refused import LoteRefused
from sif.batch.selectors import lotes
from sif.batch.services import Recibido, keep_lote
from sif.batch.tasks import READ, ask_for
from sif.batch.templates import csv_template, help_rows, xlsx_template
from sif.values import Problem
from sif.web.files import XLSX
from sif.web.party.lotes_words import COLUMNS, typed_html
from sif.web.party.mesa import Mesa, books_name, party_page
from sif.web.tables import Column, Empty, Row, Table, Thing, page_number, pager_for
from sif.web.trabajos.following import to_job
from sif.web.typed import typed_number

STATES = {"recibido": "en_curso", "revisado": "en_revision", "aplicado": "registrada", "descartado": "desechado"}


def state_words(lote: Lote) -> tuple[str, str]:
    """The look of the state of a lot, and its word."""
    words = {
        "recibido": _("Recibido"), "revisado": _("Revisado"), "aplicado": _("Aplicado"), "descartado": _("Descartado"),
    }  # fmt: skip
    return STATES[lote.estado], words[lote.estado]


def lote_url(lote: Lote) -> str:
    """The address of a lot."""
    return reverse("party:lote", args=[lote.contabilidad_id, lote.pk])


def offered_books(mesa: Mesa) -> list[tuple[int, str]]:
    """The books in which the person captures, those that may record today first."""
    mine = [each for each in mesa.libros.values() if mesa.can("capturar", each)]
    mine.sort(key=lambda each: (not mesa.windows(each), each.pk))
    return [(each.pk, books_name(each)) for each in mine]


@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """The lots of the person's books; a post loads a file and goes to its preview."""
    if request.method != "POST":
        return _show(request, mesa)
    number, kind = typed_number(request.POST.get("contabilidad", "")), request.POST.get("tipo", "")
    file = request.FILES.get("archivo")
    problems = []
    if not number:
        problems.append(Problem("contabilidad", _("contabilidad"), _("Falta en qué contabilidad."), _("Elíjala.")))
    if file is None:
        problems.append(
            Problem("archivo", _("archivo"), _("No eligió ningún archivo."), _("Elija su plantilla llena."))
        )
    if problems or file is None:
        return _show(request, mesa, problems=problems, status=422)
    try:
        got = keep_lote(mesa.books(number), kind, (file.name or "", file.chunks()), mesa.usuario)
    except LoteRefused as refused:
        return _show(request, mesa, problems=refused.problems, status=422)
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused
    return to_lote(request, mesa, got)


def to_lote(request: HttpRequest, mesa: Mesa, got: Recibido) -> HttpResponse:
    """To the job that reads the file of a lot, or to the lot of a file that was read before."""
    if got.lote.estado == Lote.Estado.RECIBIDO:
        return to_job(request, ask_for(READ, got.lote, mesa.usuario), mesa.usuario)
    told = {
        "aplicado": _("Este mismo archivo ya se aplicó: nada cambió."),
        "revisado": _("Este mismo archivo ya estaba cargado: es este lote."),
    }
    messages.info(request, told[got.lote.estado])
    return HttpResponseRedirect(lote_url(got.lote))


def _show(request: HttpRequest, mesa: Mesa, *, problems: Sequence[Problem] = (), status: int = 200) -> HttpResponse:
    kinds = load_kinds(settings.JURISDICTION)
    context = {
        "frame": mesa.frame("lotes"), "libros": offered_books(mesa), "problemas": problems,
        "elegida": request.POST.get("contabilidad", ""), "elegido": request.POST.get("tipo", ""),
        "tipos": [(kind.clave, kind.titulo) for kind in kinds.values()],
        "plantillas": [
            {"tipo": kind, "ayuda": typed_html(kind.ayuda), "columnas": _help(kind)} for kind in kinds.values()
        ],
        "tabla": _table(request, mesa),
    }  # fmt: skip
    return render(request, "party/lotes.html", context, status=status)


def _help(kind: Clase) -> list[tuple[str, str, bool, str, SafeString]]:
    """What each column of a template is called in the file and to people, whether it must be filled, and its help."""
    return [
        (name, str(COLUMNS[name]), bool(must), holds, typed_html(words)) for name, must, holds, words in help_rows(kind)
    ]


def _table(request: HttpRequest, mesa: Mesa) -> Table:
    columns = (
        Column("archivo", _("Archivo"), "cosa"),
        Column("contabilidad", _("Contabilidad"), "clave"),
        Column("recibido", _("Cargado"), "momento"),
        Column("filas", _("Renglones"), "numero"),
        Column("malas", _("Con error"), "numero"),
        Column("estado", _("Estado"), "estado"),
    )
    found = lotes(mesa.libros)
    page = pager_for(page_number(request.GET), found.count())
    counted = found.annotate(n=Count("filas"), mal=Count("filas", filter=~Q(filas__problemas=[])))
    rows = [_row(each) for each in counted[max(0, page.desde - 1) : page.hasta]]
    nothing = Empty(_("Todavía no hay lotes."), _("Baje una plantilla, llénela y cárguela."))
    return Table(_("Lotes cargados"), columns, rows, pagina=page, vacia=nothing)


def _row(each: Any) -> Row:
    kind = load_kinds(settings.JURISDICTION).get(each.tipo)
    what = f"{kind.titulo if kind else each.tipo}, {each.recibido_por.named_at(each.recibido_el)}"
    return Row(
        {
            "archivo": Thing(each.nombre, lote_url(each), debajo=what, clave_debajo=each.sha256[:8]),
            "contabilidad": str(each.contabilidad_id),
            "recibido": each.recibido_el,
            "filas": each.n,
            "malas": each.mal,
            "estado": state_words(each),
        }
    )


@require_safe
@party_page
def template(request: HttpRequest, mesa: Mesa, clave: str, formato: str) -> HttpResponse:
    """The template of a kind as a workbook or a CSV."""
    kind = load_kinds(settings.JURISDICTION).get(clave)
    if kind is None or formato not in ("xlsx", "csv"):
        raise Http404(_("No hay esa plantilla."))
    data = xlsx_template(kind) if formato == "xlsx" else csv_template(kind)
    response = HttpResponse(data, content_type=XLSX if formato == "xlsx" else "text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="plantilla-{clave}.{formato}"'
    return response
