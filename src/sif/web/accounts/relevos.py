"""Show the relief of a Responsable with what was pending then, and give the document of an appointment."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sif.books.services import file_of, read_file
from sif.registry.invitations import HOURS
from sif.registry.models import DocumentoNombramiento, RelevoResponsable
from sif.web.accounts.around import people_frame
from sif.web.files import PDF, download
from sif.web.pending import pending_tables
from sif.web.seats import to_login
from sif.web.shown_once import shown


@never_cache
@require_safe
def relief(request: HttpRequest, number: int) -> HttpResponse:
    """Show a relief to who administers, to who sees the subject whole and to who left; to nobody else it is there."""
    if not request.user.is_authenticated:
        return to_login(request)
    rows: Any = RelevoResponsable.objects.select_related(
        "sujeto", "sale__nombramiento__usuario", "entra__usuario", "hecho_por"
    )
    found = get_object_or_404(rows, pk=number)
    context = {
        "frame": people_frame(request.user),
        "relevo": found,
        "documento": DocumentoNombramiento.objects.filter(pk=found.documento_id).first(),
        "tablas": pending_tables(found.entrega),
        "enlace": shown(request) if request.user.pk == found.hecho_por_id else "",
        "horas": HOURS,
        "sale": found.sale.nombramiento.usuario.named_at(found.hecho_el),
        "entra": found.entra.usuario.named_at(found.hecho_el),
    }
    return render(request, "account/relevo.html", context)


@never_cache
@require_safe
def document(request: HttpRequest, number: int) -> HttpResponseBase:
    """Give the document of an appointment to who may see it: never shown by the browser, only kept by it."""
    if not request.user.is_authenticated:
        return to_login(request)
    found = get_object_or_404(DocumentoNombramiento, pk=number)
    kept = file_of(found.sha256)
    if kept is None:
        raise Http404(_("El documento no está en el archivo."))
    return download(read_file(kept.sha256), PDF, f"nombramiento-{found.pk}.pdf")
