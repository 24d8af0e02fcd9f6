"""Show appointments with their span and documents; keep a document of one, prolong it, delegate it, and revoke a
delegation."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sif.duties.handover import MAX_BYTES, NewLoan, keeping_paper, lend
from sif.registry import clock
from sif.registry.accesses import appointments_seen
from sif.registry.appointments import (
    AppointmentRefused,
    day_after,
    delegated_by,
    end_nombramiento,
    last_day,
    state_of,
)
from sif.registry.delegating import RECEIVED, delegations_of, may_delegate, receivers
from sif.registry.invitations import people_managed
from sif.registry.models import DocumentoNombramiento, Nombramiento, Usuario
from sif.registry.papers import add_paper
from sif.registry.prolonging import prolong
from sif.registry.selectors import AUTHORITY, account_named
from sif.values import Refused
from sif.values.span import OPEN_END
from sif.web.accounts.around import people_frame
from sif.web.columns import Column, Link, panel
from sif.web.fields import day_field, file_field, text_field
from sif.web.labels import ROLES
from sif.web.seats import to_login
from sif.web.tables import Empty

OFFERED = 200
"""People whose user names the form offers while one is typed."""
STATES = {
    "por_empezar": ("por_venir", gettext_lazy("Por empezar")),
    "vigente": ("vigente", gettext_lazy("Vigente")),
    "terminado": ("cerrado", gettext_lazy("Terminado")),
}
COLUMNS = (
    Column("rol", gettext_lazy("Función"), "cosa", words=ROLES, link=Link("nombramiento", ("pk",))),
    Column("sujeto", gettext_lazy("Sujeto"), show=lambda row: row.sujeto.nombre if row.sujeto else "", phone="wide"),
    Column("desde", gettext_lazy("Desde"), "dia"),
    Column("ultimo", gettext_lazy("Último día"), "dia", show=last_day),
    Column("estado", gettext_lazy("Estado"), "estado", show=lambda row: STATES[state_of(row)]),
)


DELEGATED = (
    Column("quien", gettext_lazy("Quién"), "cosa", "usuario__nombre", link=Link("nombramiento", ("pk",))),
    *COLUMNS[2:],
)


class DelegationForm(forms.Form):
    """To whom a role is delegated, from which day to which, and the document that says so."""

    a = text_field(
        gettext_lazy("Usuario de quien la recibe"),
        gettext_lazy("Alguien que ya actúa por el sujeto."),
        required=True,
        listed="personas",
    )
    desde = day_field(gettext_lazy("Primer día"), gettext_lazy("Vacío: hoy."), required=False)
    ultimo = day_field(gettext_lazy("Último día"), gettext_lazy("Como 18/05/2026."))
    referencia = text_field(gettext_lazy("Documento"), gettext_lazy("Número de oficio, acta o acuerdo."), required=True)
    archivo = file_field(gettext_lazy("PDF sin contraseña, de 20 MB o menos."), most=MAX_BYTES)


class PaperForm(forms.Form):
    """The document of an appointment, and the last day to which it is prolonged where the page asks for one."""

    ultimo = day_field(gettext_lazy("Nuevo último día"), gettext_lazy("Vacío: sin término."), required=False)
    referencia = text_field(gettext_lazy("Documento"), gettext_lazy("Número de oficio, acta o acuerdo."), required=True)
    archivo = file_field(gettext_lazy("PDF sin contraseña, de 20 MB o menos."), most=MAX_BYTES)

    def __init__(self, verb: str, *args: Any) -> None:
        super().__init__(*args)
        if verb != "prolongar":
            del self.fields["ultimo"]


@never_cache
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Return the appointments of the person, those that ended and those to come among them."""
    if not request.user.is_authenticated:
        return to_login(request)
    nothing = Empty(_("Nadie le ha dado una función."), _("La da quien administra el sistema o el responsable."))
    rows = list(appointments_seen(request.user).filter(usuario=request.user))
    return render(request, "account/nombramientos.html", {"tabla": panel(_("Funciones"), rows, COLUMNS, vacia=nothing)})


@never_cache
@require_safe
def sheet(request: HttpRequest, number: int) -> HttpResponse:
    """Show an appointment to its person and to who manages the account; to nobody else it is there."""
    if not request.user.is_authenticated:
        return to_login(request)
    found = get_object_or_404(appointments_seen(request.user), pk=number)
    others = appointments_seen(request.user).filter(usuario=found.usuario).exclude(pk=found.pk)
    fin = getattr(found, "fin", None)
    manages = people_managed(request.user).filter(pk=found.usuario_id).exists()
    may_revoke = manages or delegated_by(found, request.user)
    context = {
        "frame": people_frame(request.user),
        "nombramiento": found,
        "estado": STATES[state_of(found)],
        "ultimo": last_day(found),
        "libros": found.contabilidades.order_by("pk"),
        "documentos": DocumentoNombramiento.objects.filter(nombramiento=found).order_by("pk"),
        "maneja": manages,
        "termina": manages and state_of(found) != "terminado" and fin is None and not found.delegado_de_id,
        "por_terminar": fin is not None and fin.termina_el > clock.now(),
        "prolonga": manages and last_day(found) is not None and found.rol not in AUTHORITY and not found.delegado_de_id,
        "delega": may_delegate(found, request.user),
        "revoca": found.delegado_de_id and may_revoke and state_of(found) != "terminado",
        "tablas": (
            panel(_("A quién se delegó"), list(delegations_of(found)), DELEGATED),
            panel(_("Otras funciones de esta persona"), list(others), COLUMNS),
        ),
    }
    return render(request, "account/nombramiento.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, number: int, verb: str) -> HttpResponse:
    """Keep a document of an appointment, or prolong it by one; for who manages the account."""
    if not request.user.is_authenticated:
        return to_login(request)
    found = get_object_or_404(appointments_seen(request.user).exclude(usuario=request.user), pk=number)
    form = PaperForm(verb, request.POST, request.FILES) if request.method == "POST" else PaperForm(verb)
    if form.is_valid():
        try:
            return _kept(request, request.user, found, form)
        except Refused as refused:
            for each in refused.problems:
                form.add_error(each.donde if each.donde in form.fields else None, f"{each.mensaje} {each.cura}".strip())
        except PermissionError as refused:
            form.add_error(None, str(refused))
    context = {
        "frame": people_frame(request.user),
        "form": form,
        "nombramiento": found,
        "prolonga": verb == "prolongar",
    }
    return render(request, "account/nombramiento_guardar.html", context, status=422 if form.errors else 200)


def _kept(request: HttpRequest, by: Usuario, found: Nombramiento, form: PaperForm) -> HttpResponse:
    given = form.cleaned_data
    with keeping_paper(given["referencia"], given["archivo"].name or "", given["archivo"].read()) as paper:
        if "ultimo" in given:
            found = prolong(found, day_after(given["ultimo"] or OPEN_END), paper, by)
        else:
            add_paper(found, paper, by)
    if "ultimo" in given:
        messages.success(request, _("Quedó prolongado por otro nombramiento, que empieza cuando este termina."))
    else:
        messages.success(request, _("El documento quedó guardado."))
    return HttpResponseRedirect(reverse("nombramiento", args=[found.pk]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegated(request: HttpRequest, number: int) -> HttpResponse:
    """Delegate one's own role to somebody of the subject, for a span, with its document."""
    if not request.user.is_authenticated:
        return to_login(request)
    found = get_object_or_404(appointments_seen(request.user), pk=number)
    if not may_delegate(found, request.user):
        raise PermissionDenied(_("Una función la delega quien la tiene, si es de un sujeto, está vigente y es suya."))
    form = DelegationForm(request.POST, request.FILES) if request.method == "POST" else DelegationForm()
    if form.is_valid():
        given = form.cleaned_data
        try:
            days = given["desde"] or clock.today(), day_after(given["ultimo"])
            file = given["archivo"]
            new = NewLoan(account_named(given["a"]), *days, given["referencia"], file.name or "", file.read())
            made = lend(found, new, request.user)
        except Refused as refused:
            for each in refused.problems:
                form.add_error(each.donde if each.donde in form.fields else None, f"{each.mensaje} {each.cura}".strip())
        except PermissionError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("La función quedó delegada. Termina su último día, o antes si la revoca."))
            return HttpResponseRedirect(reverse("nombramiento", args=[made.pk]))
    context = {
        "frame": people_frame(request.user),
        "form": form,
        "nombramiento": found,
        "recibida": ROLES[RECEIVED[Nombramiento.Rol(found.rol)]],
        "personas": receivers(found)[:OFFERED],
    }
    return render(request, "account/nombramiento_delegar.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """End now a delegation of one's own role or of an account that one manages; what was done by it stays."""
    if not request.user.is_authenticated:
        return to_login(request)
    seen = appointments_seen(request.user).exclude(delegado_de=None).exclude(usuario=request.user)
    found = get_object_or_404(seen, pk=number)
    try:
        end_nombramiento(found, request.POST.get("motivo", ""), request.user)
    except (AppointmentRefused, PermissionError) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("La delegación terminó; lo que la persona hizo con ella vale."))
    return HttpResponseRedirect(reverse("nombramiento", args=[found.pk]))
