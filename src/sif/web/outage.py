"""Answer in words while the database does not: the page of the service without a session, any other page with 503."""

import sys
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseServerError
from django.template.loader import render_to_string

HEALTH = "/estado/"
RETRY_AFTER = "30"


class HealthMiddleware:
    """Answer the page of the service without reading a session, which is kept in the database that may be down."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Drop the session cookie of a request for the page of the service."""
        if request.path_info == HEALTH:
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)


def failed(_request: HttpRequest) -> HttpResponse:
    """Answer 503 where the database did not answer and 500 for any other failure; neither page reads anything."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        page = HttpResponse(render_to_string("503.html"), status=503)
        page["Retry-After"] = RETRY_AFTER
        return page
    return HttpResponseServerError(render_to_string("500.html"))
