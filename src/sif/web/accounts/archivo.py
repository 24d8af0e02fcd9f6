"""Invite the people of a CSV: look first at what is wrong with each row, then invite all of them or nobody."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sif.jobs.files import FileGone, keep, open_kept
from sif.mail.inviting_many import COLUMNS, WrittenRow, invite_many, invited_roles, problems_of, read_rows
from sif.mail.outbox import is_configured
from sif.values import Problem, Refused
from sif.web.accounts.around import people_frame
from sif.web.accounts.manager import manager
from sif.web.columns import Column, panel
from sif.web.fields import file_field
from sif.web.seats import to_login

BROUGHT = "personas_traidas"
MAX_BYTES = 2 * 2**20
SHOWN = 50
_WRONG = (
    Column("donde", gettext_lazy("Dónde"), "cosa"),
    Column("mensaje", gettext_lazy("Qué pasa"), phone="wide"),
    Column("cura", gettext_lazy("Qué hacer"), phone="wide"),
)
_ROWS = (
    Column("nombre", gettext_lazy("Nombre"), "cosa"),
    Column("usuario", gettext_lazy("Usuario"), "clave"),
    Column("funcion", gettext_lazy("Función")),
    Column("sujeto", gettext_lazy("Sujeto")),
    Column("desde", gettext_lazy("Primer día"), phone="wide"),
    Column("ultimo", gettext_lazy("Último día"), phone="wide"),
    Column("correo", gettext_lazy("Correo"), phone="wide"),
)


class PeopleFile(forms.Form):
    """The file of people to invite."""

    archivo = file_field(gettext_lazy("CSV de 2 MB o menos, con un renglón por persona."), most=MAX_BYTES)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file to be looked at; nothing of it enters."""
    if not request.user.is_authenticated:
        return to_login(request)
    by = manager(request)
    form = PeopleFile(request.POST, request.FILES) if request.method == "POST" else PeopleFile()
    if form.is_valid():
        file = form.cleaned_data["archivo"]
        sha256, _size = keep(lambda stream: stream.writelines(file.chunks()))
        request.session[BROUGHT] = {**request.session.get(BROUGHT, {}), sha256: file.name}
        return HttpResponseRedirect(reverse("personas_archivo_visto", args=[sha256]))
    context = {
        "frame": people_frame(by),
        "form": form,
        "columnas": COLUMNS,
        "funciones": invited_roles(),
        "hay_correo": is_configured(),
    }
    return render(request, "account/archivo.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, sha256: str) -> HttpResponse:
    """Show what is wrong with each row of a file that this session brought; POST invites everybody of it."""
    if not request.user.is_authenticated:
        return to_login(request)
    by = manager(request)
    name, data = _brought(request, sha256)
    rows, wrong = list[WrittenRow](), list[Problem]()
    try:
        rows = read_rows(data)
        if request.method == "POST":
            made = invite_many(rows, lambda token: reverse("invitacion", args=[token]), by)
            messages.success(request, _("%(n)d invitaciones hechas; sus correos están en cola.") % {"n": len(made)})
            return HttpResponseRedirect(reverse("personas"))
        wrong = problems_of(rows, by)
    except Refused as refused:
        wrong = list(refused.problems)
    cells = [dict.fromkeys(COLUMNS, "") | row.celdas for row in rows[:SHOWN]]
    context = {
        "frame": people_frame(by),
        "archivo": name,
        "renglones": len(rows),
        "problemas": len(wrong),
        "mal": panel(_("Lo que hay que corregir"), wrong[: 4 * SHOWN], _WRONG) if wrong else None,
        "bien": panel(_("Primeros renglones"), cells, _ROWS) if cells else None,
        "puede": not wrong and is_configured(),
        "hay_correo": is_configured(),
    }
    return render(request, "account/archivo_visto.html", context, status=422 if request.method == "POST" else 200)


def _brought(request: HttpRequest, sha256: str) -> tuple[str, bytes]:
    """Return the name and bytes of a file of this session. Raises Http404 for another's and for one that expired."""
    name = request.session.get(BROUGHT, {}).get(sha256)
    if name is None:
        raise Http404(_("Ese archivo no se guarda: tráigalo otra vez."))
    try:
        with open_kept(sha256) as stream:
            return name, stream.read()
    except FileGone as gone:
        raise Http404(str(gone)) from gone
