"""Replace the login library's pages of sign-up and forgotten password."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST


def closed(request: HttpRequest) -> HttpResponse:
    """Refuse sign-up (403): accounts are made by invitation."""
    return render(request, "account/signup_closed.html", status=403)


def ask(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Say whom to ask for a new password: no mail is sent, so none is reset by mail."""
    return render(request, "account/password_reset.html", status=200 if request.method in ("GET", "HEAD") else 405)


@require_POST
def going_on(request: HttpRequest) -> HttpResponse:
    """Keep the session of a person who is typing: 204, or 401 when it has ended."""
    return HttpResponse(status=204 if request.user.is_authenticated else 401)
