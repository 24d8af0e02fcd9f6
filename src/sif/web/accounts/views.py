"""Replace pages of the login library where ours say more, and end one session of several."""

from allauth.account.internal.stagekit import clear_login, get_pending_stage
from allauth.mfa.base.views import authenticate
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sif.web.accounts.sessions import Sesiones
from sif.web.seats import to_login


def closed(request: HttpRequest) -> HttpResponse:
    """Refuse sign-up (403): accounts are made by invitation."""
    return render(request, "account/signup_closed.html", status=403)


def ask(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Say whom to ask for a new password: no mail is sent, so none is reset by mail."""
    return render(request, "account/password_reset.html", status=200 if request.method in ("GET", "HEAD") else 405)


def second_step(request: HttpRequest) -> HttpResponseBase:
    """Ask for the second factor; whose factor was taken away meanwhile enters anew, where the library would turn."""
    stage = get_pending_stage(request)
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    if stage and stage.key == AuthenticateStage.key and not is_mfa_enabled(stage.login.user, kinds):
        clear_login(request)
        messages.info(request, _("Su cuenta ya no pide un código. Escriba de nuevo su contraseña."))
        return HttpResponseRedirect(reverse("account_login"))
    answer: HttpResponseBase = authenticate(request)
    return answer


@require_POST
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    """End one of the other sessions of the person; this one is ended by leaving."""
    if not request.user.is_authenticated:
        return to_login(request)
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    Sesiones().end_sessions([get_object_or_404(others, pk=number)])
    messages.success(request, _("La sesión quedó cerrada. Si no la abrió usted, cambie su contraseña."))
    return HttpResponseRedirect(reverse("usersessions_list"))


@require_POST
def going_on(request: HttpRequest) -> HttpResponse:
    """Keep the session of a person who is typing: 204, or 401 when it has ended."""
    return HttpResponse(status=204 if request.user.is_authenticated else 401)
