"""Show what is known of invoices before SAT, ask its service of the least known, and load a file of statuses."""

from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from sif.books.estatus import UNKNOWN, last_asked, status_figures
from sif.books.status_tasks import MOST, ask_to_ask_sat, ask_to_load_status
from sif.jobs.files import keep
from sif.registry.selectors import may
from sif.values import Problem, Refused
from sif.web.auditor.frames import auditor_frame
from sif.web.authority_seat import person, stage_at_hand
from sif.web.columns import Column, panel
from sif.web.marks import written_html
from sif.web.seats import seated_at
from sif.web.tables import Table
from sif.web.trabajos.following import to_job

MOST_BYTES = 50 * 2**20
STATES = {
    "vigente": gettext_lazy("Vigentes"),
    "cancelado": gettext_lazy("Cancelados"),
    "no_encontrado": gettext_lazy("No encontrados"),
    UNKNOWN: gettext_lazy("Sin preguntar"),
}


class LoadForm(forms.Form):
    """A file of statuses."""

    use_required_attribute = False
    archivo = forms.FileField(
        label=gettext_lazy("Archivo"),
        help_text=gettext_lazy("Un CSV con las columnas de abajo. Entra entero o no entra."),
        error_messages={"required": gettext_lazy("Elija el CSV de estatus.")},
    )


class AskForm(forms.Form):
    """The number of invoices to ask of."""

    use_required_attribute = False
    cuantos = forms.IntegerField(
        label=gettext_lazy("Cuántos comprobantes"),
        min_value=1,
        max_value=MOST,
        initial=500,
        help_text=gettext_lazy("Primero los que nunca se preguntaron y después los de respuesta más antigua."),
        error_messages={"required": gettext_lazy("Diga cuántos.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("auditor")
def page(request: HttpRequest) -> HttpResponse:
    """Return what is known of invoices before SAT, and one more file of statuses that comes in."""
    if request.method != "POST":
        return _page(request, LoadForm(), AskForm())
    form = LoadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, AskForm())
    upload = form.cleaned_data["archivo"]
    if upload.size > MOST_BYTES:
        form.add_error("archivo", _heavy())
        return _page(request, form, AskForm())
    try:
        sha256, _size = keep(lambda stream: stream.writelines(upload.chunks()))
        asked = ask_to_load_status(sha256, person(request))
    except Refused as refused:
        return _page(request, form, AskForm(), refused.problems)
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused
    return to_job(request, asked, person(request))


def _heavy() -> str:
    return str(gettext_lazy("Pesa más de %(n)s MB. Pártalo en varios.") % {"n": MOST_BYTES // 2**20})


@require_POST
@seated_at("auditor")
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the job that asks SAT's service of the least known invoices."""
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, LoadForm(), form)
    try:
        asked = ask_to_ask_sat(form.cleaned_data["cuantos"], person(request))
    except Refused as refused:
        return _page(request, LoadForm(), form, refused.problems)
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused
    return to_job(request, asked, person(request))


def _columns() -> Table:
    columns = (
        Column("columna", _("Columna"), "clave", show=lambda row: written_html(row[0])),
        Column("lleva", _("Qué lleva"), show=lambda row: row[1], phone="wide"),
        Column("puede", _("Puede faltar"), show=lambda row: _("Sí") if row[2] else _("No"), phone="half"),
    )
    states = format_html_join(", ", "{}", ((written_html(word),) for word in ("vigente", "cancelado", "no encontrado")))
    said = _("Con emisor, receptor y total se distingue de cuál habla cuando varios XML llevan el mismo folio.")
    rows: list[tuple[str, object, bool]] = [
        ("uuid", _("El folio fiscal."), False),
        ("estatus", states, False),
        ("al", _("El día de lo que dice el SAT, aaaa-mm-dd."), False),
        *((name, said, True) for name in ("emisor", "receptor", "total")),
    ]
    return panel(_("Columnas del archivo"), rows, columns)


def _page(request: HttpRequest, load: LoadForm, ask: AskForm, problems: Iterable[Problem] = ()) -> HttpResponse:
    problems, counted = tuple(problems), status_figures()
    context = {
        "frame": auditor_frame(stage_at_hand(request), "estatus_sat"),
        "carga": load,
        "pregunta": ask,
        "problemas": problems,
        "cifras": [(words, counted.get(state, 0)) for state, words in STATES.items()],
        "ultimo": last_asked(),
        "servicio": bool(settings.SAT_ESTATUS),
        "columnas": _columns(),
        "puede": may(person(request), "auditar"),
    }
    failed = problems or load.errors or ask.errors
    return render(request, "auditor/estatus_sat.html", context, status=422 if failed else 200)
