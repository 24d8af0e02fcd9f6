"""Export the matrix of observaciones, and preview and write an edited one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sif.audit.matrix import Plan, write_matrix
from sif.audit.matrix_tasks import ask_for_plan, ask_to_import, plan_of, planned_by
from sif.audit.models import Corrida
from sif.audit.selectors import last_run
from sif.batch.files import kept
from sif.jobs.bounds import bounded
from sif.jobs.files import FileGone
from sif.registry.selectors import may
from sif.values import Problem, Refused
from sif.web.auditor.frames import auditor_frame
from sif.web.auditor.queue import read_queue
from sif.web.authority_seat import person, stage_at_hand
from sif.web.columns import Column, panel
from sif.web.files import XLSX, written_file
from sif.web.seats import seated_at
from sif.web.tables import Table, Thing
from sif.web.trabajos.following import to_job
from sif.web.typed import typed_number

SHOWN = 500  # changes and refused cells shown; the figures are of all


def _run(request: HttpRequest) -> Corrida:
    corrida = last_run(stage_at_hand(request))
    if corrida is None:
        raise Http404("No hay corrida.")
    return corrida


@require_safe
@seated_at("auditor")
def workbook(request: HttpRequest) -> HttpResponse:
    """Return the matrix of the filtered queue, to be edited and brought back."""
    rows = bounded(read_queue(_run(request), request.GET, person(request)).filas.iterator(1000), "xlsx")
    return written_file(lambda stream: write_matrix(stream, rows), XLSX, "matriz.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("auditor")
def matrix(request: HttpRequest) -> HttpResponse:
    """Render the download and upload of the matrix; on a POST, keep the file and start the job that reads it."""
    etapa, by = stage_at_hand(request), person(request)
    if last_run(etapa) is None:
        return render(request, "auditor/sin_corrida.html", {"frame": auditor_frame(etapa, "matriz")})
    if request.method != "POST":
        return _page(request)
    upload = request.FILES.get("archivo")
    if upload is None:
        return _page(request, problemas=[_no_file()])
    try:
        with kept(upload.chunks()) as file:
            return to_job(request, ask_for_plan(_run(request), file.sha256, by), by)
    except Refused as refused:
        return _page(request, problemas=list(refused.problems)[:SHOWN])
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused


def _no_file() -> Problem:
    return Problem("vacio", _("archivo"), _("No eligió un archivo."), _("Elija la matriz que exportó, en XLSX."))


@require_safe
@seated_at("auditor")
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """Return every change that a matrix would make, before it makes any."""
    planned = planned_by(person(request), number)
    if planned is None:
        raise Http404(_("No hay un trabajo suyo con ese número."))
    try:
        return _page(request, plan=plan_of(planned), trabajo=planned.pk)
    except FileGone as gone:
        messages.error(request, str(gone))
        return HttpResponseRedirect(reverse("auditor:matriz"))


@require_POST
@seated_at("auditor")
def apply(request: HttpRequest) -> HttpResponse:
    """Ask for the job that writes what was shown, whole or nothing; twice is the same as once."""
    by = person(request)
    planned = planned_by(by, typed_number(request.POST.get("trabajo", "")))
    try:
        if planned is None:
            raise FileGone
        return to_job(request, ask_to_import(planned, by), by)
    except FileGone:
        messages.error(request, _("No se encuentra el archivo. Impórtelo otra vez."))
        return HttpResponseRedirect(reverse("auditor:matriz"))
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused


def _page(
    request: HttpRequest, *, plan: Plan | None = None, problemas: list[Problem] | None = None, **more: object
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
    return render(request, "auditor/matriz.html", context, status=422 if problemas else 200)


def _changes(plan: Plan) -> Table:
    columns = (
        Column(
            "celda",
            _("Celda"),
            "cosa",
            show=lambda each: Thing(
                _("Fila %(n)s, %(column)s") % {"n": each.fila, "column": each.columna},
                reverse("auditor:hallazgo", args=[each.hallazgo_id]),
                debajo=each.clave,
            ),
        ),
        Column("antes", _("Antes"), show=lambda each: each.antes or _("nada"), phone="wide"),
        Column("despues", _("Después"), show=lambda each: each.despues or _("nada"), phone="wide"),
    )
    return panel(_("Lo que cambiaría"), plan.cambios[:SHOWN], columns)
