"""The matrix of observaciones on the page: it goes out as a workbook, and what comes back is shown, then written."""

import tempfile
from pathlib import Path
from shutil import copyfileobj
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sif.audit.matrix import MatrixRefused, Plan, import_matrix, plan_import, read_matrix, write_matrix
from sif.audit.models import Corrida
from sif.audit.selectors import last_run
from sif.audit.services import DecisionRefused
from sif.batch.files import kept
from sif.batch.refused import LoteRefused
from sif.books.models import Archivo
from sif.books.services import open_file
from sif.registry.selectors import may
from sif.values import Problem
from sif.web.auditor.export import XLSX
from sif.web.auditor.frames import auditor_frame
from sif.web.auditor.queue import read_queue
from sif.web.desk import seated_at
from sif.web.stage import person, stage_at_hand
from sif.web.tables import Column, Row, Table, Thing

SHOWN = 500  # changes and refused cells shown; the figures are of all


def _run(request: HttpRequest) -> Corrida:
    corrida = last_run(stage_at_hand(request))
    if corrida is None:
        raise Http404("No hay corrida.")
    return corrida


@require_safe
@seated_at("auditor")
def workbook(request: HttpRequest) -> HttpResponse:
    """The matrix of the filtered queue, to be edited and brought back."""
    data = write_matrix(read_queue(_run(request), request.GET, person(request)).filas.iterator(1000))
    header = {"Content-Disposition": 'attachment; filename="matriz.xlsx"'}
    return HttpResponse(data, content_type=XLSX, headers=header)


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("auditor")
def matrix(request: HttpRequest) -> HttpResponse:
    """Where the matrix goes out and comes back; after a file, every change it would make, before it makes any."""
    etapa = stage_at_hand(request)
    if last_run(etapa) is None:
        return render(request, "auditor/sin_corrida.html", {"frame": auditor_frame(etapa, "matriz")})
    if request.method != "POST":
        return _page(request)
    upload = request.FILES.get("archivo")
    if upload is None:
        return _page(request, problemas=[_no_file()])
    try:
        with kept(upload.chunks()) as file:
            plan = plan_import(_run(request), read_matrix(file.path))
            return _page(request, plan=plan, archivo=file.sha256, nombre=upload.name)
    except (LoteRefused, MatrixRefused) as refused:
        return _page(request, problemas=list(refused.problems)[:SHOWN], nombre=upload.name)


def _no_file() -> Problem:
    return Problem("vacio", _("archivo"), _("No eligió un archivo."), _("Elija la matriz que exportó, en XLSX."))


@require_POST
@seated_at("auditor")
def apply(request: HttpRequest) -> HttpResponse:
    """Write what was shown, whole or nothing; twice is the same as once."""
    corrida, sha256 = _run(request), request.POST.get("archivo", "")
    back = HttpResponseRedirect(reverse("auditor:matriz"))
    if not Archivo.objects.filter(pk=sha256, tipo=XLSX).exists():
        messages.error(request, _("No se encuentra el archivo. Impórtelo otra vez."))
        return back
    try:
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy:
            with open_file(sha256) as stream:
                copyfileobj(stream, copy)
            copy.flush()
            rows = read_matrix(Path(copy.name))
        done = import_matrix(corrida, rows, request.POST.get("huella", ""), person(request))
    except (DecisionRefused, MatrixRefused) as refused:
        messages.error(request, f"{refused} {_('No se escribió nada.')}")
        return back
    words = _("Matriz importada: %(texts)s textos, %(decisions)s decisiones propuestas y %(people)s asignaciones.")
    told = {"texts": done.textos, "decisions": done.propuestas, "people": done.asignaciones}
    messages.success(request, words % told)
    return back


def _page(
    request: HttpRequest, *, plan: Plan | None = None, problemas: list[Problem] | None = None, **more: Any
) -> HttpResponse:
    etapa = stage_at_hand(request)
    refused = list(plan.rechazos) if plan else problemas or []
    context = {
        "frame": auditor_frame(etapa, "matriz"),
        "importa": may(person(request), "auditar"),
        "plan": plan,
        "cambios": _changes(plan) if plan and plan.cambios else None,
        "problemas": refused[:SHOWN],
        "cuantos": len(refused),
        "mostrados": SHOWN,
        **more,
    }
    return render(request, "auditor/matriz.html", context, status=422 if refused else 200)


def _changes(plan: Plan) -> Table:
    columns = (
        Column("celda", _("Celda"), "cosa"),
        Column("antes", _("Antes"), telefono="wide"),
        Column("despues", _("Después"), telefono="wide"),
    )
    rows = [
        Row({"celda": Thing(_("Fila %(n)s, %(column)s") % {"n": each.fila, "column": each.columna},
                            reverse("auditor:hallazgo", args=[each.hallazgo_id]), debajo=each.clave),
             "antes": each.antes or _("nada"), "despues": each.despues or _("nada")})
        for each in plan.cambios[:SHOWN]
    ]  # fmt: skip
    return Table(_("Lo que cambiaría"), columns, rows)
