"""Offer to write a long file as a job, and ask for it."""

from collections.abc import Callable
from dataclasses import asdict

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sif.jobs.bounds import LongFile, TooLongForSheet
from sif.registry.models import Usuario
from sif.web.authority_seat import CHOSEN
from sif.web.tasks import AskedFile, ask_for_list
from sif.web.trabajos.following import to_job
from sif.web.trabajos.place import jobs_frame

SALT, LASTS = "sif.archivo-largo", 24 * 3600  # seconds that an offer can be taken


class LongFileMiddleware:
    """Offer a job in place of a file that is too long for the request that asked for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the view does."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn LongFile into the page that offers the job, and a sheet that cannot hold the list into its words."""
        if not isinstance(error, LongFile | TooLongForSheet) or not isinstance(request.user, Usuario):
            return None
        context: dict[str, object] = {"frame": jobs_frame(request.user), "vuelta": request.path}
        if isinstance(error, TooLongForSheet):
            return render(request, "trabajos/largo.html", {**context, "falla": str(error)}, status=422)
        return render(request, "trabajos/largo.html", {**context, "renglones": error.rows, "oferta": _offer(request)})


def _offer(request: HttpRequest) -> str:
    """Sign the request for its person: only a file that a page was about to give can be asked for."""
    posted = request.POST.copy()
    posted.pop("csrfmiddlewaretoken", None)
    stage = request.session.get(CHOSEN)
    language, session = get_language() or settings.LANGUAGE_CODE, {CHOSEN: stage} if stage else {}
    asked = AskedFile(request.path, request.META.get("QUERY_STRING", ""), posted.urlencode(), language, session)
    return signing.dumps({"persona": request.user.pk, **asdict(asked)}, salt=SALT, compress=True)


@require_POST
def ask_apart(request: HttpRequest, person: Usuario) -> HttpResponse:
    """Ask for the job of an offer; one that is altered, of another person or of another day asks for nothing."""
    try:
        said = signing.loads(request.POST.get("oferta", ""), salt=SALT, max_age=LASTS)
        if said.pop("persona") != person.pk:
            raise signing.BadSignature
    except signing.BadSignature:
        messages.error(request, _("Esa oferta ya no sirve. Pida el archivo otra vez en su página."))
        return HttpResponseRedirect(reverse("trabajos:lista"))
    return to_job(request, ask_for_list(AskedFile(**said), person), person)
