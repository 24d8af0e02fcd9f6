"""Informes: show a report that was presented, with its annexes as they were signed, and give their files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.filing.annexes import file_in
from sif.filing.models import Informe
from sif.filing.selectors import is_late
from sif.filing.services import acuse_pdf
from sif.registry.corrections import books_at
from sif.registry.models import Etapa
from sif.web.annexes_table import annexes_table
from sif.web.auditor.desk import stage_page
from sif.web.auditor.frames import auditor_frame
from sif.web.files import sealed_pdf, stored_response
from sif.web.frame import Crumb


def _presented(folio: str) -> Informe:
    """Return the version of a folio that was presented. Raises Http404."""
    related = ("presentacion", "periodo", "contabilidad__sujeto", "contabilidad__candidatura__persona")
    rows = Informe.objects.select_related(*related, "contabilidad__etapa__proceso")
    return get_object_or_404(rows, folio=folio, presentacion__isnull=False)


@require_safe
@stage_page
def sheet(request: HttpRequest, _etapa: Etapa, folio: str) -> HttpResponse:
    """Show what was presented, when and by whom, and the annexes whose digests its signature covers.

    Around it is the stage of the report, whatever stage is at hand: the duties of a subject link those of every one.
    """
    found = _presented(folio)
    books = books_at(found.contabilidad, found.presentacion.recibida_el)
    crumbs = (
        Crumb(_("Cumplimiento"), reverse("auditor:cumplimiento")),
        Crumb(books.sujeto.nombre, reverse("auditor:cumplimiento_sujeto", args=[found.contabilidad.sujeto.siglas])),
    )
    context = {
        "frame": auditor_frame(found.contabilidad.etapa, "cumplimiento", *crumbs),
        "informe": found,
        "acuse": found.presentacion,
        "libros": books,
        "tarde": is_late(found.presentacion),
        "anexos": annexes_table(found, lambda clave: reverse("auditor:informe_anexo", args=[found.folio, clave])),
    }
    return render(request, "auditor/informe.html", context)


@require_safe
@stage_page
def annex(_request: HttpRequest, _etapa: Etapa, folio: str, clave: str) -> HttpResponseBase:
    """Give the file of an annex of a report that was presented, byte for byte as it was signed."""
    found = _presented(folio)
    kept = file_in(found, clave)
    if kept is None:
        raise Http404(_("El informe %(folio)s no tiene ese anexo. Véalos en su página.") % {"folio": found.folio})
    return stored_response(kept[1], f"{found.folio}-{kept[0].archivo}")


@require_safe
@stage_page
def acuse(_request: HttpRequest, _etapa: Etapa, folio: str) -> HttpResponse:
    """Give the acuse of a report that was presented, sealed."""
    found = _presented(folio)
    return sealed_pdf(acuse_pdf(found.presentacion), f"acuse-{found.folio}.pdf")
