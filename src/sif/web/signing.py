"""Read what a page of signature asks for, a certificate and a seal made elsewhere, and give the text to sign."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sif.values import Problem
from sif.web.files import download

MAX_CERTIFICATE = 20_000


def certificate_of(upload: Any) -> bytes:
    """Return the bytes of a certificate uploaded; none where there is none."""
    return upload.read(MAX_CERTIFICATE) if upload else b""


def seal_of(text: str) -> str:
    """Return a seal as it was pasted, without its line ends."""
    return "".join(text.split())


def not_given(request: HttpRequest, *fields: str) -> tuple[Problem, ...]:
    """Say what was left empty of what a signature needs: the certificate, and the fields named."""
    missing = []
    if "sello" in fields and not seal_of(request.POST.get("sello", "")):
        cure = _("Pegue lo que imprime sif firmar.")
        missing.append(Problem("sello", _("sello"), _("Falta el sello."), cure))
    if "certificado" not in request.FILES:
        cure = _("Elija el archivo .cer de su e.firma.")
        missing.append(Problem("certificado", _("certificado"), _("No eligió su certificado."), cure))
    return tuple(missing)


def cadena_file(text: str, folio: str) -> HttpResponse:
    """Answer a cadena as the file that `sif firmar` reads."""
    return download(f"{text}\n".encode(), "text/plain; charset=utf-8", f"{folio}-cadena.txt")
