"""Configure the login library: no sign-up, no mail, limits by account and address."""

from time import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sif.registry import entries, events, limits
from sif.registry.models import Usuario
from sif.registry.selectors import account_named
from sif.web.accounts.sessions import entered_at
from sif.web.address import UNKNOWN

KNOWN = "conocido"  # salt of the signature
KNOWN_DAYS = 365


class Cuentas(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitation; wrong passwords are counted by account and address, and by each alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse sign-up."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that AddressMiddleware settled."""
        return str(request.META.get("REMOTE_ADDR") or UNKNOWN)

    def is_reauthentication_required(self, *, app: str, **given: object) -> bool:
        """Ask again before a change of credential, unless the person entered a short while ago."""
        return time() - entered_at(self.request) > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def pre_authenticate(self, request: HttpRequest, **credentials: object) -> None:
        """Count the attempt before the password is read. Raises ValidationError beyond a limit.

        An account tried too often from everywhere is not closed: it asks for a second proof, a factor at the next
        step or a browser from which its person entered before.
        """
        account, address = _keys(request, credentials)
        wait = limits.take(limits.ADDRESS, address) or limits.take(limits.ACCOUNT_AND_ADDRESS, f"{account} {address}")
        if wait:
            events.log("entrada", via="contrasena", motivo="limite", segundos=wait)
            entries.keep_limit(account)
            minutes = -(-wait // 60)
            raise ValidationError(
                _("Demasiados intentos desde aquí. Espere %(minutes)d min y vuelva a intentarlo."),
                params={"minutes": minutes},
            )
        if limits.waiting(limits.ACCOUNT, account) and not _second_proof(request, account):
            events.log("entrada", via="contrasena", motivo="falta_segunda_prueba")
            entries.keep_limit(account)
            raise ValidationError(
                _(
                    "Esta cuenta recibió demasiados intentos desde muchos lugares. Entre desde el navegador de "
                    "costumbre o pida un enlace nuevo a quien le dio la cuenta."
                )
            )

    def authenticate(self, request: HttpRequest, **credentials: object) -> Usuario | None:
        """Return the person of these credentials, and take their attempt out of the counts when it was right."""
        user: Usuario | None = super().authenticate(request, **credentials)
        if user is not None:
            account, address = _keys(request, credentials)
            limits.give_back(limits.ACCOUNT_AND_ADDRESS, f"{account} {address}")
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        """Count a wrong password against its account, wherever it came from."""
        limits.take(limits.ACCOUNT, _keys(request, credentials)[0])

    def post_login(self, request: HttpRequest, user: Usuario, **given: object) -> HttpResponse:
        """Remember the browser as one from which this person entered."""
        response: HttpResponse = super().post_login(request, user, **given)
        known = {*_known(request), user.pk}
        response.set_cookie(
            settings.KNOWN_COOKIE_NAME,
            signing.dumps(sorted(known)[-20:], salt=KNOWN),
            max_age=KNOWN_DAYS * 24 * 3600,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        return response


def _keys(request: HttpRequest, credentials: dict[str, object]) -> tuple[str, str]:
    account = str(credentials.get("username") or credentials.get("email") or "").casefold()
    return account, limits.of_address(request.META["REMOTE_ADDR"])


def _known(request: HttpRequest) -> set[int]:
    """Return the people who entered from this browser, by its signed cookie."""
    try:
        return set(
            signing.loads(
                request.COOKIES.get(settings.KNOWN_COOKIE_NAME, ""), salt=KNOWN, max_age=KNOWN_DAYS * 24 * 3600
            )
        )
    except signing.BadSignature:
        return set()


def _second_proof(request: HttpRequest, account: str) -> bool:
    person = account_named(account)
    return person is not None and (person.pk in _known(request) or is_mfa_enabled(person))
