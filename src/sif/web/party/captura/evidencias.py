"""Upload, preview and void evidence."""

import base64
import binascii
from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sif.books import previews
from sif.books.evidence import other_uses
from sif.books.models import Archivo, Carga, Evidencia
from sif.books.selectors import reference_of
from sif.books.services import (
    FileChanged,
    PieceTooLong,
    WrongOffset,
    begin_upload,
    discard_upload,
    open_file,
    receive_piece,
    upload_of,
    void_evidencia,
)
from sif.books.services.evidencias import MAX_BYTES
from sif.values import Refused
from sif.web.edge import MOST_FIGURES, refuse_no_text
from sif.web.files import stored_response
from sif.web.frame import Crumb
from sif.web.lazy import law_words
from sif.web.party.evidence_panel import find_poliza, panel_context
from sif.web.party.mesa import Mesa, books_crumb, party_page
from sif.web.tables import page_number
from sif.web.trabajos.dibujos import Drawing, drawn

VERSION = "1.0.0"
TUS = {
    "Tus-Resumable": VERSION,
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,termination",
    "Tus-Max-Size": str(MAX_BYTES),
}
OFFSET = "application/offset+octet-stream"
LINES = 200  # of a text shown on the page


@require_safe
@party_page
def panel(request: HttpRequest, mesa: Mesa, number: int, asiento: int) -> HttpResponse:
    """Return the panel after an upload, with the chip of the head of the page that tells whether something lacks."""
    return render(request, "party/evidencias_panel.html", panel_context(mesa, find_poliza(mesa, number, asiento)))


def _answer(status: int, refused: Refused | None = None, headers: Mapping[str, str] | None = None) -> HttpResponse:
    body = JsonResponse(refused.problems[0].as_dict(), status=status) if refused else HttpResponse(status=status)
    for name, value in {**TUS, "Cache-Control": "no-store", **(headers or {})}.items():
        body[name] = value
    return body


@require_http_methods(["OPTIONS", "POST"])
@party_page
def uploads(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Begin a resumable upload (tus 1.0, creation): its size and, in its metadata, the póliza, class and name."""
    if request.method == "OPTIONS":
        return _answer(204)
    said = _metadata(request.headers.get("Upload-Metadata", ""))
    size = request.headers.get("Upload-Length", "")
    books, link = said.get("contabilidad", ""), said.get("asiento", "")
    refuse_no_text(said.values(), "Upload-Metadata")
    if not all(map(_is_number, (size, books, link))):
        return _answer(400)
    poliza = find_poliza(mesa, int(books), int(link))
    try:
        carga = begin_upload(
            poliza.contabilidad,
            said.get("filename") or "archivo",
            int(size),
            mesa.usuario,
            poliza=poliza,
            clase=said.get("clase", ""),
        )
    except Refused as refused:
        return _answer(413 if int(size) > MAX_BYTES else 422, refused)
    return _answer(201, headers={"Location": reverse("party:subida", args=[carga.pk])})


@require_http_methods(["OPTIONS", "HEAD", "PATCH", "DELETE"])
@party_page
def upload(request: HttpRequest, mesa: Mesa, carga: UUID) -> HttpResponse:
    """Return the offset of an upload (HEAD), append its next piece (PATCH) or discard it (DELETE).

    An upload is 404 for anyone but the person who began it.
    """
    if request.method == "OPTIONS":
        return _answer(204)
    if request.headers.get("Tus-Resumable", VERSION) != VERSION:
        return _answer(412)
    held = upload_of(carga, mesa.usuario)
    if held is None:
        return _answer(404)
    if request.method == "DELETE":
        discard_upload(held)
        return _answer(204)
    if request.method == "PATCH":
        return _take_piece(request, held, mesa)
    return _answer(200, headers=_sizes(held))


def _take_piece(request: HttpRequest, held: Carga, mesa: Mesa) -> HttpResponse:
    """Answer a PATCH as tus 1.0 says; one longer than what lacks, of which it says nothing, is refused whole."""
    offset = request.headers.get("Upload-Offset", "")
    if request.content_type != OFFSET:
        return _answer(415)
    if not _is_number(offset):
        return _answer(400)
    try:
        taken = receive_piece(held, int(offset), request, mesa.usuario)  # type: ignore[arg-type]
    except WrongOffset as wrong:
        return _answer(409, headers={"Upload-Offset": str(wrong.recibidos)})
    except Refused as refused:
        return _answer(413 if isinstance(refused, PieceTooLong) else 422, refused)
    return _answer(204, headers=_sizes(taken))


def _sizes(carga: Carga) -> dict[str, str]:
    return {"Upload-Offset": str(carga.recibidos), "Upload-Length": str(carga.bytes)}


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= MOST_FIGURES


def _metadata(text: str) -> dict[str, str]:
    """Return the pairs of Upload-Metadata, whose values travel in base64; what cannot be read is left out."""
    found = {}
    for pair in text.split(","):
        key, _space, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
    return found


def _piece(mesa: Mesa, number: int, evidencia: int) -> Evidencia:
    rows = Evidencia.objects.select_related(
        "archivo", "clase", "sin_efecto__hecha_por", "cargada_por", "poliza__periodo", "poliza__contabilidad__etapa"
    )
    found = rows.filter(contabilidad=mesa.books(number), pk=evidencia).first()
    if found is None:
        raise Http404(_("Esa evidencia no está en la contabilidad %(books)d.") % {"books": number})
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int, evidencia: int) -> HttpResponse:
    """Return one piece of evidence: what it is, its picture, its other uses; by POST it is left without effect."""
    piece = _piece(mesa, number, evidencia)
    poliza = piece.poliza
    problem = None
    if request.method == "POST":
        try:
            void_evidencia(piece, request.POST.get("motivo", ""), mesa.usuario)
        except Refused as refused:
            problem = refused.problems[0]
        else:
            messages.success(request, _("Quedó sin efecto y sigue a la vista."))
            return HttpResponseRedirect(reverse("party:evidencia_ver", args=[number, evidencia]))
    poliza_address = reverse("party:poliza", args=[number, poliza.eslabon])
    short = reference_of(poliza).split(";")[0]
    crumbs = (books_crumb(poliza.contabilidad), Crumb(short, poliza_address), Crumb(law_words(piece.clase.nombre)))
    try:
        pages, text, lost = _pages(piece.archivo), _text(piece.archivo), ""
    except FileChanged as changed:
        pages, text, lost = 0, "", str(changed)
    page = min(page_number(request.GET), pages or 1)
    context = {
        "frame": mesa.frame("polizas", *crumbs, etapa=poliza.contabilidad.etapa),
        "pieza": piece,
        "referencia": short,
        "poliza_url": poliza_address,
        "usos": other_uses([piece]).get(piece.pk, []),
        "paginas": pages,
        "pagina": page,
        "texto": text,
        "perdido": lost,
        "puede": mesa.can("capturar", poliza.contabilidad) and not hasattr(piece, "sin_efecto"),
        "problema": problem,
    }
    return render(request, "party/evidencia.html", context, status=422 if problem else 200)


def _pages(archivo: Archivo) -> int:
    if archivo.tipo != "application/pdf" and archivo.tipo not in previews.IMAGES:
        return 0
    with open_file(archivo.sha256) as file:
        return previews.page_count(file, archivo.tipo)


def _text(archivo: Archivo) -> str:
    """Return the first lines of a file of text, or ''."""
    if archivo.tipo not in previews.TEXTS:
        return ""
    with open_file(archivo.sha256) as file:
        return "\n".join(file.read(64 * 1024).decode("utf-8", "replace").splitlines()[:LINES])


@require_safe
@party_page
def picture(request: HttpRequest, mesa: Mesa, number: int, evidencia: int, pagina: int) -> HttpResponse:
    """Return a page of the evidence drawn as PNG."""
    piece = _piece(mesa, number, evidencia)
    return drawn(request, Drawing(piece.archivo, piece.nombre, pagina), mesa.usuario)


@require_safe
@party_page
def download(request: HttpRequest, mesa: Mesa, number: int, evidencia: int) -> HttpResponseBase:
    """Return a file of evidence, as it was attached; never shown inside the page of this site."""
    piece = _piece(mesa, number, evidencia)
    return stored_response(piece.archivo, piece.nombre)
