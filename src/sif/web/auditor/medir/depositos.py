"""Depósitos: show what a subject deposited for a duty, and give its file and its acuse."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.registry.models import Etapa, SujetoObligado
from sif.web import deposits
from sif.web.auditor.desk import stage_page
from sif.web.auditor.frames import auditor_frame
from sif.web.frame import Crumb


@require_safe
@stage_page
def duty(request: HttpRequest, etapa: Etapa, clave: str, siglas: str) -> HttpResponseBase:
    """Show a duty of a subject with what was deposited for it."""
    subject = get_object_or_404(SujetoObligado, siglas=siglas)
    found = deposits.duty_or_404(subject, clave)
    crumbs = (
        Crumb(_("Cumplimiento"), reverse("auditor:cumplimiento")),
        Crumb(subject.nombre, reverse("auditor:cumplimiento_sujeto", args=[siglas])),
    )
    context = {
        "frame": auditor_frame(etapa, "cumplimiento", *crumbs),
        "sujeto": subject,
        **deposits.duty_context(found, "auditor"),
    }
    return render(request, "auditor/obligacion.html", context)


@require_safe
@stage_page
def document(_request: HttpRequest, _etapa: Etapa, number: int) -> HttpResponse:
    """Give the file of a deposit."""
    return deposits.document(number)


@require_safe
@stage_page
def acuse(_request: HttpRequest, _etapa: Etapa, number: int) -> HttpResponse:
    """Give the acuse of a deposit."""
    return deposits.acuse(number)
