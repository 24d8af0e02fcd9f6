"""Capture: a draft is begun, typed, saved at each pause, and posted once; nothing typed is lost on the way."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sif.books import selectors
from sif.books.models import Borrador
from sif.books.services import (
    BorradorConflict,
    EvidenciaRefused,
    PolizaRefused,
    discard_borrador,
    post_borrador,
    save_borrador,
    store_file,
)
from sif.law.chart import load_chart
from sif.registry.models import Contabilidad
from sif.registry.selectors import windows_open
from sif.values import Problem
from sif.web.party import capture_page
from sif.web.party.auxiliaries import auxiliaries_of
from sif.web.party.mesa import Mesa, books_name, books_office, party_page
from sif.web.party.polizas import poliza_url
from sif.web.party.typed import Content, blank, blank_line, draft_url, is_blank, take_difference, typed
from sif.web.party.understood import Reader, Understood, understand


@require_safe
@party_page
def choose(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """«Póliza nueva»: in which books; ?contabilidad= offers one alone."""
    asked = request.GET.get("contabilidad", "")
    offered = [
        (books, books_name(books), books_office(books), windows_open(books))
        for books in mesa.libros.values()
        if mesa.can("capturar", books) and asked in ("", str(books.pk))
    ]
    offered.sort(key=lambda row: (not row[3], row[0].pk))  # those that may record today come first
    return render(request, "party/captura_elegir.html", {"frame": mesa.frame("polizas"), "libros": offered})


@require_POST
@party_page
def begin(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Begin a draft in some books, or go on with the empty one that the person already had there."""
    books = mesa.books(number)
    own = Borrador.objects.filter(contabilidad=books, guardado_por=mesa.usuario, comprobante=None)
    empty = next((row for row in own if is_blank(row.contenido)), None)
    if empty is None:
        windows = windows_open(books)
        window = f"{windows[-1].periodo_id}:{windows[-1].tipo}" if windows else ""
        empty = _allowed(lambda: save_borrador(books, blank(window), mesa.usuario))
    return HttpResponseRedirect(draft_url(empty))


def _allowed(act: Any) -> Any:
    try:
        return act()
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused


@require_safe
@party_page
def drafts(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Every draft of the person's books."""
    rows = selectors.borradores(mesa.libros)
    context = {"frame": mesa.frame("polizas"), "tabla": capture_page.drafts_table(rows)}
    return render(request, "party/borradores.html", context)


@party_page
def draft(request: HttpRequest, mesa: Mesa, number: int, borrador: int) -> HttpResponse:
    """One draft: typed, checked, saved, posted or thrown away, by the button that was pressed."""
    books = mesa.books(number)
    row = Borrador.objects.filter(contabilidad=books, pk=borrador).select_related("comprobante", "guardado_por").first()
    if row is None:
        return _already(request, borrador)
    row.contabilidad = books
    if request.method != "POST":
        return _show(request, mesa, row)
    action, _sep, which = request.POST.get("accion", "comprobar").partition(":")
    if action == "descartar":
        _allowed(lambda: discard_borrador(row, mesa.usuario))
        messages.success(request, _("Borrador descartado."))
        return HttpResponseRedirect(reverse("party:borradores"))
    content = _changed(typed(request.POST, row.contenido), action, which)
    file_problems = _take_file(request, content)
    try:
        row = _save(row, content, request, mesa)
    except BorradorConflict as conflict:
        problem = Problem(
            "borrador", "", str(conflict), _("Lo que usted escribió sigue aquí; compare y guarde de nuevo.")
        )
        row.contenido, row.version = content, conflict.current.version
        return _show(request, mesa, row, extra=[problem], status=409)
    if action == "registrar" and not file_problems:
        return _post(request, mesa, row)
    if action == "guardar" and request.headers.get("HX-Request"):
        return render(request, "party/piezas_guardado.html", {"borrador": row})
    if file_problems:
        return _show(request, mesa, row, extra=file_problems, status=422)
    if action == "comprobar":
        return _show(request, mesa, row, checked=True)
    return HttpResponseRedirect(f"{draft_url(row)}#lineas")


def _already(request: HttpRequest, number: int) -> HttpResponse:
    """A draft that is no more: to the póliza it became, if it was posted in this session."""
    became = request.session.get("registradas", {}).get(str(number))
    if became:
        return HttpResponseRedirect(became)
    raise Http404(_("Este borrador ya se registró o se descartó. Búsquela en Pólizas."))


def _changed(content: Content, action: str, which: str) -> Content:
    lines = content["lineas"]
    if action == "agregar":
        content["lineas"] = [*lines, blank_line()]
    elif action == "quitar" and which.isdecimal() and 1 <= int(which) <= len(lines):
        content["lineas"] = [*lines[: int(which) - 1], *lines[int(which) :]] or [blank_line()]
    elif action == "igualar":
        return take_difference(content)
    elif action == "sin_evidencia" and which.isdecimal() and 1 <= int(which) <= len(content["evidencias"]):
        content["evidencias"] = [e for place, e in enumerate(content["evidencias"], 1) if place != int(which)]
    elif action in ("comprobar", "registrar"):
        kept = [line for line in lines if any(value.strip() for value in line.values())]
        content["lineas"] = kept + [blank_line() for _place in range(2 - len(kept))]
    return content


def _take_file(request: HttpRequest, content: Content) -> list[Problem]:
    """Keep the file that came with the form, so that it is not asked twice."""
    upload = request.FILES.get("archivo")
    if not isinstance(upload, UploadedFile):
        if request.POST.get("accion") != "adjuntar":
            return []
        return [Problem("archivo", "", _("No eligió ningún archivo."), _("Elija el archivo y su clase."))]
    try:
        kept = store_file(upload.read())
    except EvidenciaRefused as refused:
        return [refused.problem]
    file = {"clase": request.POST.get("clase_evidencia", ""), "nombre": upload.name, "sha256": kept.sha256}
    content["evidencias"] = [*content["evidencias"], file]
    return []


def _save(row: Borrador, content: Content, request: HttpRequest, mesa: Mesa) -> Borrador:
    """Save over the version seen; the same person's other tab is not somebody else. Raises BorradorConflict."""
    text = request.POST.get("version", "")
    seen = int(text) if text.isdecimal() else row.version
    try:
        return _allowed(lambda: save_borrador(row.contabilidad, content, mesa.usuario, borrador=(row.pk, seen)))  # type: ignore[no-any-return]
    except BorradorConflict as conflict:
        if conflict.current.guardado_por_id != mesa.usuario.pk:
            raise
        current = (row.pk, conflict.current.version)
        return save_borrador(row.contabilidad, content, mesa.usuario, borrador=current)


def _understand(row: Borrador) -> Understood:
    books: Contabilidad = row.contabilidad
    reader = Reader(books, load_chart(settings.JURISDICTION), auxiliaries_of(books))
    return understand(row.contenido, reader, row.comprobante)


def _post(request: HttpRequest, mesa: Mesa, row: Borrador) -> HttpResponse:
    meant = _understand(row)
    if meant.poliza is None:
        return _show(request, mesa, row, extra=meant.problemas, status=422)
    number = row.pk
    try:
        posted = post_borrador(row, meant.poliza, mesa.usuario, support=meant.soporte)
    except PolizaRefused as refused:
        if refused.problems[0].codigo == "borrador":
            messages.info(request, str(refused))
            return HttpResponseRedirect(reverse("party:polizas"))
        return _show(request, mesa, row, extra=list(refused.problems), status=422)
    url = poliza_url(posted)
    request.session["registradas"] = {**request.session.get("registradas", {}), str(number): url}
    messages.success(
        request,
        _("Póliza %(ref)s registrada a las %(hour)s.")
        % {
            "ref": selectors.reference_of(posted),
            "hour": f"{posted.registrada_el.astimezone(mesa.ahora.tzinfo):%H:%M}",
        },
    )
    return HttpResponseRedirect(url)


def _show(
    request: HttpRequest,
    mesa: Mesa,
    row: Borrador,
    *,
    extra: list[Problem] | None = None,
    checked: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = capture_page.context(mesa, row, _understand(row), extra or [], checked=checked)
    return render(request, "party/captura.html", context, status=status)
