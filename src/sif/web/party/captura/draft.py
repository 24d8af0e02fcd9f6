"""Begin, autosave, check and post a draft."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sif.books import selectors
from sif.books.models import Borrador, Plantilla, Poliza
from sif.books.services import (
    BorradorConflict,
    Handed,
    discard_borrador,
    save_borrador,
    save_plantilla,
    store_file,
)
from sif.registry.models import Contabilidad
from sif.registry.scope import acting
from sif.registry.selectors import contabilidades_of
from sif.values import Problem, Refused
from sif.web.once import keep, led
from sif.web.party.books_search import open_first
from sif.web.party.captura import conflicts, draft_page
from sif.web.party.captura.aside import aside
from sif.web.party.captura.line_acts import changed
from sif.web.party.captura.posting import post, understood
from sif.web.party.captura.refused import allowed
from sif.web.party.captura.sources import from_template, window_for
from sif.web.party.catalog_form import SearchForm
from sif.web.party.draft_content import Content, blank, draft_url, is_blank, typed
from sif.web.party.mesa import Mesa, books_name, books_office, party_page, poliza_url
from sif.web.searched import said
from sif.web.tables import page_links, page_of
from sif.web.typed import typed_number


@require_safe
@party_page
def choose(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """«Póliza nueva»: in which books, by words of theirs; ?contabilidad= offers one alone."""
    asked, form = request.GET.get("contabilidad", ""), SearchForm(request.GET, _("Número, nombre o cargo"))
    form.fields["q"].widget.attrs["autofocus"] = True  # the first key that is pressed looks for books
    books = contabilidades_of(mesa.usuario, "capturar")
    if asked:
        books = books.filter(pk=typed_number(asked))
    shown, page = page_of(open_first(mesa, said(books, form.asked("q"))), request.GET)
    context = {
        "frame": mesa.frame("polizas"),
        "libros": [(each, books_name(each), books_office(each), mesa.windows(each)) for each in shown],
        "filtro": form,
        **page_links(request.GET, page),
        "buscado": form.asked("q"),
    }
    return render(request, "party/captura_elegir.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def begin(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Begin a draft in some books, or go on with the empty one that was there; who only looks is offered to begin."""
    if request.method != "POST":
        if not mesa.can("capturar", mesa.books(number)):
            raise PermissionDenied(_("Una póliza la empieza quien captura en estos libros."))
        return HttpResponseRedirect(f"{reverse('party:captura')}?contabilidad={number}")
    return HttpResponseRedirect(draft_url(_empty(mesa, mesa.alone(number))))


def _empty(mesa: Mesa, books: Contabilidad) -> Borrador:
    own = Borrador.objects.filter(contabilidad=books, guardado_por=mesa.usuario, comprobante=None)
    empty = next((row for row in own if is_blank(row.contenido)), None)
    return empty or allowed(lambda: save_borrador(books, blank(window_for(mesa.windows(books))), mesa.usuario))


@require_safe
@party_page
def drafts(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return every draft of the person's books."""
    rows = selectors.borradores(mesa.libros)
    writes = contabilidades_of(mesa.usuario, "capturar").exists()
    context = {"frame": mesa.frame("polizas"), "tabla": draft_page.drafts_table(rows, mesa), "captura": writes}
    return render(request, "party/borradores.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def draft(request: HttpRequest, mesa: Mesa, number: int, borrador: int) -> HttpResponse:
    """Return one draft: typed, checked, saved, posted or thrown away, by the button that was pressed."""
    books = mesa.alone(number) if request.method == "POST" else mesa.books(number)
    if not mesa.can("capturar", books):
        raise PermissionDenied(_("Un borrador es de quien captura en sus libros. Lo registrado está en Pólizas."))
    row = Borrador.objects.filter(contabilidad=books, pk=borrador).select_related("comprobante", "guardado_por").first()
    if row is None:
        return _already(request, borrador)
    row.contabilidad = books
    if request.method != "POST":
        return _show(request, mesa, row)
    action, _sep, which = request.POST.get("accion", "comprobar").partition(":")
    if action in ("descartar", "tomar"):
        return _leave(request, mesa, row, action)
    content = changed(typed(request.POST, row.contenido), action, which)
    problems = _take_file(request, content, Handed(books, mesa.usuario))
    if action == "plantilla":
        content = _templated(row, request.POST.get("plantilla", ""), content)
    try:
        if action == "unir":
            return HttpResponseRedirect(draft_url(_put_mine(request, mesa, row, content)))
        if action in ("registrar", "registrar_otra") and not problems:
            return _post(request, mesa, row, content, again=action == "registrar_otra")
        row = _save(row, content, request, mesa)
    except BorradorConflict as conflict:
        return _parted(request, mesa, row, content, conflict)
    except Borrador.DoesNotExist:  # posted or thrown away since the page was asked for
        return _already(request, borrador)
    return _after(request, mesa, row, action, problems)


def _after(request: HttpRequest, mesa: Mesa, row: Borrador, action: str, problems: list[Problem]) -> HttpResponse:
    """Return the response for a draft that was saved and is not to be posted."""
    if action == "guardar" and request.headers.get("HX-Request"):
        return render(request, "party/captura_pausa.html", aside(mesa, row, understood(row, mesa)))
    if action == "guardar_plantilla":
        problems = _keep_template(request, mesa, row)
    if problems:
        return _show(request, mesa, row, extra=problems, status=422)
    if action == "comprobar":
        return _show(request, mesa, row, checked=True)
    return HttpResponseRedirect(f"{draft_url(row)}#lineas")


def _leave(request: HttpRequest, mesa: Mesa, row: Borrador, action: str) -> HttpResponse:
    """Throw the draft away; «tomar» goes on with the shared one from which it was parted."""
    if action == "tomar":
        shared = allowed(lambda: conflicts.take_theirs(row, mesa.usuario))
        return HttpResponseRedirect(shared or reverse("party:borradores"))
    allowed(lambda: discard_borrador(row, mesa.usuario))
    messages.success(request, _("Borrador descartado."))
    return HttpResponseRedirect(reverse("party:borradores"))


def _already(request: HttpRequest, number: int) -> HttpResponse:
    """Return a draft that is no more: to the póliza it became, if it was posted in this session.

    A page that saves by itself is told so, and does not get another page for its answer.
    """
    if not request.headers.get("HX-Request") and (became := led(request, "registradas", str(number))):
        return HttpResponseRedirect(became)
    raise Http404(_("Este borrador ya se registró o se descartó. Búsquela en Pólizas."))


def _templated(row: Borrador, number: str, content: Content) -> Content:
    found = Plantilla.objects.filter(sujeto=row.contabilidad.sujeto_id, retirada_el__isnull=True)
    chosen = found.filter(pk=typed_number(number)).first()
    return from_template(chosen, content) if chosen else content


def _keep_template(request: HttpRequest, mesa: Mesa, row: Borrador) -> list[Problem]:
    """Keep the draft as a template under the name typed; what was wrong, if anything."""
    name = request.POST.get("nombre_plantilla", "")
    try:
        kept = allowed(lambda: save_plantilla(row.contabilidad.sujeto, name, row.contenido, mesa.usuario))
    except Refused as refused:
        return list(refused.problems)
    messages.success(request, _("Plantilla «%(name)s» guardada.") % {"name": kept.nombre})
    return []


def _take_file(request: HttpRequest, content: Content, handed: Handed) -> list[Problem]:
    """Keep the file that came with the form, so that it is not asked twice."""
    upload = request.FILES.get("archivo")
    if not isinstance(upload, UploadedFile):
        if request.POST.get("accion") != "adjuntar":
            return []
        return [Problem("archivo", "", _("No eligió ningún archivo."), _("Elija el archivo y su clase."))]
    try:
        kept = store_file(upload.read(), handed)
    except Refused as refused:
        return list(refused.problems)
    file = {"clase": request.POST.get("clase_evidencia", ""), "nombre": upload.name, "sha256": kept.sha256}
    content["evidencias"] = [*content["evidencias"], file]
    return []


def _seen(request: HttpRequest, name: str, otherwise: int) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() else otherwise


def _save(row: Borrador, content: Content, request: HttpRequest, mesa: Mesa) -> Borrador:
    """Save over the version seen; the same person's other tab is not somebody else. Raises BorradorConflict."""
    seen, books = _seen(request, "version", row.version), row.contabilidad
    try:
        return allowed(lambda: save_borrador(books, content, mesa.usuario, borrador=(row.pk, seen)))
    except BorradorConflict as conflict:
        current = conflict.current
        if current.guardado_por_id != mesa.usuario.pk:
            raise
        return save_borrador(books, content, mesa.usuario, borrador=(row.pk, current.version))


def _put_mine(request: HttpRequest, mesa: Mesa, row: Borrador, content: Content) -> Borrador:
    if conflicts.other_of(row) is None:  # the shared one was posted or thrown away meanwhile
        return _save(row, content, request, mesa)
    return allowed(lambda: conflicts.put_mine(row, content, _seen(request, "version_otra", 0), mesa.usuario))


def _parted(
    request: HttpRequest, mesa: Mesa, row: Borrador, content: Content, conflict: BorradorConflict
) -> HttpResponse:
    """Somebody else saved meanwhile: both stay, and the person goes on in a draft of their own that shows both."""
    if "separado_de" in row.contenido:
        row.contenido = content
        return _show(request, mesa, row, extra=[Problem("borrador", "", str(conflict), "")], status=409)
    mine = allowed(lambda: conflicts.part(row, content, mesa.usuario))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=409, headers={"HX-Redirect": draft_url(mine)})
    return HttpResponseRedirect(draft_url(mine))


def _post(request: HttpRequest, mesa: Mesa, row: Borrador, content: Content, *, again: bool) -> HttpResponse:
    """Keep what was typed and post it in one act; what is not posted stays kept. Raises as `_save`."""
    failed: Exception | None = None
    posted: Poliza | list[Problem] = []
    with acting():
        row = _save(row, content, request, mesa)
        try:
            posted = _posted(request, mesa, row)
        except Exception as error:
            failed = error
    if failed:
        raise failed
    if isinstance(posted, Poliza):
        _tell(request, mesa, posted)
        return HttpResponseRedirect(draft_url(_next(mesa, row.contabilidad, content)) if again else poliza_url(posted))
    if posted and posted[0].codigo == "borrador":
        messages.info(request, Refused(*posted).said)
        return HttpResponseRedirect(reverse("party:polizas"))
    return _show(request, mesa, row, extra=posted, status=422)


def _posted(request: HttpRequest, mesa: Mesa, row: Borrador) -> Poliza | list[Problem]:
    meant, number = understood(row, mesa), row.pk
    if meant.poliza is None:
        return meant.problemas
    try:
        with acting():
            poliza = post(row, meant, mesa.usuario)
            keep(request, "registradas", str(number), poliza_url(poliza))
            return poliza
    except Refused as refused:
        return list(refused.problems)


def _tell(request: HttpRequest, mesa: Mesa, posted: Poliza) -> None:
    hour = f"{posted.registrada_el.astimezone(mesa.ahora.tzinfo):%H:%M}"
    words = _("Póliza %(ref)s registrada a las %(hour)s.") % {"ref": selectors.reference_of(posted), "hour": hour}
    messages.success(request, format_html('<a href="{}">{}</a>', poliza_url(posted), words))


def _next(mesa: Mesa, books: Contabilidad, before: Content) -> Borrador:
    """Return the next draft of somebody who captures many: same books, window, subtype and day."""
    same = {name: before[name] for name in ("ventana", "subtipo", "fecha")}
    return save_borrador(books, {**blank(), **same}, mesa.usuario)


def _show(
    request: HttpRequest,
    mesa: Mesa,
    row: Borrador,
    *,
    extra: list[Problem] | None = None,
    checked: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = draft_page.context(mesa, row, understood(row, mesa), extra or [], checked=checked)
    return render(request, "party/captura.html", context, status=status)
