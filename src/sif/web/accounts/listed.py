"""Keep the list of sessions of the login library in acts: what the database lets change in no other way."""

from collections.abc import Callable

from allauth.usersessions.apps import UserSessionsConfig
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sif.registry.scope import acting


class ListedSessions(UserSessionsConfig):  # type: ignore[misc]
    """The application of the login library that lists sessions, with its receivers in acts."""

    def ready(self) -> None:
        """List who enters, and under which key a session goes on when its password changes."""
        from allauth.account.signals import password_changed, password_set, user_logged_in
        from allauth.usersessions import signals

        user_logged_in.connect(in_act(signals.on_user_logged_in), weak=False, dispatch_uid="sif_entra")
        for told in (password_set, password_changed):
            told.connect(in_act(signals.on_password_changed), weak=False, dispatch_uid="sif_cambia")


def in_act(receiver: Callable[..., None]) -> Callable[..., None]:
    """Run a receiver of the login library in an act."""

    def received(sender: object, **told: object) -> None:
        with acting():
            receiver(sender, **told)

    return received


def own_sessions(request: HttpRequest) -> HttpResponseBase:
    """Show the sessions of the person, or end all others: the library forgets those that ended as it reads them."""
    from allauth.usersessions.views import list_usersessions

    with acting():
        answer: HttpResponseBase = list_usersessions(request)
    return answer
