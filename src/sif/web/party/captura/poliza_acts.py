"""Print a posted póliza, copy it to a draft, or keep it as a template."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sif.books.services import save_borrador, save_plantilla
from sif.statements.poliza_paper import poliza_pdf
from sif.values import Problem, Refused
from sif.web.party.captura.poliza_page import short, show
from sif.web.party.captura.refused import allowed
from sif.web.party.captura.sources import copy_of
from sif.web.party.draft_content import draft_url
from sif.web.party.evidence_panel import find_poliza
from sif.web.party.mesa import Mesa, party_page, poliza_url
from sif.web.typed import typed_number


@require_safe
@party_page
def paper(request: HttpRequest, mesa: Mesa, number: int, asiento: int) -> HttpResponse:
    """Return the póliza as a PDF."""
    poliza = find_poliza(mesa, number, asiento)
    response = HttpResponse(poliza_pdf(poliza), content_type="application/pdf")
    name = f"poliza-{number}-{short(poliza).replace('/', '-')}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@party_page
def copy(request: HttpRequest, mesa: Mesa, number: int, asiento: int) -> HttpResponse:
    """Return a draft with the same lines, in the same books or in others of the person."""
    poliza = find_poliza(mesa, number, asiento)
    asked = request.POST.get("otra", "").strip() or request.POST.get("contabilidad", "")
    wanted = typed_number(asked) if asked else number
    if not wanted:
        told = _("«%(text)s» no es el número de una contabilidad.") % {"text": asked}
        return show(
            request, mesa, poliza, (Problem("numero", "otra", told, _("Escriba sus cifras, sin letras.")),), 422
        )
    books = mesa.books(wanted)
    return HttpResponseRedirect(
        draft_url(allowed(lambda: save_borrador(books, copy_of(poliza, books, mesa.alcance), mesa.usuario)))
    )


@require_POST
@party_page
def keep(request: HttpRequest, mesa: Mesa, number: int, asiento: int) -> HttpResponse:
    """Keep its lines as a template of frequent entries."""
    poliza = find_poliza(mesa, number, asiento)
    content, name = copy_of(poliza, poliza.contabilidad), request.POST.get("nombre", "")
    try:
        kept = allowed(lambda: save_plantilla(poliza.contabilidad.sujeto, name, content, mesa.usuario))
    except Refused as refused:
        return show(request, mesa, poliza, refused.problems, 422)
    messages.success(request, _("Plantilla «%(name)s» guardada.") % {"name": kept.nombre})
    return HttpResponseRedirect(poliza_url(poliza))
