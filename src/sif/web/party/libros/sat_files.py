"""Contabilidad electrónica for SAT: choose books and month, and take each file in its ZIP."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sif.jobs.bounds import must_fit
from sif.statements.sat.codes import load_codes
from sif.statements.sat.package import lines_of, write_zip, zip_name
from sif.statements.sat.sending import KINDS, REQUESTS, sending
from sif.values import Refused
from sif.web.fields import set_choices
from sif.web.files import written_file
from sif.web.frame import Crumb
from sif.web.party.mesa import Mesa, books_name, party_page
from sif.web.typed import DayField, day_filter

_WORDS = {"catalogo": "Catálogo", "balanza": "Balanza", "polizas": "Pólizas", "auxiliar": "Auxiliar de cuentas"}


class SendingForm(forms.Form):
    """The data to make the files of SAT: month, books, and the kind of request with its numbers."""

    mes = DayField(input_formats=["%Y-%m"], widget=forms.DateInput({"type": "month"}, format="%Y-%m"))
    solicitud = forms.ChoiceField(required=False)
    orden = forms.CharField(required=False, max_length=13)
    tramite = forms.CharField(required=False, max_length=14)
    modificada = day_filter("")
    contabilidad = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: QueryDict | None, mesa: Mesa) -> None:
        month = {"mes": mesa.ahora.date()}
        super().__init__(data or None, initial=month)
        labels = {
            "mes": _("Mes"),
            "solicitud": _("Tipo de solicitud"),
            "orden": _("Número de orden"),
            "tramite": _("Número de trámite"),
            "modificada": _("Última modificación, si es complementaria"),
            "contabilidad": _("Contabilidades"),
        }
        for name, words in labels.items():
            self.fields[name].label = words
        set_choices(self, "solicitud", ((key, _(words)) for key, words in REQUESTS.items()))
        books = [each for etapa in mesa.etapas for each in mesa.books_of(etapa)]
        named = ((str(b.pk), f"{b.pk} {books_name(b)}, {b.etapa.proceso.nombre}") for b in books)
        set_choices(self, "contabilidad", named)


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the form; ?archivo=catalogo, balanza, polizas or auxiliar gives that file of the month in its ZIP.

    A long month is offered as a job.
    """
    for number in request.GET.getlist("contabilidad"):
        if number.isdecimal() and len(number) < 9:
            mesa.books(int(number))
    form = SendingForm(request.GET, mesa)
    context = {
        "frame": mesa.frame("libros", Crumb(_("Libros y estados"), reverse("party:libros"))),
        "filtro": form,
        "archivos": [(key, _(_WORDS[key])) for key in KINDS],
        "codigos": load_codes(settings.JURISDICTION),
    }
    if form.is_bound and form.is_valid():
        try:
            return _file(request.GET.get("archivo", ""), mesa, form.cleaned_data)
        except Refused as refused:
            context["problemas"] = refused.problems
    return render(request, "party/libros_sat.html", context)


def _file(kind: str, mesa: Mesa, data: dict[str, Any]) -> HttpResponse:
    month: date = data["mes"]
    sent = sending(
        [mesa.libros[int(number)] for number in data["contabilidad"]],
        month.year,
        month.month,
        solicitud=data["solicitud"] or "AF",
        orden=data["orden"],
        tramite=data["tramite"],
        modificada_el=data["modificada"],
    )
    must_fit(lines_of(sent, kind), "xml")
    return written_file(lambda stream: write_zip(stream, sent, kind), "application/zip", zip_name(sent, kind))
