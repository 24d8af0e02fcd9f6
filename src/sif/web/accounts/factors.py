"""Require second factors by role, and encrypt their secrets."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from allauth.account.middleware import AccountMiddleware
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from sif.registry import trail
from sif.registry.models import Usuario
from sif.registry.scope import acting, registering
from sif.registry.selectors import roles_of

HAS = "con_factor"
FREE = (
    "/cuenta/2fa/",
    "/cuenta/reauthenticate/",
    "/cuenta/logout/",
    "/cuenta/sigo/",
    "/cuenta/confirmar/",
    "/static/",
    "/idioma/",
    "/tema/",
)
"""What a person without the factor that their role needs may still open: enrolment, and the way out."""


class FactorSealed(RuntimeError):
    """No key of SIF_LLAVE_MFA opens a stored secret: the installation has another key, and no code can be right."""


class Factores(DefaultMFAAdapter):  # type: ignore[misc]
    """Keep the secrets of factors encrypted and authenticated, by the first key; older keys still open theirs."""

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a stored secret. Raises FactorSealed where the key of SIF_LLAVE_MFA is another."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as sealed:
            raise FactorSealed("SIF_LLAVE_MFA no es la llave con que se guardó este segundo factor.") from sealed

    def get_totp_issuer(self) -> str:
        """Return the name that the application of codes shows."""
        return "SIF"


def _cipher() -> MultiFernet:
    digests = (hashlib.sha256(b"sif.mfa\0" + key.encode()).digest() for key in settings.FACTOR_KEYS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def sealed_factors() -> list[Authenticator]:
    """Return the stored factors with a secret that no key of this installation opens."""
    cipher = _cipher()
    kept = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk")  # a passkey has no secret
    return [each for each in kept if not all(_opens(cipher, secret) for secret in _secrets(each))]


def drop_sealed_factors() -> int:
    """Erase the factors whose key was lost, each with its line in the trail; their people add another when they enter.

    Returns how many there were.
    """
    sealed = sealed_factors()
    for factor in sealed:
        trail.write(trail.Clase.CREDENCIAL, "borrar_factor_ilegible", factor.user_id, tipo=factor.type)
        with registering():
            factor.delete()
    return len(sealed)


def _secrets(factor: Authenticator) -> list[str]:
    data: dict[str, Any] = factor.data
    return [data[name] for name in ("secret", "seed") if name in data] + list(data.get("migrated_codes", []))


def _opens(cipher: MultiFernet, secret: str) -> bool:
    try:
        cipher.decrypt(secret.encode())
    except InvalidToken:
        return False
    return True


def lacks_factor(user: Usuario) -> bool:
    """Return whether a role of this person asks for a second factor and the person has none."""
    if not settings.MFA_ROLES or not settings.MFA_ROLES & roles_of(user):
        return False
    return not is_mfa_enabled(user)


def is_advised_factor(user: Usuario) -> bool:
    """Return whether a role of this person needs a second factor in production, and the person has none here."""
    return bool(settings.FACTOR_ADVISED & roles_of(user)) and not is_mfa_enabled(user)


def factors_of(user: Usuario) -> list[Authenticator]:
    """Return the factors of a person that take a code, that of a phone first."""
    of_codes = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    return list(Authenticator.objects.filter(user=user, type__in=of_codes).order_by("-type"))


def take_code(user: Usuario, code: str) -> Authenticator | None:
    """Take a code of a person and return its factor; None where it is wrong or was taken before.

    A code of a phone is taken by its step of time, and neither that nor an earlier one serves again (RFC 6238, 5.2).
    """
    with acting():
        for factor in factors_of(user):
            if factor.type == Authenticator.Type.RECOVERY_CODES:
                taken = factor.wrap().validate_code(code)
            else:
                taken = _take_step(Authenticator.objects.select_for_update().get(pk=factor.pk), code)
            if taken:
                return factor
    return None


def _take_step(factor: Authenticator, code: str) -> bool:
    secret = get_adapter().decrypt(factor.data["secret"])
    for step in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, step))
        if step > factor.data.get("paso", -1) and compare_user_code(actual=code, expected=expected):
            factor.data["paso"] = step
            factor.save(update_fields=["data"])
            return True
    return False


ENROLS = frozenset(
    {
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_generate_recovery_codes",
        "mfa_add_webauthn",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
        "mfa_login_webauthn",
    }
)
"""Addresses that add, change, erase or mark as used a factor of who asks, which the database admits in an act alone."""
MARKS = frozenset({"mfa_view_recovery_codes", "mfa_download_recovery_codes"})
"""Addresses that write, also when they are only read, that the recovery codes were seen."""


class FactorMiddleware:
    """Send people whose role needs a second factor, and have none, to the page where they add one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.answered = AccountMiddleware(get_response).process_exception

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or redirect to the factors; a session that was seen with a factor is not looked up again."""
        user = request.user
        bound = settings.MFA_ROLES and not request.path.startswith(FREE)
        if bound and user.is_authenticated and not request.session.get(HAS):
            if lacks_factor(user):
                return to_page(request, reverse("mfa_index"))
            request.session[HAS] = is_mfa_enabled(user)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Run in an act the page that writes a factor, which asks again who it is before it does."""
        name = request.resolver_match.url_name if request.resolver_match else ""
        if name not in MARKS and (request.method != "POST" or name not in ENROLS):
            return None
        try:
            with acting():
                return view(request, *args, **kwargs)
        except (ImmediateHttpResponse, ReauthenticationRequired) as asked:
            answer: HttpResponse | None = self.answered(request, asked)  # as where no middleware calls its page
            return answer


def to_page(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect a page, or the whole page of a fragment."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
