"""Templates of frequent entries: begun from, renamed and retired, by whoever captures for the subject."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sif.books.models import Plantilla
from sif.books.services import rename_plantilla, retire_plantilla, save_borrador
from sif.registry.selectors import windows_open
from sif.values import Refused
from sif.web.party.captura.refused import allowed
from sif.web.party.captura.sources import from_template, window_for
from sif.web.party.draft_content import blank, draft_url, sums
from sif.web.party.mesa import Mesa, books_name, party_page
from sif.web.typed import typed_number


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return every template of the person's subjects that is still offered."""
    return _show(request, mesa)


def _show(request: HttpRequest, mesa: Mesa, wrong: tuple[int, str] | None = None, status: int = 200) -> HttpResponse:
    found = Plantilla.objects.filter(sujeto__in=mesa.sujetos, retirada_el__isnull=True)
    rows = [
        (
            each,
            sums(each.contenido)[0],
            len(each.contenido["lineas"]),
            wrong[1] if wrong and wrong[0] == each.pk else "",
        )
        for each in found.select_related("creada_por", "sujeto").order_by("nombre")
    ]
    offered = [(b.pk, f"{b.pk} {books_name(b)}") for b in mesa.libros.values() if mesa.can("capturar", b)]
    context = {"frame": mesa.frame("polizas"), "plantillas": rows, "libros": offered}
    return render(request, "party/plantillas.html", context, status=status)


@require_POST
@party_page
def act(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Begin a draft from it, give it another name, or retire it."""
    found = Plantilla.objects.filter(pk=number, sujeto__in=mesa.sujetos, retirada_el__isnull=True)
    plantilla = found.select_related("sujeto").first()
    if plantilla is None:
        raise Http404(_("Esa plantilla ya no está."))
    action = request.POST.get("accion", "")
    if action == "usar":
        return _use(request, mesa, plantilla)
    if action == "retirar":
        allowed(lambda: retire_plantilla(plantilla, mesa.usuario))
        messages.success(request, _("Plantilla «%(name)s» retirada.") % {"name": plantilla.nombre})
    elif action == "renombrar":
        try:
            allowed(lambda: rename_plantilla(plantilla, request.POST.get("nombre", ""), mesa.usuario))
        except Refused as refused:
            return _show(request, mesa, (number, refused.said), 422)
    return HttpResponseRedirect(reverse("party:plantillas"))


def _use(request: HttpRequest, mesa: Mesa, plantilla: Plantilla) -> HttpResponse:
    asked = request.POST.get("contabilidad", "")
    books = mesa.books(typed_number(asked))
    content = from_template(plantilla, blank(window_for(windows_open(books))))
    return HttpResponseRedirect(draft_url(allowed(lambda: save_borrador(books, content, mesa.usuario))))
