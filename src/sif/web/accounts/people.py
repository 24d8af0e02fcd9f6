"""List accounts and their invitations, and accept an invitation."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.contrib.auth import password_validation
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from sif.batch.models import RevocacionClave
from sif.mail import invitations as mailed
from sif.mail.outbox import is_configured
from sif.mail.recipients import Recipient
from sif.mail.selectors import messages_of
from sif.registry import clock, events, invitations, limits, proposals
from sif.registry.appointments import AppointmentRefused, day_after, end_nombramiento
from sif.registry.invited import HasAccount, InvitationRefused, Invited
from sif.registry.models import Invitacion, Nombramiento, PropuestaCuenta, Usuario
from sif.registry.proofs import RfcState, state_of
from sif.registry.selectors import AUTHORITY, may
from sif.web.accounts.around import people_frame
from sif.web.accounts.inviting import InvitationForm
from sif.web.accounts.manager import manager
from sif.web.accounts.people_list import PAGE, invitations_page, people_shown
from sif.web.accounts.rfc_words import STATES
from sif.web.accounts.sessions import INVITATION, end_sessions
from sif.web.fields import day_field
from sif.web.labels import ROLES
from sif.web.mailing import language_field, mail_field, posted
from sif.web.seats import to_login
from sif.web.shown_once import show_once, shown

PROPOSED = {
    "invitacion": gettext_lazy("Invitar"),
    "funcion": gettext_lazy("Una función más"),
    "enlace": gettext_lazy("Enlace nuevo"),
    "factor": gettext_lazy("Quitar segundo factor"),
}


class AcceptForm(forms.Form):
    """The password of the account, twice."""

    password1 = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        label=gettext_lazy("Contraseña"),
        help_text=gettext_lazy("Doce caracteres o más; cuatro palabras sirven."),
    )
    password2 = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        label=gettext_lazy("Contraseña otra vez"),
    )

    def __init__(self, invitation: Invitacion, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.person = invitation.usuario or Usuario(
            username=invitation.username, nombre=invitation.nombre, rfc=invitation.rfc
        )

    def clean(self) -> dict[str, object]:
        """Check that both are equal and that the password holds. Raises ValidationError."""
        given = self.cleaned_data
        if given.get("password1") != given.get("password2"):
            raise forms.ValidationError(_("Las dos contraseñas no son iguales. Escríbalas otra vez."))
        if given.get("password1"):
            password_validation.validate_password(given["password1"], self.person)
        return given


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Return the people whose accounts one manages, the open invitations, and a form for one more."""
    if not request.user.is_authenticated:
        return to_login(request)
    by = manager(request)
    if "buscar" in request.POST:
        return _show(request, by, InvitationForm(by, looked=request.POST))
    form = InvitationForm(by, request.POST or None)
    if form.is_valid():
        invited = Invited(**form.cleaned_data)
        try:
            return _asked(request, invited, form.to, by)
        except (InvitationRefused, PermissionError) as refused:
            form.add_error(None, str(refused))
            form.has_account = isinstance(refused, HasAccount)
    return _show(request, by, form)


def _asked(request: HttpRequest, invited: Invited, to: Recipient, by: Usuario) -> HttpResponse:
    """Do what the form asks: a role of the authority is proposed; another is given, or its link is mailed and shown."""
    more = "dar" in request.POST
    if invited.rol in AUTHORITY:
        propose = proposals.propose_role if more else proposals.propose_invitation
        propose(invited, by)
        return _back(request, _("Quedó propuesto. Lo aprueba otra persona que administre."))
    if not more:
        return _show_once(
            request, mailed.invite_by_mail(invited, to, path_of, by) if to.correo else invitations.invite(invited, by)
        )
    made = invitations.give_role(invited, by)
    return _back(request, _("%(name)s tiene una función más.") % {"name": made.usuario.nombre})


def _back(request: HttpRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(reverse("personas"))


def _show_once(request: HttpRequest, token: str) -> HttpResponse:
    """Go to the page with the link, so that neither a second press nor a reload makes another."""
    show_once(request, token)
    return HttpResponseRedirect(reverse("personas"))


def _show(request: HttpRequest, by: Usuario, form: InvitationForm) -> HttpResponse:
    link = shown(request) if request.method == "GET" else ""
    administers = may(by, "administrar")
    links = invitations_page(request.GET, by)
    sent = messages_of(mailed.TYPE, [each.pk for each in links.filas])
    context = {
        "form": form,
        "enlace": link,
        "horas": invitations.HOURS,
        "invitaciones": [
            (each, posted(sent.get(each.pk, []), addressed=each.usuario_id is None)) for each in links.filas
        ],
        "pagina_invitaciones": links,
        "hay_correo": is_configured(),
        **people_shown(request.GET, by),
        "frame": people_frame(by),
        "administra": administers,
        "propuestas": [_told(each) for each in proposals.waiting()[:PAGE]] if administers else [],
        "sola": administers and not invitations.administrators().exclude(pk=by.pk).exists(),
    }
    return render(request, "account/people.html", context, status=422 if form.errors else 200)


def _told(propuesta: PropuestaCuenta) -> tuple[PropuestaCuenta, str, str, str, str]:
    """Return a proposal, what it would do, whose the account is, with which user name, and what is known of its RFC."""
    role = str(ROLES.get(propuesta.rol, ""))
    what = f"{PROPOSED[propuesta.clase]}: {role}" if role else str(PROPOSED[propuesta.clase])
    person = propuesta.usuario or propuesta
    known = state_of(propuesta.usuario) if propuesta.usuario else RfcState.CLAIMED
    return propuesta, what, person.nombre, person.username, str(STATES[known])


def path_of(token: str) -> str:
    """Return the path of the page of a link."""
    return reverse("invitacion", args=[token])


def _written(request: HttpRequest) -> Recipient:
    """Return the address that an approval says, if it says one. Raises InvitationRefused for what is none."""
    if not is_configured() or not request.POST.get("correo", "").strip():
        return Recipient("", "")
    return ResendForm(request.POST).to()


class ResendForm(forms.Form):
    """The address to which a link goes."""

    correo = mail_field()
    idioma = language_field()

    def to(self) -> Recipient:
        """Return whom to write to. Raises InvitationRefused where no address was understood."""
        if not self.is_valid() or not self.cleaned_data["correo"]:
            raise InvitationRefused(_("Escriba la dirección como nombre@dominio.mx."))
        return Recipient(self.cleaned_data["correo"], self.cleaned_data["idioma"] or get_language() or "")


@require_POST
def resend(request: HttpRequest, number: int) -> HttpResponse:
    """Mail an invitation that nobody used: another link that says the same, for the one before is not kept."""
    by = manager(request)
    found = get_object_or_404(invitations.pending(by), pk=number)
    try:
        if not is_configured():
            raise InvitationRefused(_("Esta instalación no manda correo."))
        token = mailed.resend(found, ResendForm(request.POST).to(), path_of, by)
    except (InvitationRefused, PermissionError) as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("personas"))
    return _show_once(request, token)


@require_POST
def act(request: HttpRequest, number: int, verb: str) -> HttpResponse:
    """Renew the link of a person, remove a lost factor, or disable the person and end all sessions and keys.

    The first two are proposed where the person is of the authority.
    """
    by = manager(request)
    person = get_object_or_404(invitations.people_managed(by), pk=number)
    if verb == "deshabilitar":
        invitations.disable(person, by)
        end_sessions(person, RevocacionClave.Motivo.CUENTA, by)
        return _back(request, _("La cuenta quedó deshabilitada y sus sesiones y claves terminaron."))
    try:
        if invitations.of_authority(person):
            propose = proposals.propose_link if verb == "enlace" else proposals.propose_factor
            propose(person, by)
            return _back(request, _("Quedó propuesto. Lo aprueba otra persona que administre."))
        if verb == "enlace":
            return _show_once(request, mailed.renew_by_mail(person, path_of, by))
        invitations.remove_factors(person, by)
        end_sessions(person, RevocacionClave.Motivo.CREDENCIAL, by)
    except (InvitationRefused, PermissionError) as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("personas"))
    return _back(request, _("Su segundo factor se quitó y sus sesiones terminaron; al entrar agrega otro."))


@require_POST
def resolve(request: HttpRequest, number: int, verb: str) -> HttpResponse:
    """Approve or refuse what another administrator proposed, or withdraw one's own proposal."""
    by = manager(request)
    if not may(by, "administrar"):
        raise PermissionDenied(_("Las propuestas las resuelve quien administra el sistema."))
    found = get_object_or_404(PropuestaCuenta.objects.select_related("usuario", "propuesta_por"), pk=number)
    try:
        if verb == "aprobar":
            return _approved(request, found, mailed.approve_by_mail(found, _written(request), path_of, by), by)
        (proposals.refuse if verb == "rechazar" else proposals.withdraw)(found, by)
    except (InvitationRefused, PermissionError) as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("personas"))
    return _back(request, _("La propuesta se cerró sin hacerse."))


def _approved(request: HttpRequest, propuesta: PropuestaCuenta, token: str, by: Usuario) -> HttpResponse:
    if propuesta.clase == PropuestaCuenta.Clase.FACTOR and propuesta.usuario:
        end_sessions(propuesta.usuario, RevocacionClave.Motivo.CREDENCIAL, by)
    return _show_once(request, token) if token else _back(request, _("Aprobado y hecho."))


@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End an appointment of a person whose account one manages; the account stays."""
    by = manager(request)
    theirs = Nombramiento.objects.filter(usuario__in=invitations.people_managed(by)).select_related("sujeto", "usuario")
    found = get_object_or_404(theirs, pk=number)
    try:
        ends = _ends(request.POST.get("ultimo", ""))
        end_nombramiento(found, request.POST.get("motivo", ""), by, termina_el=ends)
    except (AppointmentRefused, PermissionError) as refused:
        messages.error(request, str(refused))
    else:
        told = _("El nombramiento terminó; lo que la persona hizo con él vale.")
        if ends:
            told = _("El nombramiento termina al acabar ese día; lo que la persona haga hasta entonces vale.")
        messages.success(request, told)
    return HttpResponseRedirect(reverse("personas"))


def _ends(typed: str) -> datetime | None:
    """Return the midnight in which a last day ends, None where none was said. Raises AppointmentRefused."""
    if not typed.strip():
        return None
    try:
        return clock.midnight(day_after(day_field("").clean(typed)))
    except forms.ValidationError as wrong:
        told = _("«%(text)s» no es un día del calendario. Escríbalo como 18/05/2026.") % {"text": typed.strip()[:20]}
        raise AppointmentRefused(told) from wrong


@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw an open invitation."""
    by = manager(request)
    invitations.withdraw(get_object_or_404(invitations.pending(by), pk=number), by)
    return HttpResponseRedirect(reverse("personas"))


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: the person writes a password and enters with it."""
    wait = limits.take(limits.ADDRESS, limits.of_address(request.META["REMOTE_ADDR"]))
    try:
        if wait:
            raise InvitationRefused(_("Demasiados intentos desde aquí. Espere un minuto."))
        invitation = invitations.open_invitation(token)
        form = AcceptForm(invitation, request.POST or None)
        if request.method == "POST" and form.is_valid():
            person = invitations.accept(token, form.cleaned_data["password1"])
            end_sessions(person, RevocacionClave.Motivo.CREDENCIAL, person)
            events.log("entrada", persona=person.pk, via="invitacion", motivo="aceptada")
            messages.success(request, _("Su cuenta está lista. Entre con su usuario y su contraseña."))
            return HttpResponseRedirect(reverse("account_login"))
    except InvitationRefused as refused:
        return render(request, "account/invitation.html", {"problema": str(refused)}, status=429 if wait else 404)
    if invitation.usuario_id is None:
        request.session[INVITATION] = token
    context = {"form": form, "invitacion": invitation, "persona": form.person}
    return render(request, "account/invitation.html", context, status=422 if form.errors else 200)
