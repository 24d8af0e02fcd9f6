"""Do what a form asks once, in the transaction that keeps the session of who asks."""

from collections.abc import Callable
from secrets import token_urlsafe

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

FIELD = "una_vez"
REMEMBERED = 20
"""How many acts a session says where they led: for a second press, and not the work of a day."""


def field() -> SafeString:
    """Return a hidden field that no other form has."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, token_urlsafe(12))


def keep(request: HttpRequest, name: str, key: str, where: str) -> None:
    """Write in the session where an act led, in the transaction of the act.

    Raises SessionInterrupted if the session ended meanwhile: nothing is done in the name of who left.
    """
    known = {**request.session.get(name, {}), key: where}
    request.session[name] = dict(list(known.items())[-REMEMBERED:])
    try:
        request.session.save()
    except UpdateError as ended:
        raise SessionInterrupted("La sesión terminó antes de registrar; no se registró nada.") from ended
    request.session.modified = False


def led(request: HttpRequest, name: str, key: str) -> str:
    """Return where an act led, of this request or of one of the same session that ended meanwhile; '' if none did."""
    kept = type(request.session)(request.session.session_key)
    where: str = kept.get(name, {}).get(key, "")
    return where


def once(request: HttpRequest, act: Callable[[], str]) -> str:
    """Do an act that returns the address it leads to; the same form pressed again leads there and does nothing.

    The session is locked and read again, so that two presses at once take turns. Raises SessionInterrupted as `keep`,
    and what the act raises, with nothing done.
    """
    key = request.POST.get(FIELD, "")[:32]
    with transaction.atomic():
        request.session["hechas"] = _locked(request).get("hechas", {})
        before = str(request.session["hechas"].get(key, "")) if key else ""
        if before:
            return before
        where = act()
        keep(request, "hechas", key or token_urlsafe(12), where)
        return where


def _locked(request: HttpRequest) -> dict[str, object]:
    row = Session.objects.select_for_update().filter(session_key=request.session.session_key).first()
    if row is None:
        raise SessionInterrupted("La sesión terminó antes de registrar; no se registró nada.")
    found: dict[str, object] = request.session.decode(row.session_data)
    return found
