"""Reverse and re-record: from a wrong póliza to a draft of the right one, or to its reversal alone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sif.books import selectors
from sif.books.models import Borrador, Poliza
from sif.books.services import reverse_poliza, save_borrador
from sif.values import Problem, Refused
from sif.web.frame import Crumb
from sif.web.party.captura.poliza_page import is_open, lines_table, short, stage_of
from sif.web.party.captura.refused import allowed
from sif.web.party.captura.sources import correction_of
from sif.web.party.draft_content import draft_url
from sif.web.party.evidence_panel import find_poliza
from sif.web.party.mesa import Mesa, books_crumb, party_page, poliza_url


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def correct(request: HttpRequest, mesa: Mesa, number: int, asiento: int) -> HttpResponse:
    """«Corregir con otra póliza»: the reason, and then a draft of the right one, or only the reversal."""
    poliza = find_poliza(mesa, number, asiento)
    if poliza.clase == Poliza.Clase.PRORRATEO:  # all the pólizas of a prorrateo are reversed, or none
        return HttpResponseRedirect(reverse("party:prorrateo_de_poliza", args=[number, asiento]))
    if request.method != "POST":
        return _confirm(request, mesa, poliza)
    reason = request.POST.get("motivo", "").strip()
    if not reason:
        problem = Problem("motivo", _("motivo"), _("Falta el motivo."), _("Escriba por qué se corrige."))
        return _confirm(request, mesa, poliza, (problem,), 422)
    if request.POST.get("accion") == "sustituir":
        return _rerecord(mesa, poliza, reason)
    return _reverse(request, mesa, poliza, reason)


def _rerecord(mesa: Mesa, poliza: Poliza, reason: str) -> HttpResponse:
    """Return a draft with what the wrong one says; the one already begun, if there is. Nothing is posted yet."""
    other = selectors.substitute_of(poliza)
    if other is not None:
        return HttpResponseRedirect(poliza_url(other))
    begun = Borrador.objects.filter(
        contabilidad=poliza.contabilidad, contenido__corrige__asiento=poliza.eslabon
    ).first()
    content = correction_of(poliza, reason[:300])
    return HttpResponseRedirect(
        draft_url(begun or allowed(lambda: save_borrador(poliza.contabilidad, content, mesa.usuario)))
    )


def _reverse(request: HttpRequest, mesa: Mesa, poliza: Poliza, reason: str) -> HttpResponse:
    try:
        reversal = reverse_poliza(poliza, mesa.usuario, concepto=reason)
    except Refused as refused:
        if hasattr(poliza, "reversion"):
            return HttpResponseRedirect(poliza_url(poliza))
        return _confirm(request, mesa, poliza, refused.problems, 422)
    messages.success(
        request,
        _("La póliza %(new)s revierte a %(old)s.")
        % {"new": selectors.reference_of(reversal), "old": selectors.reference_of(poliza)},
    )
    return HttpResponseRedirect(poliza_url(reversal))


def _confirm(
    request: HttpRequest, mesa: Mesa, poliza: Poliza, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    reversal = getattr(poliza, "reversion", None)
    context = {
        "frame": mesa.frame(
            "polizas",
            books_crumb(poliza.contabilidad),
            Crumb(short(poliza), poliza_url(poliza)),
            etapa=stage_of(mesa, poliza),
        ),
        "poliza": poliza,
        "corta": short(poliza),
        "url": poliza_url(poliza),
        "tabla": lines_table(poliza),
        "motivo": request.POST.get("motivo", ""),
        "problemas": problems,
        "abierta": is_open(poliza),
        "reversion_ref": selectors.reference_of(reversal) if reversal else "",
    }
    return render(request, "party/corregir.html", context, status=status)
