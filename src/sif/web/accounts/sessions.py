"""End sessions by idleness, age, or a change of credential."""

from collections.abc import Callable, Iterable
from time import time

from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sif.batch.claves import revoke_all
from sif.batch.models import RevocacionClave
from sif.registry import events, invitations, trail
from sif.registry.models import Usuario
from sif.registry.scope import acting
from sif.web.accounts.factors import HAS

ENTERED, SEEN, ENDED, INVITATION = "entrada_el", "visto_el", "sesion_vencida", "invitacion"
KEPT_EVERY = 60  # seconds between writes of the last activity


class SessionMiddleware:
    """End sessions that were idle too long or are too old, and keep their last activity once a minute.

    A fragment that a page reads by itself (GET by htmx) is no activity; typing is told by the page to `/cuenta/sigo/`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the session, or as to a stranger when it has ended."""
        if request.user.is_authenticated:
            reason = _ended(request)
            if reason:
                events.log("entrada", persona=request.user.pk, via="sesion", motivo=reason)
                logout(request)
                request.session[ENDED] = reason
            elif not (request.method == "GET" and request.headers.get("HX-Request")):
                _keep(request)
        return self.get_response(request)


def begin_with_entry() -> None:
    """Listen to every way of entering, so that a session is written once with its hours and not at the next page."""
    user_logged_in.connect(_begin, dispatch_uid="sif.sesion.empieza")


def _begin(request: HttpRequest | None = None, **_rest: object) -> None:
    session = getattr(request, "session", None)
    if session is not None:
        session[ENTERED] = session[SEEN] = time()


def _ended(request: HttpRequest) -> str:
    now = time()
    entered = request.session.get(ENTERED, now)
    if now - request.session.get(SEEN, entered) > settings.IDLE_SECONDS:
        return "inactividad"
    return "duracion" if now - entered > settings.SESSION_COOKIE_AGE else ""


def _keep(request: HttpRequest) -> None:
    now = time()
    request.session.setdefault(ENTERED, now)
    if now - request.session.get(SEEN, 0) >= KEPT_EVERY:
        request.session[SEEN] = now
        with acting():
            UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def entered_at(request: HttpRequest) -> float:
    """Return the second in which the person of this session entered, 0 if unknown."""
    return float(request.session.get(ENTERED, 0))


def end_sessions(user: Usuario, motivo: str, by: Usuario, but: str = "") -> int:
    """End every session of a person except the one of that key, and revoke all keys of programs; return how many.

    motivo: why the keys are revoked, as RevocacionClave.
    """
    with acting():  # locked: one that is taking another name is ended under that one
        rows = list(UserSession.objects.select_for_update().filter(user=user).exclude(session_key=but))
        for row in rows:
            row.end()
    return len(rows) + revoke_all(user, motivo, by)


class Sesiones(DefaultUserSessionsAdapter):  # type: ignore[misc]
    """End the sessions that a person picks in the list of their own, each with its line in the trail."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """End them: whoever uses one is a stranger at their next step."""
        for listed in sessions:
            with acting():
                row = UserSession.objects.select_for_update().filter(pk=listed.pk).first()
                if row is None:
                    continue
                trail.write(trail.Clase.CREDENCIAL, "cerrar_sesion", row.user_id, tipo="UserSession", objeto=row.pk)
                row.end()


def renew(request: HttpRequest) -> None:
    """Give the session of a request another name, and end the old one.

    Whoever ends the sessions of the person waits, and ends the new one. Raises SessionInterrupted for one that ended
    meanwhile: it gets no other name.
    """
    old = request.session.session_key or ""
    with acting():
        listed = UserSession.objects.select_for_update().filter(session_key=old).first()
        if not request.session.exists(old):
            raise SessionInterrupted("La sesión terminó mientras se confirmaba.")
        request.session.cycle_key()
        if listed:
            UserSession.objects.filter(pk=listed.pk).update(session_key=request.session.session_key)


def proven_again(sender: object, request: HttpRequest, **given: object) -> None:
    """Give another name to the session whose person proves again who it is (receiver of the login library)."""
    if given.get("reauthenticated"):
        renew(request)


def credential_changed(sender: object, request: HttpRequest, user: Usuario, **given: object) -> None:
    """End other sessions, keys and own links of who changed password or factor (receiver of the login library)."""
    request.session.pop(HAS, None)
    with acting():
        invitations.close_own_links(user)
    ended = end_sessions(user, RevocacionClave.Motivo.CREDENCIAL, user, but=request.session.session_key or "")
    events.log("entrada", persona=user.pk, via="credencial", motivo="cambio", total=ended)
    trail.write(trail.Clase.CREDENCIAL, "cambiar", user, tipo="Usuario", objeto=user.pk)
