"""Refuse a request whose body is larger than any page takes, or a form in other letters, before it is read."""

import codecs
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from sif.registry import events

MB = 1024 * 1024


class BodyMiddleware:
    """Answer 413 to a body of more than `MOST_BODY` bytes, and 415 to a form that is not in UTF-8.

    The proxies in front admit a little more. Django fails on such a form when it is read, and again when it says so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse by what the request says that it weighs, which is all that the server reads of it."""
        said = str(request.META.get("CONTENT_LENGTH") or "")
        if not said.isdecimal() or int(said) <= settings.MOST_BODY:
            return self.get_response(request) if _is_readable(request) else _in_other_letters(request)
        events.log("rechazo", codigo="cuerpo", muro="peso")
        weighs = {"pesa": -(-int(said) // MB), "cabe": settings.MOST_BODY // MB}
        if request.path_info.startswith("/api/"):
            detail = _("Lo enviado pesa %(pesa)s MB y caben %(cabe)s. Envíelo en varias peticiones.") % weighs
            return _problem("cuerpo", 413, _("Demasiado grande"), detail)
        return HttpResponse(render_to_string("413.html", weighs), status=413)


def _is_readable(request: HttpRequest) -> bool:
    """Return whether a form comes in UTF-8, by whatever name of it the request says."""
    if request.content_type != "application/x-www-form-urlencoded" or request.encoding is None:
        return True
    if codecs.lookup(request.encoding).name != "utf-8":
        return False
    request.encoding = "utf-8"
    return True


def _in_other_letters(request: HttpRequest) -> HttpResponse:
    events.log("rechazo", codigo="letras", muro="forma")
    if request.path_info.startswith("/api/"):
        detail = _("El formulario dice que viene en %(letras)s. Envíelo en UTF-8.") % {"letras": request.encoding}
        return _problem("letras", 415, _("Letras que no se leen"), detail)
    return HttpResponse(render_to_string("415.html", {"letras": request.encoding}), status=415)


def _problem(code: str, status: int, title: str, detail: str) -> JsonResponse:
    problem = {"type": f"urn:sif:problema:{code}", "title": title, "status": status, "detail": detail}
    return JsonResponse(problem, status=status, content_type="application/problem+json")
