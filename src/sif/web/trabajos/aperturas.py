"""Bound what a page waits for files from outside, and follow the job that opens one that takes longer."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme

from sif.jobs.files import NoRoom
from sif.jobs.openings import Page, ask_to_open
from sif.jobs.services import TooManyJobs
from sif.registry.models import Usuario
from sif.registry.opening import patient
from sif.sandbox.client import Late
from sif.web.trabajos.following import to_job


class OpeningMiddleware:
    """Give each request its seconds of opening files, and the job that opens one that takes longer in its place."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the view does, within those seconds."""
        with patient(settings.PAGINA_ESPERA_S):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn Late into the page of the job that opens the file, which leads back to where it was asked for.

        A job too many, of this kind or another, or whose file does not fit, leads to the list of those that its person
        has.
        """
        if not isinstance(error, Late | TooManyJobs | NoRoom) or not isinstance(request.user, Usuario):
            return None
        answer = _followed(request, error, request.user)
        if request.headers.get("HX-Request"):
            answer["HX-Redirect"], answer.status_code = answer["Location"], 204
        return answer


def _followed(request: HttpRequest, error: Late | TooManyJobs | NoRoom, by: Usuario) -> HttpResponse:
    if isinstance(error, Late):
        try:
            return to_job(request, ask_to_open(error.apertura, _page(request), by), by)
        except (TooManyJobs, NoRoom) as full:
            error = full
    messages.warning(request, str(error))
    return HttpResponseRedirect(reverse("trabajos:lista"))


def _page(request: HttpRequest) -> Page:
    """Return the page to return to: the same, or for a form the one that had it, where its file is chosen again."""
    if request.method in ("GET", "HEAD"):
        return Page(request.get_full_path(), False)
    return Page(came_from(request), True)


def came_from(request: HttpRequest) -> str:
    """Return the address of the page of this site that made a request, or the address asked for."""
    said = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(said, {request.get_host()}):
        return request.path
    parts = urlsplit(said)
    path = escape_leading_slashes(parts.path)
    return f"{path}?{parts.query}" if parts.query else path
