"""Read what a page of signature asks for, a certificate and a seal made elsewhere, and give the text to sign.

The seal is made in the person's computer: in the frame of `sif.web.signing_frame`, or by `sif firmar`.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.values import Problem, Refused
from sif.web.files import download

MAX_CERTIFICATE = 20_000
DATA = "application/json"
MOST_SIGNED = 150
"""How many reports are signed in one act, and come in one request."""


def certificate_of(request: HttpRequest) -> bytes:
    """Return the bytes of the certificate sent, as a file or, by the frame, as base64; none where there is none."""
    upload: Any = request.FILES.get("certificado")
    if upload:
        return bytes(upload.read(MAX_CERTIFICATE))
    try:
        return base64.b64decode(request.POST.get("certificado", "")[: 2 * MAX_CERTIFICATE], validate=True)
    except (binascii.Error, ValueError):
        return b""


def seal_of(text: str) -> str:
    """Return a seal as it was pasted, without its line ends."""
    return "".join(text.split())


def said_hour(request: HttpRequest) -> datetime | None:
    """Return the hour at which the browser says that it signed, or None where it says none that can be read."""
    try:
        said = datetime.fromisoformat(request.POST.get("firmado_el", "")[:32])
    except ValueError:
        return None
    return said if said.tzinfo else None


def not_given(request: HttpRequest, *fields: str) -> tuple[Problem, ...]:
    """Say what was left empty of what a signature needs: the certificate, and the fields named."""
    missing = []
    if "sello" in fields and not seal_of(request.POST.get("sello", "")):
        cure = _("Pegue lo que imprime sif firmar.")
        missing.append(Problem("sello", _("sello"), _("Falta el sello."), cure))
    if not (request.FILES.get("certificado") or request.POST.get("certificado")):
        cure = _("Elija el archivo .cer de su e.firma.")
        missing.append(Problem("certificado", _("certificado"), _("No eligió su certificado."), cure))
    return tuple(missing)


def too_many(number: int) -> Problem:
    """Say that more reports came than are signed in one act."""
    seen = _("Eligió %(n)d informes; en un acto se firman %(most)d.") % {"n": number, "most": MOST_SIGNED}
    return Problem("demasiados", _("informes"), seen, _("Firme los demás en otro."))


def wants_data(request: HttpRequest) -> bool:
    """Return whether the frame asks, which reads the texts to sign as data, and not a person for a file."""
    return request.headers.get("Accept", "") == DATA


def cadena_file(text: str, folio: str) -> HttpResponse:
    """Answer a cadena as the file that `sif firmar` reads."""
    return download(f"{text}\n".encode(), "text/plain; charset=utf-8", f"{folio}-cadena.txt")


def answer_cadena(
    request: HttpRequest,
    folio: str,
    cadena_for: Callable[[bytes], str],
    refused: Callable[[Sequence[Problem]], HttpResponse],
) -> HttpResponse:
    """Answer the text that the certificate sent signs, to the frame as data or to a person as a file.

    cadena_for: gives it for a certificate (DER), or raises Refused; refused: draws for a person why there is none.
    """
    problems: Sequence[Problem] = not_given(request)
    text = ""
    if not problems:
        try:
            text = cadena_for(certificate_of(request))
        except Refused as wrong:
            problems = wrong.problems
    if wants_data(request):
        return cadenas_data({folio: text} if text else {}, problems)
    return refused(problems) if problems else cadena_file(text, folio)


def cadenas_data(cadenas: Mapping[str, str], problems: Sequence[Problem] = ()) -> HttpResponse:
    """Answer the texts to sign, by the folio of each, to the frame; or why there is none (422)."""
    told = [{"donde": each.donde, "mensaje": each.mensaje, "cura": each.cura} for each in problems]
    found = [{"folio": folio, "cadena": text} for folio, text in cadenas.items()]
    return JsonResponse({"cadenas": found, "problemas": told}, status=200 if found else 422)


def admit_frame(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let a page hold the frame of signature, and no other frame; the exact address leaves it nowhere else to go."""
    policy = {**settings.SECURE_CSP, "frame-src": [request.build_absolute_uri(reverse("efirma_marco"))]}
    response._csp_config = policy  # type: ignore[attr-defined]
    return response
