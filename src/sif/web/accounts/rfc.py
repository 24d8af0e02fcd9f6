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

from sif.filing.proving import ProofRefused, Reto, new_reto, proof_cadena, prove_rfc
from sif.registry.models import Usuario
from sif.registry.proofs import RfcState, claim_of, state_of
from sif.values import Problem
from sif.web.accounts.rfc_words import STATES
from sif.web.seats import to_login

MAX_CERTIFICATE = 20_000
GIVEN = "reto_rfc"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_rfc(request: HttpRequest) -> HttpResponse:
    """What is known of the RFC of one's account; with a seal and its certificate, its proof."""
    if not request.user.is_authenticated:
        return to_login(request)
    if request.method != "POST":
        return _show(request, request.user)
    seal, reto = "".join(request.POST.get("sello", "").split()), _given(request)
    if missing := _missing(request, seal):
        return _show(request, request.user, *missing)
    if reto is None:
        cure = _("Descargue la cadena para su certificado y firme esa.")
        return _show(request, request.user, Problem("sin_cadena", _("sello"), _("No hay cadena que firmar."), cure))
    try:
        prove_rfc(request.user, _certificate(request), seal, reto)
    except ProofRefused as refused:
        return _show(request, request.user, *refused.problems)
    del request.session[GIVEN]
    messages.success(request, _("Quedó probado que su cuenta es de ese RFC."))
    return HttpResponseRedirect(reverse("mi_rfc"))


@require_POST
def cadena(request: HttpRequest) -> HttpResponse:
    """The text that proves the RFC of the certificate uploaded, as a file for `sif firmar`; good for thirty minutes."""
    if not request.user.is_authenticated:
        raise PermissionDenied(_("Entre con su cuenta para probar su RFC."))
    if missing := _missing(request, "no se pide"):
        return _show(request, request.user, *missing)
    reto = new_reto()
    try:
        text = proof_cadena(request.user, _certificate(request), reto)
    except ProofRefused as refused:
        return _show(request, request.user, *refused.problems)
    request.session[GIVEN] = {"texto": reto.texto, "dado_el": reto.dado_el.isoformat()}
    response = HttpResponse(f"{text}\n".encode(), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rfc-cadena.txt"'
    return response


def _given(request: HttpRequest) -> Reto | None:
    kept = request.session.get(GIVEN)
    return Reto(kept["texto"], datetime.fromisoformat(kept["dado_el"])) if kept else None


def _certificate(request: HttpRequest) -> bytes:
    upload = request.FILES.get("certificado")
    return upload.read(MAX_CERTIFICATE) if upload else b""


def _missing(request: HttpRequest, seal: str) -> list[Problem]:
    missing = []
    if not seal:
        cure = _("Pegue lo que imprime sif firmar.")
        missing.append(Problem("sello", _("sello"), _("Falta el sello."), cure))
    if "certificado" not in request.FILES:
        cure = _("Elija el archivo .cer de su e.firma.")
        missing.append(Problem("certificado", _("certificado"), _("No eligió su certificado."), cure))
    return missing


def _show(request: HttpRequest, user: Usuario, *problems: Problem) -> HttpResponse:
    state = state_of(user)
    context = {
        "problemas": problems, "estado": STATES[state], "probado": state == RfcState.PROVEN,
        "de_otra": state == RfcState.TAKEN, "rfc": claim_of(user),
    }  # fmt: skip
    return render(request, "account/rfc.html", context, status=422 if problems else 200)
