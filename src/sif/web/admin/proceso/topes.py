"""Topes de gastos: the file of an accord looked at against the books of a stage, and then fixed."""

from collections import Counter
from collections.abc import Mapping

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from sif.registry.models import Etapa, TopeContabilidad
from sif.registry.sample_files import cap_example, cap_template
from sif.registry.table_files import MOST_CAP_BYTES
from sif.registry.topes import CapRow, CapSheet, caps_now, caps_problems, read_topes
from sif.values import Money, Problem
from sif.web.admin.desk import BOOKS, STAGE, Seat, admin_page
from sif.web.admin.tasks import ask_to_fix
from sif.web.admin.uploads import Upload, brought, sample_response
from sif.web.admin.words import STAGES, stage_choices
from sif.web.columns import Column, panel
from sif.web.fields import ServiceForm, file_field, text_field
from sif.web.frame import Crumb
from sif.web.places import told_together
from sif.web.record import RecordForm
from sif.web.tables import Table, Thing
from sif.web.trabajos.following import to_job

SHOWN = 200


class CapsForm(RecordForm):
    """The stage of a file of caps, and the file."""

    etapa = forms.ChoiceField(label=_("Etapa"), choices=stage_choices)
    archivo = file_field(
        _(
            "CSV o XLSX con las columnas CARGO y TOPE, y las que apliquen: ENTIDAD, DISTRITO, CIRCUNSCRIPCION y "
            "MUNICIPIO. Sin lugar, para todos los del cargo."
        )
    )
    layout = ("etapa:grow", "archivo:grow")


class Caps(Upload):
    """Take the file of an accord to be looked at; nothing is fixed yet."""

    page, back, form_class = "topes", "administration:candidaturas", CapsForm
    title = _("Topes de gastos")
    intro = _("Los fija un acuerdo: suba su tabla y vea a quién alcanza. Los anteriores se conservan.")
    needs = (STAGE, BOOKS)
    most, too_large = MOST_CAP_BYTES, _("Divídalo por entidad.")
    samples = "administration:topes_plantilla"
    samples_words = _(
        "Traen los cargos y lugares que ya tienen candidaturas en su etapa. El ejemplo se carga tal cual."
    )

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the way to compute them instead."""
        other = (reverse("administration:topes_formula"), _("Calcularlos por fórmula"))
        return {**super().get_context_data(**kwargs), "otro": other}

    def look_url(self, form: CapsForm, sha256: str) -> str:
        """Return the address of the caps of the file."""
        return reverse("administration:topes_vistos", args=[form.cleaned_data["etapa"], sha256])


@require_safe
@admin_page
def sample(request: HttpRequest, _seat: Seat) -> HttpResponseBase:
    """Return the template of a file of caps of a stage, or an example that loads in it."""
    return sample_response(request, {"plantilla": cap_template, "ejemplo": cap_example})


class AccordForm(ServiceForm):
    """The accord that fixes the caps of a file."""

    acuerdo = text_field(_("Acuerdo que los fija"), _("Por ejemplo INE/CG160/2021."), required=True)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def look(request: HttpRequest, seat: Seat, etapa: int, sha256: str) -> HttpResponse:
    """Look at the caps of a file and whom they reach; ask for the job that fixes them by their accord."""
    stage = get_object_or_404(Etapa.objects.select_related("proceso"), pk=etapa)
    _name, data = brought(request, sha256)
    form, problems = AccordForm(request.POST or None), list[Problem]()
    sheet = read_topes(data, stage)
    if form.is_valid():
        acuerdo = form.text("acuerdo")
        if wrong := caps_problems(sheet, stage, acuerdo):
            problems = form.tell(wrong)
        else:
            return to_job(request, ask_to_fix(stage, sha256, acuerdo, seat.usuario), seat.usuario)
    now = caps_now(sheet)
    context: dict[str, object] = {
        "frame": seat.frame("topes", Crumb(_("Topes de gastos"), reverse("administration:topes"))),
        "etapa": stage,
        "etapa_palabras": STAGES[stage.tipo],
        "form": form,
        "problemas": [] if sheet.problemas else problems,
        "del_archivo": told_together(sheet.problemas)[:100],
        "alcanza": len(sheet.caps),
        "sustituye": sum(row.tope != sheet.caps[pk] for pk, row in now.items()),
        "tabla": _table(sheet, now),
    }
    return render(request, "admin/topes.html", context, status=422 if form.is_bound else 200)


def _table(sheet: CapSheet, now: Mapping[int, TopeContabilidad]) -> Table:
    columns = (
        Column("cargo", _("Cargo"), "cosa", show=lambda each: Thing(each.cargo)),
        Column("lugar", _("Lugar"), show=lambda each: each.lugar or translated("Todos")),
        Column("antes", _("Hoy"), show=lambda each: _before(each, now), phone="wide"),
        Column("tope", _("Con este archivo"), "dinero"),
        Column("alcanza", _("Contabilidades"), "numero", show=lambda each: len(each.contabilidades)),
    )
    return panel(_("Topes del archivo"), sheet.filas[:SHOWN], columns)


def _before(row: CapRow, now: Mapping[int, TopeContabilidad]) -> str:
    """Say the caps in force of the books of a row, each with its accord and, where they differ, in how many."""
    caps = [now.get(pk) for pk in row.contabilidades]
    found = Counter((cap.tope, cap.acuerdo) if cap else None for cap in caps)
    told = []
    for cap, many in found.most_common():
        words = translated("sin tope") if cap is None else f"{Money(cap[0])} ({cap[1] or translated('sin acuerdo')})"
        if len(found) > 1:
            words = translated("%(cap)s, en %(n)d") % {"cap": words, "n": many}
        told.append(words)
    return "; ".join(told)
