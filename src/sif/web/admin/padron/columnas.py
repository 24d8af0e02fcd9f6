"""Columnas: what each column of a file of candidacies is, said once for every file with the same heads."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from sif.law.sources import data_path, read_data
from sif.registry.candidaturas import columns_in_effect
from sif.registry.file_columns import heads_of, known_columns, say_columns
from sif.registry.models import Etapa
from sif.values import Refused
from sif.web.admin.desk import AdminRecord, Seat
from sif.web.admin.uploads import brought
from sif.web.lazy import Words
from sif.web.record import RecordForm

COLUMNS: dict[str, Words] = {
    "sujeto": _("Partido o coalición"),
    "cargo": _("Cargo"),
    "entidad": _("Entidad"),
    "nombre": _("Nombre completo"),
    "distrito": _("Distrito"),
    "circunscripcion": _("Circunscripción"),
    "municipio": _("Municipio"),
    "subnivel": _("Lugar, cualquiera que sea"),
    "siglas": _("Siglas"),
    "asociacion": _("Tipo de asociación"),
    "estado": _("Estado de la contabilidad"),
    "formula": _("Folio del registro"),
    "caracter": _("Propietaria o suplente"),
    "sexo": _("Sexo"),
    "curp": _("CURP"),
    "tope": _("Tope de gastos"),
    "acuerdo": _("Acuerdo del tope"),
    "aprobada_el": _("Contiende desde el"),
    "acuerdo_aprobacion": _("Acuerdo que la aprueba"),
}


class ColumnsForm(RecordForm):
    """The column of a file that says each thing."""

    def offer(self, seat: object) -> None:
        """Wait for the heads of the file."""

    def ask(self, heads: tuple[str, ...], wanted: list[str]) -> None:
        """Ask for each column that a file may have, the required first."""
        pairs = [("", translated("Ninguna"))]
        pairs += [(str(place), f"{place + 1}. {name}") for place, name in enumerate(heads) if name.strip()]
        for key in sorted(known_columns(), key=lambda each: (each not in wanted, list(COLUMNS).index(each))):
            field = forms.ChoiceField(label=COLUMNS[key], choices=pairs, required=False)
            field.required = key in wanted
            field.said_by_service = True  # type: ignore[attr-defined]
            self.fields[key] = field
        keys = list(self.fields)
        self.layout = tuple(" ".join(f"{key}:grow" for key in keys[at : at + 3]) for at in range(0, len(keys), 3))

    def columns(self) -> dict[str, int]:
        """Return the place chosen for each column that has one."""
        return {key: int(place) for key, place in self.cleaned_data.items() if place}


class SayColumns(AdminRecord):
    """Say what each column of a file is; its heads propose it."""

    page, back, form_class = "candidaturas", "administration:candidaturas_cargar", ColumnsForm
    title, button = _("Columnas del archivo"), _("Ver qué trae")
    intro = _("Se propone por los encabezados. Se dice una vez: los archivos con los mismos encabezados se leen igual.")

    def dispatch(self, request: HttpRequest, seat: Seat, *args: object, **kwargs: Any) -> HttpResponseBase:
        """Find the stage, and the file that this session brought."""
        self.etapa = get_object_or_404(Etapa, pk=kwargs["etapa"])
        self.sha256 = kwargs["sha256"]
        try:
            self.heads = heads_of(brought(request, self.sha256)[1])
        except Refused as refused:
            raise Http404(refused.problems[0].mensaje) from refused
        return super().dispatch(request, seat, *args, **kwargs)

    def get_initial(self) -> dict[str, object]:
        """Begin with what the heads say, or what somebody said of them."""
        return {key: str(place) for key, place in columns_in_effect(self.heads).items()}

    def get_form(self, form_class: Any = None) -> ColumnsForm:
        """Ask for the columns of this file."""
        form: ColumnsForm = super().get_form(form_class)
        form.ask(self.heads, read_data(data_path(settings.JURISDICTION, "candidaturas.yaml"))["obligatorias"])
        return form

    def save(self, form: ColumnsForm) -> None:
        """Keep them."""
        say_columns(self.heads, form.columns(), self.seat.usuario)

    def saved_url(self, saved: object) -> str:
        """Go to what the file would load."""
        return reverse("administration:carga", args=[self.etapa.pk, self.sha256])
