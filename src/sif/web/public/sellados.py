"""«Comprobar un PDF sellado»: whether a file is a document of the authority as it was given, and which."""

import threading

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from sif.disclosure.sealed import Busy, NoSeal, SealedDocument, SealRefused, document_of_pdf, seal_certificate
from sif.registry import events, limits
from sif.web.files import download
from sif.web.public.stage import public_page, stages_of
from sif.web.public.words import standing_words

MOST = 32 * 1024 * 1024
"""Bytes of a PDF that this page reads; its documents measure some hundreds of thousands."""
TURN = threading.Lock()
"""The place of the one PDF that a process judges at a time: the next is told to come back, and holds no thread."""
MOMENT = 5
"""Seconds after which who found no place is told to come back."""


class _Wait(Exception):
    """A file was not judged; `seconds` from now it may be."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@csrf_exempt  # it writes no record, whoever sends it, and a visitor gets no cookie for it
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Ask for a PDF and say what it is, or what is wrong with it (422). 429 beyond a rate or while others are read."""
    refused, found, wait = "", None, 0
    if request.method == "POST":
        try:
            refused, found = _judged(request)
        except _Wait as later:
            refused = _("Hay muchos archivos por comprobar. Espere un momento y vuelva a enviarlo.")
            wait = later.seconds
    said = standing_words(found.acto) if found and found.acto else ""
    context = {"sellado": found, "rechazo": refused, "dice": said, "maximo": MOST // 1024 // 1024}
    answer = public_page(request, "sellado", "datos", stages_of(request), context)
    answer.status_code = 429 if wait else 422 if refused else 200
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def _judged(request: HttpRequest) -> tuple[str, SealedDocument | None]:
    """Return what is wrong with the file sent, or what it is. Raises _Wait."""
    upload = request.FILES.get("archivo")
    if upload is None:
        return _("No llegó ningún archivo. Elija el PDF tal como lo descargó."), None
    if (upload.size or 0) > MOST:
        return _("El archivo pesa demasiado para ser un documento de este sistema."), None
    if wait := limits.take(limits.SEALED_PDF, limits.of_address(request.META["REMOTE_ADDR"])):
        events.log("rechazo", codigo="limite", muro="sellado", segundos=wait)
        raise _Wait(wait)
    if not TURN.acquire(blocking=False):
        raise _Wait(MOMENT)
    try:
        return "", document_of_pdf(upload.read())
    except SealRefused as refused:
        return _refusal(refused.codigo), None
    except NoSeal:
        return _("Esta instalación no tiene ahora su llave: no puede comprobar sellos."), None
    except Busy as late:
        raise _Wait(MOMENT) from late
    finally:
        TURN.release()


def _refusal(codigo: str) -> str:
    """Return what is wrong with a file, in a sentence."""
    return {
        "sin_sello": _("No lleva el sello de una autoridad: no es un documento como este sistema los da."),
        "cambio": _("Cambió después de sellarse: ya no es el documento que se dio."),
        "otra_llave": _("Lo selló otra llave, que no es la de esta autoridad, o su sello cambió."),
    }[codigo]


@require_safe
def certificate(request: HttpRequest) -> HttpResponse:
    """Return the certificate whose key seals documents, to be given to a reader of PDF. 404 without a key."""
    try:
        return download(seal_certificate(), "application/pkix-cert", "sello.cer")
    except NoSeal as lacking:
        raise Http404(_("Esta instalación no tiene ahora su llave.")) from lacking
