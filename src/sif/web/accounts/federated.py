"""Enter by the institution's provider of identity (OpenID Connect): only subjects linked through an invitation."""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sif.registry import events, invitations

INVITATION = "invitacion"


class Federadas(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Link by provider and subject, never by mail; an unknown subject without an invitation is refused."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Refuse sign-up."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Link an unknown subject to the account of the invitation opened in this session, or refuse it (401)."""
        if sociallogin.is_existing:
            return
        token = str(request.session.pop(INVITATION, ""))
        try:
            if request.user.is_authenticated:
                raise invitations.InvitationRefused(_("Salga antes de aceptar una invitación."))
            if invitations.open_invitation(token).usuario_id is not None:
                raise invitations.InvitationRefused(_("Ese enlace renueva una contraseña. Escríbala en su página."))
            person = invitations.accept(token, "")
        except invitations.InvitationRefused as refused:
            events.log("entrada", via="oidc", motivo="desconocida")
            raise PermissionDenied(
                _("Esa identidad no tiene cuenta aquí. Abra primero el enlace de su invitación.")
            ) from refused
        sociallogin.connect(request, person)
