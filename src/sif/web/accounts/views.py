"""Pages of the door that the login library has otherwise: sign-up is closed, and a forgotten password is asked for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def closed(request: HttpRequest) -> HttpResponse:
    """Refuse sign-up (403): accounts are made by invitation."""
    return render(request, "account/signup_closed.html", status=403)


def ask(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Say whom to ask for a new password: no mail is sent, so none is reset by mail."""
    return render(request, "account/password_reset.html", status=200 if request.method in ("GET", "HEAD") else 405)
