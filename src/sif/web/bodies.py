"""Refuse a request whose body is larger than any page takes, before it is read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from sif.registry import events

MB = 1024 * 1024


class BodyMiddleware:
    """Answer 413 to a body of more than `MOST_BODY` bytes; the proxies in front admit a little more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse by what the request says that it weighs, which is all that the server reads of it."""
        said = str(request.META.get("CONTENT_LENGTH") or "")
        if not said.isdecimal() or int(said) <= settings.MOST_BODY:
            return self.get_response(request)
        events.log("rechazo", codigo="cuerpo", muro="peso")
        weighs = {"pesa": -(-int(said) // MB), "cabe": settings.MOST_BODY // MB}
        if request.path_info.startswith("/api/"):
            detail = _("Lo enviado pesa %(pesa)s MB y caben %(cabe)s. Envíelo en varias peticiones.") % weighs
            problem = {
                "type": "urn:sif:problema:cuerpo",
                "title": _("Demasiado grande"),
                "status": 413,
                "detail": detail,
            }
            return JsonResponse(problem, status=413, content_type="application/problem+json")
        return HttpResponse(render_to_string("413.html", weighs), status=413)
