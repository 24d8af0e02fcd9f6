"""Show the frame in which a person signs with their e.firma, apart from the page and from every server.

The page never holds the key nor its password: it receives the certificate and the seals, and sends those. The policy of
the frame forbids it every connection, and `allow-scripts` without an origin leaves it no cookie and no storage.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from sif.registry import clock
from sif.signing.cadena import PERSONAL_KINDS
from sif.signing.problems import texts_of

CODES = (
    "certificado_ilegible",
    "llave_ilegible",
    "llave_algoritmo",
    "llave_debil",
    "contrasena",
    "no_corresponde",
    "es_sello",
    "otro_certificado",
    "vencido",
    "aun_no_vigente",
    "cadena_desconocida",
)
"""What the frame itself refuses, in the words of the server."""
POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.NONCE],
    "style-src": [CSP.NONCE],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.NONE],
    "form-action": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
    "sandbox": ["allow-scripts"],
    "require-trusted-types-for": ["'script'"],
}


@require_safe
@never_cache
@xframe_options_sameorigin
@csp_override(POLICY)
def frame(request: HttpRequest) -> HttpResponse:
    """Return the frame: two files, a password, what is going to be signed, and nothing that speaks with others."""
    words = {code: {"mensaje": _(seen), "cura": _(cure)} for code, (seen, cure) in texts_of(*CODES).items()}
    context = {"problemas": words, "clases": list(PERSONAL_KINDS), "ahora": int(clock.now().timestamp() * 1000)}
    return render(request, "piezas/efirma_marco.html", context)
