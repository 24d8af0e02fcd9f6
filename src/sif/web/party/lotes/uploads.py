"""Carga por lotes: templates to download, files to load, and the lots loaded so far."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sif.batch.kinds import Clase, load_kinds
from sif.batch.selectors import lotes
from sif.batch.services import keep_lote
from sif.batch.templates import csv_template, help_rows, xlsx_template
from sif.values import Problem, Refused
from sif.web.files import XLSX
from sif.web.marks import folio_html
from sif.web.party.lotes.column_words import COLUMNS, typed_html
from sif.web.party.lotes.lot import lote_url, offered_books, state_words, to_lote
from sif.web.party.mesa import Mesa, party_page
from sif.web.tables import Column, Empty, Row, Table, Thing, page_number, pager_for
from sif.web.typed import typed_number


@require_http_methods(["GET", "HEAD", "POST"])
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
    except Refused as refused:
        return _show(request, mesa, problems=refused.problems, status=422)
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused
    return to_lote(request, mesa, got)


def _show(request: HttpRequest, mesa: Mesa, *, problems: Sequence[Problem] = (), status: int = 200) -> HttpResponse:
    kinds = load_kinds(settings.JURISDICTION)
    context = {
        "frame": mesa.frame("lotes"),
        "libros": offered_books(mesa),
        "problemas": problems,
        "elegida": request.POST.get("contabilidad", ""),
        "elegido": request.POST.get("tipo", ""),
        "tipos": [(kind.clave, kind.titulo) for kind in kinds.values()],
        "plantillas": [
            {"tipo": kind, "ayuda": typed_html(kind.ayuda), "columnas": _help(kind)} for kind in kinds.values()
        ],
        "tabla": _table(request, mesa),
    }
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
            "archivo": Thing(each.nombre, lote_url(each), debajo=what, clave_debajo=folio_html(each.sha256)),
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
