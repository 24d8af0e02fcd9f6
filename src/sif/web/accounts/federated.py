"""Enter by the institution's provider of identity (OpenID Connect): only subjects linked through an invitation."""

from typing import Any

import jwt
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sif.registry import events, invitations
from sif.registry.invited import InvitationRefused
from sif.registry.scope import acting, registering
from sif.web.accounts.sessions import INVITATION

PROVIDER = "institucion"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures that an identity may carry: with a public key, never with the secret of the client nor without one."""


class Federadas(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Link by provider and subject, never by mail; an unknown subject without an invitation is refused."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Refuse sign-up."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Link an unknown subject to the account of the invitation opened in this session, or refuse it (401)."""
        if sociallogin.is_existing:
            return
        token = str(request.session.pop(INVITATION, ""))
        try:
            if request.user.is_authenticated:
                raise InvitationRefused(_("Salga antes de aceptar una invitación."))
            if invitations.open_invitation(token).usuario_id is not None:
                raise InvitationRefused(_("Ese enlace renueva una contraseña. Escríbala en su página."))
            person = invitations.accept(token, "")
        except InvitationRefused as refused:
            events.log("entrada", via="oidc", motivo="desconocida")
            raise PermissionDenied(
                _("Esa identidad no tiene cuenta aquí. Abra primero el enlace de su invitación.")
            ) from refused
        with registering():
            sociallogin.connect(request, person)


class _Entry(SocialLogin):  # type: ignore[misc]
    """An entry whose linked identity is marked as used in an act."""

    def lookup(self) -> None:
        """Find the account of the identity."""
        with acting():
            super().lookup()


class VerifiedIdentity(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Believe the signed identity of the provider and nothing else.

    The library skips the signature of a token that it fetched itself, and takes the person from an answer that carries
    none; here the signature, the issuer, the audience and the term are verified always.
    """

    def complete_login(self, request: HttpRequest, app: object, token: object, **given: Any) -> Any:
        """Return the entry of the person of a verified identity. Raises OAuth2Error."""
        identity = given["response"].get("id_token")
        if not identity:
            raise OAuth2Error("the provider sent no identity")
        data = {"id_token": self._decode_id_token(app, str(identity))}
        entry = self.get_provider().sociallogin_from_response(request, data)
        entry.__class__ = _Entry
        return entry

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, object]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        try:
            key = jwt.PyJWKSet.from_dict(answer.json())[str(jwt.get_unverified_header(id_token).get("kid", ""))]
            said: dict[str, object] = jwt.decode(
                id_token,
                key,
                algorithms=list(ALGORITHMS),
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=30,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as wrong:
            raise OAuth2Error("the identity does not verify") from wrong
        return said


def login(request: HttpRequest) -> HttpResponse:
    """Go to the provider (POST); a GET shows the page that asks."""
    return _answered(OAuth2LoginView, request)


def callback(request: HttpRequest) -> HttpResponse:
    """Come back from the provider, with a code and the state of this browser."""
    return _answered(OAuth2CallbackView, request)


def _answered(view: Any, request: HttpRequest) -> HttpResponse:
    try:
        answer: HttpResponse = view.adapter_view(VerifiedIdentity(request, PROVIDER))(request)
    except SocialApp.DoesNotExist as none:
        raise Http404(_("Esta instalación no tiene un proveedor de identidad.")) from none
    return answer
