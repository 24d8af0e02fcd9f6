"""Show the link of an account once, on the page of people or of a relief."""

from django.http import HttpRequest
from django.urls import reverse

SHOWN_ONCE = "enlace_por_mostrar"


def show_once(request: HttpRequest, token: str) -> None:
    """Keep the address of a link in the session until a page shows it, so that a reload makes no other."""
    request.session[SHOWN_ONCE] = request.build_absolute_uri(reverse("invitacion", args=[token]))


def shown(request: HttpRequest) -> str:
    """Return the address kept, once; '' where there is none."""
    return str(request.session.pop(SHOWN_ONCE, ""))
