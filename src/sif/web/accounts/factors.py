"""Second factors: who must have one, and how their secrets are kept."""

import base64
import hashlib
from collections.abc import Callable

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from sif.registry.models import Usuario
from sif.registry.selectors import roles_of

HAS = "con_factor"
FREE = (
    "/cuenta/2fa/", "/cuenta/reauthenticate/", "/cuenta/logout/", "/cuenta/sigo/", "/cuenta/confirmar/",
    "/static/", "/idioma/", "/tema/",
)  # fmt: skip
"""What a person without the factor that their role needs may still open: enrolment, and the way out."""


class Factores(DefaultMFAAdapter):  # type: ignore[misc]
    """Keep the secrets of factors encrypted and authenticated, by the first key; older keys still open theirs."""

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a stored secret. Raises InvalidToken where the key of SIF_LLAVE_MFA is another."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """Return the name that the application of codes shows."""
        return "SIF"


def _cipher() -> MultiFernet:
    digests = (hashlib.sha256(b"sif.mfa\0" + key.encode()).digest() for key in settings.FACTOR_KEYS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def lacks_factor(user: Usuario) -> bool:
    """Whether a role of this person asks for a second factor and the person has none."""
    if not settings.MFA_ROLES or not settings.MFA_ROLES & roles_of(user):
        return False
    return not is_mfa_enabled(user)


class FactorMiddleware:
    """Send people whose role needs a second factor, and have none, to the page where they add one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or redirect to the factors; a session that was seen with a factor is not looked up again."""
        user = request.user
        bound = settings.MFA_ROLES and not request.path.startswith(FREE)
        if bound and user.is_authenticated and not request.session.get(HAS):
            if lacks_factor(user):
                return to_page(request, reverse("mfa_index"))
            request.session[HAS] = is_mfa_enabled(user)
        return self.get_response(request)


def to_page(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect a page, or the whole page of a fragment."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
