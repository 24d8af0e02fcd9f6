"""«Comprobar un PDF sellado»: whether a file is a document of the authority as it was given, and which."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from sif.disclosure.sealed import NoSeal, SealedDocument, SealRefused, document_of_pdf, seal_certificate
from sif.web.files import download
from sif.web.public.stage import public_page, stages_of
from sif.web.public.words import standing_words

MOST = 32 * 1024 * 1024
"""Bytes of a PDF that this page reads; its documents measure some hundreds of thousands."""


@csrf_exempt  # it writes nothing, whoever sends it, and a visitor gets no cookie for it
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Ask for a PDF and say what it is, or what is wrong with it (422)."""
    refused, found = "", None
    if request.method == "POST":
        refused, found = _judged(request)
    said = standing_words(found.acto) if found and found.acto else ""
    context = {"sellado": found, "rechazo": refused, "dice": said, "maximo": MOST // 1024 // 1024}
    answer = public_page(request, "sellado", "datos", stages_of(request), context)
    answer.status_code = 422 if refused else 200
    return answer


def _judged(request: HttpRequest) -> tuple[str, SealedDocument | None]:
    upload = request.FILES.get("archivo")
    if upload is None:
        return _("No llegó ningún archivo. Elija el PDF tal como lo descargó."), None
    if (upload.size or 0) > MOST:
        return _("El archivo pesa demasiado para ser un documento de este sistema."), None
    try:
        return "", document_of_pdf(upload.read())
    except SealRefused as refused:
        return _refusal(refused.codigo), None
    except NoSeal:
        return _("Esta instalación no tiene ahora su llave: no puede comprobar sellos."), None


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
