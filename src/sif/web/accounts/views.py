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
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sif.mail.invitations import recover_by_mail
from sif.mail.outbox import is_configured
from sif.registry import entries, limits
from sif.registry.selectors import account_named
from sif.web.accounts.sessions import Sesiones
from sif.web.seats import to_login


def closed(request: HttpRequest) -> HttpResponse:
    """Refuse sign-up (403): accounts are made by invitation."""
    return render(request, "account/signup_closed.html", status=403)


def ask(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Say whom to ask for a new password."""
    return render(request, "account/password_reset.html", status=200 if request.method in ("GET", "HEAD") else 405)


@never_cache
def forgotten(request: HttpRequest) -> HttpResponse:
    """Mail a link to who forgot their password; the answer is the same whether there is such an account or not."""
    if not is_configured():
        return ask(request)
    if request.method != "POST":
        return render(request, "account/password_reset.html", {"hay_correo": True})
    username = request.POST.get("usuario", "")[:150].strip()
    wait = limits.take(limits.RECOVER, limits.of_address(request.META["REMOTE_ADDR"]))
    if wait:
        return render(request, "account/password_reset.html", {"hay_correo": True, "espera": True}, status=429)
    person = account_named(username)
    if username and not limits.take(limits.RECOVER_ACCOUNT, f"#{person.pk}" if person else f"={username.casefold()}"):
        recover_by_mail(person, lambda token: reverse("invitacion", args=[token]))
    return render(request, "account/password_reset.html", {"hay_correo": True, "pedido": True})


def second_step(request: HttpRequest) -> HttpResponseBase:
    """Ask for the second factor; whose factor was taken away meanwhile enters anew, where the library would turn."""
    stage = get_pending_stage(request)
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    if stage and stage.key == AuthenticateStage.key and not is_mfa_enabled(stage.login.user, kinds):
        clear_login(request)
        messages.info(request, _("Su cuenta ya no pide un código. Escriba de nuevo su contraseña."))
        return HttpResponseRedirect(reverse("account_login"))
    answer: HttpResponseBase = authenticate(request)
    if request.method == "POST" and stage and stage.key == AuthenticateStage.key and answer.status_code < 300:
        entries.keep_refusal(stage.login.user, verb="rechazada_factor", via="mfa")
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
