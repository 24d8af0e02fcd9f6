"""Answer the page of a posted póliza and take what is attached to it."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sif.books.services import Handed, attach_evidencia
from sif.values import Problem, Refused
from sif.web.party.captura.poliza_page import show
from sif.web.party.evidence_panel import find_poliza, store_upload
from sif.web.party.mesa import Mesa, party_page, poliza_url


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int, asiento: int) -> HttpResponse:
    """Return the póliza as it was posted."""
    return show(request, mesa, find_poliza(mesa, number, asiento))


@require_POST
@party_page
def attach(request: HttpRequest, mesa: Mesa, number: int, asiento: int) -> HttpResponse:
    """Attach the files of a plain form, without a script, while the period is open; what is refused is said."""
    poliza = find_poliza(mesa, number, asiento)
    files, clase = request.FILES.getlist("archivo"), request.POST.get("clase", "")
    problems = []
    if not files:
        problems.append(
            Problem("archivo", _("archivo"), _("No eligió ningún archivo."), _("Elija el archivo y su clase."))
        )
    for upload in files:
        name = upload.name or "archivo"
        try:
            kept = store_upload(upload, Handed(poliza.contabilidad, mesa.usuario))
            if not poliza.evidencias.filter(archivo=kept, clase=clase, sin_efecto__isnull=True).exists():
                attach_evidencia(poliza, clase, name, kept, mesa.usuario)
                messages.success(request, _("Evidencia adjunta: %(name)s.") % {"name": name})
        except Refused as refused:
            problems += [replace(each, donde=name) for each in refused.problems]
    if problems:
        return show(request, mesa, poliza, tuple(problems), 422)
    return HttpResponseRedirect(f"{poliza_url(poliza)}#evidencias")
