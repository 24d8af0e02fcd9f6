"""Receive invoices, show their checks, and post one or several."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from sif.books import tasks
from sif.books.models import Borrador, Recepcion
from sif.books.selectors import inbox
from sif.books.services import (
    accept_many,
    bring_back,
    propose_poliza,
    receive_many,
    save_borrador,
    set_aside,
)
from sif.jobs.files import FileGone
from sif.jobs.models import Trabajo
from sif.registry.models import Contabilidad
from sif.sandbox.client import Late
from sif.values import Money, Problem, Refused
from sif.web.files import file_response
from sif.web.party.cfdi.inbox_list import HEAD, MOST, check_names, export_rows, inbox_table, read_inbox, view_tabs
from sif.web.party.cfdi.received import received_or_404, told_of_each
from sif.web.party.draft_content import draft_url, from_proposal
from sif.web.party.invoice_supplier import unregistered
from sif.web.party.mesa import Mesa, books_name, party_page
from sif.web.trabajos.following import to_job
from sif.web.typed import typed_number


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the inbox; a post receives files into the books chosen and tells what became of each."""
    if request.method != "POST":
        if request.GET.get("formato") in ("csv", "xlsx"):
            rows = export_rows(read_inbox(request.GET, mesa), mesa)
            return file_response(request.GET["formato"], "bandeja-cfdi", HEAD, rows)
        return _show(request, mesa, received=_received(request, mesa))
    number = typed_number(request.POST.get("contabilidad", ""))
    files = request.FILES.getlist("archivos")
    problems = []
    if not number:
        problems.append(Problem("contabilidad", _("contabilidad"), _("Falta en qué contabilidad."), _("Elíjala.")))
    if not files:
        problems.append(
            Problem("archivos", _("archivos"), _("No eligió ningún archivo."), _("Elija archivos XML o un ZIP."))
        )
    if problems:
        return _show(request, mesa, problems=problems, status=422)
    try:
        return _receive(request, mesa, mesa.books(number), files)
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused


def _receive(request: HttpRequest, mesa: Mesa, books: Contabilidad, files: Sequence[Any]) -> HttpResponse:
    """Receive what was dropped, or ask for the job that does when it is much or takes long to read."""
    if sum(each.size or 0 for each in files) <= tasks.MOST_BYTES:
        try:
            received = receive_many([(each.name or "archivo", each.read()) for each in files], books, mesa.usuario)
            return _show(request, mesa, received=tasks.told_of(received))
        except Late:
            for each in files:
                each.seek(0)
    dropped = ((each.name or "archivo", each.chunks()) for each in files)
    return to_job(request, tasks.ask_to_receive(books, dropped, mesa.usuario), mesa.usuario)


def _received(request: HttpRequest, mesa: Mesa) -> tasks.Received:
    """Return the files that the job of ?recibido= received for this person and books, or NOTHING once they are gone."""
    number = typed_number(request.GET.get("recibido", ""))
    done = Trabajo.objects.filter(
        pk=number or 0,
        tipo=tasks.RECEIVE,
        persona=mesa.usuario,
        contabilidad__in=list(mesa.libros),
        estado=Trabajo.Estado.HECHO,
    ).first()
    try:
        return tasks.received_by(done) if done else tasks.NOTHING
    except FileGone:
        return tasks.NOTHING


def _show(
    request: HttpRequest,
    mesa: Mesa,
    *,
    received: tasks.Received = tasks.NOTHING,
    problems: Sequence[Problem] = (),
    asked: Sequence[Recepcion] = (),
    status: int = 200,
) -> HttpResponse:
    query = request.GET.copy()
    query.pop("recibido", None)
    found, count = read_inbox(query, mesa), received.recibidos
    mine = [each for each in mesa.libros.values() if mesa.can("capturar", each)]
    mine.sort(key=lambda each: (not mesa.windows(each), each.pk))  # those that may record today come first
    chosen = {str(each.pk) for each in _chosen(request, mesa)} if request.method == "POST" else set()
    context = {
        "frame": mesa.frame("cfdi"),
        "libros": [(each.pk, books_name(each)) for each in mine],
        "todos": [(each.pk, books_name(each)) for each in mesa.libros.values()],
        "bandeja": found,
        "elegida": request.POST.get("contabilidad", ""),
        "problemas": problems,
        "elegidos": chosen,
        "sin_proveedor": unregistered(asked, mesa),
        "vistas": view_tabs(found),
        "tabla": inbox_table(found, mesa),
        "comprobaciones": check_names(),
        "recibido": received,
        "respuestas": told_of_each(received, mesa),
        "filtros": query,
        "vistos": MOST,
        "listos": found.ready,
        "suma": Money(sum(each.comprobante.total for each in found.ready)),
        "consulta": query.urlencode(),
        "hay_filas": bool(found.shown),
        "motivo": request.POST.get("motivo", ""),
        "leidos": ngettext("%(n)d comprobante leído", "%(n)d comprobantes leídos", count) % {"n": count},
    }
    return render(request, "party/cfdi.html", context, status=status)


def _chosen(request: HttpRequest, mesa: Mesa) -> list[Recepcion]:
    """Return the receptions that a form chose: those ticked, or every ready one of the view asked for."""
    if request.POST.get("alcance") == "listos":
        return read_inbox(request.GET, mesa).ready
    numbers = [number for each in request.POST.getlist("elegir") if (number := typed_number(each))]
    rows = Recepcion.objects.filter(pk__in=numbers, contabilidad__in=list(mesa.libros))
    return list(rows.select_related("comprobante", "contabilidad__sujeto", "contabilidad__etapa").order_by("pk"))


@require_POST
@party_page
def decide(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Post the chosen invoices together, all or none; or set them aside with a reason; or bring them back."""
    rows, act = _chosen(request, mesa), request.POST.get("decision", "")
    if not rows:
        problem = Problem("elegir", _("lista"), _("No eligió ningún comprobante."), _("Marque los que quiera."))
        return _show(request, mesa, problems=(problem,), status=422)
    back = HttpResponseRedirect(f"{reverse('party:cfdi')}?{request.GET.urlencode()}")
    try:
        if act == "registrar" and len(rows) > tasks.MOST_POSTED:
            return to_job(request, tasks.ask_to_accept(rows, mesa.usuario), mesa.usuario)
        if act == "registrar":
            done = len(accept_many(rows, mesa.usuario).polizas)
            words = ngettext("%(n)d póliza registrada.", "%(n)d pólizas registradas.", done)
        elif act == "apartar":
            done = set_aside(rows, request.POST.get("motivo", ""), mesa.usuario)
            words = ngettext("%(n)d comprobante apartado.", "%(n)d comprobantes apartados.", done)
        else:
            done = bring_back(rows, mesa.usuario)
            words = ngettext("%(n)d comprobante devuelto.", "%(n)d comprobantes devueltos.", done)
    except Refused as refused:
        return _show(request, mesa, problems=refused.problems, asked=rows, status=422)
    except ValueError as wrong:
        problem = Problem("motivo", _("motivo"), str(wrong), "")
        return _show(request, mesa, problems=(problem,), status=422)
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused
    messages.success(request, words % {"n": done})
    return back


@require_POST
@party_page
def propose(request: HttpRequest, mesa: Mesa, number: int, recepcion: int) -> HttpResponse:
    """Open the draft of the póliza that an invoice suggests; the one already begun, if there is."""
    received = received_or_404(mesa, number, recepcion)
    begun = Borrador.objects.filter(contabilidad=received.contabilidad, comprobante=received.comprobante).first()
    if begun is None:
        if not inbox([number]).filter(pk=received.pk).exists():
            messages.info(request, _("Ese comprobante ya está en una póliza."))
            return HttpResponseRedirect(reverse("party:cfdi"))
        proposal = propose_poliza(received)
        windows = [f"{each.periodo_id}:{each.tipo}" for each in mesa.windows(received.contabilidad)]
        content = from_proposal(proposal, windows[0] if len(windows) == 1 else "")
        try:
            begun = save_borrador(received.contabilidad, content, mesa.usuario, comprobante=received.comprobante)
        except PermissionError as refused:
            raise PermissionDenied(str(refused)) from refused
    return HttpResponseRedirect(draft_url(begun))
