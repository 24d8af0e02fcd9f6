"""Refuse requests of programs that came without TLS, so that a key sent in the clear is noticed and withdrawn."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from sif.registry import events

REFUSED = {
    "type": "about:blank",
    "title": "Petición sin cifrar",
    "status": 403,
    "codigo": "sin_tls",
    "detail": "La API solo atiende por https. Revoque la clave que mandó sin cifrar y haga otra.",
}


class TlsMiddleware:
    """Answer 403 in production to a request of the API in plain HTTP; pages are redirected instead."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse before the key is read."""
        if settings.SECURE_SSL_REDIRECT and request.path_info.startswith("/api/") and not request.is_secure():
            events.log("rechazo", codigo="sin_tls", muro="api")
            return JsonResponse(REFUSED, status=403, content_type="application/problem+json")
        return self.get_response(request)
