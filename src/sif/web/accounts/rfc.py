"""Prove with the e.firma of a person which RFC an account is of."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sif.filing.proving import Reto, new_reto, proof_cadena, prove_rfc
from sif.registry.models import Usuario
from sif.registry.proofs import RfcState, claim_of, state_of
from sif.values import Problem, Refused
from sif.web.accounts.rfc_words import STATES
from sif.web.seats import to_login
from sif.web.signing import admit_frame, answer_cadena, certificate_of, not_given, seal_of

GIVEN = "reto_rfc"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_rfc(request: HttpRequest) -> HttpResponse:
    """Render the state of the RFC of the account; on a POST with a seal and its certificate, prove the RFC."""
    if not request.user.is_authenticated:
        return to_login(request)
    if request.method != "POST":
        return _show(request, request.user)
    seal, reto = seal_of(request.POST.get("sello", "")), _given(request)
    if missing := not_given(request, "sello"):
        return _show(request, request.user, *missing)
    if reto is None:
        cure = _("Descargue la cadena para su certificado y firme esa.")
        return _show(request, request.user, Problem("sin_cadena", _("sello"), _("No hay cadena que firmar."), cure))
    try:
        prove_rfc(request.user, certificate_of(request), seal, reto)
    except Refused as refused:
        return _show(request, request.user, *refused.problems)
    del request.session[GIVEN]
    messages.success(request, _("Quedó probado que su cuenta es de ese RFC."))
    return HttpResponseRedirect(reverse("mi_rfc"))


@require_POST
def cadena(request: HttpRequest) -> HttpResponse:
    """Return the text that proves the RFC of the certificate sent, to the frame or as a file; good for 30 minutes."""
    user = request.user
    if not user.is_authenticated:
        raise PermissionDenied(_("Entre con su cuenta para probar su RFC."))

    def given(certificate: bytes) -> str:
        reto = new_reto()
        text = proof_cadena(user, certificate, reto)
        request.session[GIVEN] = {"texto": reto.texto, "dado_el": reto.dado_el.isoformat()}
        return text

    return answer_cadena(request, "rfc", given, lambda problems: _show(request, user, *problems))


def _given(request: HttpRequest) -> Reto | None:
    kept = request.session.get(GIVEN)
    return Reto(kept["texto"], datetime.fromisoformat(kept["dado_el"])) if kept else None


def _show(request: HttpRequest, user: Usuario, *problems: Problem) -> HttpResponse:
    state = state_of(user)
    context = {
        "problemas": problems,
        "estado": STATES[state],
        "probado": state == RfcState.PROVEN,
        "de_otra": state == RfcState.TAKEN,
        "rfc": claim_of(user),
    }
    return admit_frame(request, render(request, "account/rfc.html", context, status=422 if problems else 200))
