"""Answer with 503, in words: the database is stopped, a disk is full, a key is absent or another, a file changed."""

import errno
import sys
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseServerError
from django.template.loader import render_to_string
from psycopg.errors import DiskFull

from sif.books.services import FileChanged
from sif.filing.authority import AuthorityMissing
from sif.web.accounts.factors import FactorSealed

HEALTH = ("/estado/", "/estado/sonda/")
RETRY_AFTER = "30"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class HealthMiddleware:
    """Answer the page of the service without reading a session, which is kept in the database that may be down."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Drop the session cookie of a request for the page of the service, or of its probe."""
        if request.path_info in HEALTH:
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)


def failed(_request: HttpRequest) -> HttpResponse:
    """Answer 503 where the database, a disk, a key or the bytes of a kept file fail, 500 for any other failure; no page
    reads anything."""
    failure = sys.exc_info()[1]
    if _lacks_room(failure):
        return _unserved("503_espacio.html")
    if isinstance(failure, (OperationalError, InterfaceError)):
        return _unserved("503.html")
    if isinstance(failure, FactorSealed):
        return HttpResponse(render_to_string("503_factor.html"), status=503)
    if isinstance(failure, AuthorityMissing):
        return HttpResponse(render_to_string("503_acuses.html"), status=503)
    if isinstance(failure, FileChanged):
        return HttpResponse(render_to_string("503_archivo.html", {"motivo": str(failure)}), status=503)
    return HttpResponseServerError(render_to_string("500.html"))


def _unserved(template: str) -> HttpResponse:
    """Return the page of what passes by itself or by whoever keeps the installation, and when to ask again."""
    return HttpResponse(render_to_string(template), status=503, headers={"Retry-After": RETRY_AFTER})


def _lacks_room(failure: BaseException | None) -> bool:
    """Return whether a failure is that of a full disk, of the files of the installation or of its database."""
    if isinstance(failure, OSError):
        return failure.errno in NO_ROOM
    return isinstance(getattr(failure, "__cause__", None), DiskFull)
