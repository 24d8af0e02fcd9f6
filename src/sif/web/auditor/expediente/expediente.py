"""Show the expediente of one hallazgo: law, books, proof, history and acts."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from sif.audit.looks import open_paper, say_reason
from sif.audit.models import Hallazgo
from sif.books.models import Archivo
from sif.books.services import read_file
from sif.registry.looks import LookRefused
from sif.web.auditor.expediente import proof
from sif.web.auditor.expediente.expediente_page import expediente, open_hallazgo
from sif.web.auditor.queue import kept_query
from sif.web.authority_seat import person
from sif.web.reasons import said_reason
from sif.web.seats import seated_at
from sif.web.tables import page_number
from sif.web.trabajos.dibujos import Drawing, drawn


@require_safe
@seated_at("auditor")
def hallazgo(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the expediente of a hallazgo, and the decision below."""
    return expediente(request, open_hallazgo(pk))


def _file(pk: int, sha256: str) -> tuple[Hallazgo, proof.Proof, Archivo]:
    row = open_hallazgo(pk)
    pieces = proof.proof_of(row, proof.poliza_of(row))
    if not pieces.holds(sha256):
        raise Http404("No es un archivo de este expediente.")
    return row, pieces, get_object_or_404(Archivo, pk=sha256)


@require_POST
@seated_at("auditor")
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the papers and whole keys of a hallazgo are looked at for; its page shows them for a while."""
    row = open_hallazgo(pk)
    try:
        say_reason(row, said_reason(request), proof.keys_named(row.fila), person(request))
    except LookRefused as refused:
        return expediente(request, row, sin_razon=str(refused))
    query = kept_query(request.GET)
    return HttpResponseRedirect(f"{reverse('auditor:hallazgo', args=[pk])}{f'?{query}' if query else ''}#prueba")


def _look(request: HttpRequest, row: Hallazgo, sha256: str) -> None:
    """Record that a paper is opened. Raises PermissionDenied with what to do first."""
    try:
        open_paper(row, sha256, person(request))
    except LookRefused as refused:
        raise PermissionDenied(str(refused)) from refused


@require_safe
@seated_at("auditor")
def file(request: HttpRequest, pk: int, sha256: str) -> HttpResponse:
    """Return a file of the proof of a hallazgo, as a download; never shown inside our pages."""
    row, pieces, kept = _file(pk, sha256)
    _look(request, row, sha256)
    names = {e.archivo_id: e.nombre for e in pieces.evidencias}
    name = names.get(sha256) or f"{row.fila.get('uuid') or sha256[:16]}.xml"
    header = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(read_file(sha256), content_type=kept.tipo, headers={"Content-Disposition": header})


@require_safe
@seated_at("auditor")
def picture(request: HttpRequest, pk: int, sha256: str) -> HttpResponse:
    """Return a page of a file of the proof drawn anew as PNG, so that nothing of the file runs here."""
    row, pieces, kept = _file(pk, sha256)
    _look(request, row, sha256)
    names = {each.archivo_id: each.nombre for each in pieces.evidencias}
    return drawn(request, Drawing(kept, names.get(sha256, ""), page_number(request.GET)), person(request))
