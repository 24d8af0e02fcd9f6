"""Topes by formula: what each starts from, the caps that it gives with their arithmetic, and on to their accord."""

import re
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sif.jobs.files import keep
from sif.law.caps import ROUNDED
from sif.registry.cap_fit import caution_of, must_fit
from sif.registry.cap_formulas import CapInputs, ComputedCaps, compute_caps
from sif.registry.models import Etapa
from sif.registry.table_files import MOST_CAP_BYTES
from sif.values import Problem, Refused
from sif.web.admin.desk import BOOKS, STAGE, AdminRecord, Seat
from sif.web.admin.uploads import BROUGHT
from sif.web.admin.words import stage_choices
from sif.web.columns import Column, panel
from sif.web.fields import MoneyField, day_field, text_field
from sif.web.lazy import Words, law_words
from sif.web.record import RecordForm
from sif.web.tables import Table

SHOWN = 200
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+", re.ASCII)
NAMES: dict[str, Words] = {
    "presidencia": _("Presidencia: 20 % del financiamiento público de campaña"),
    "diputacion": _("Diputación federal: 1/300 del tope de la Presidencia"),
    "diputacion_intermedia": _("Elección intermedia: tope anterior actualizado con la UMA"),
    "senaduria": _("Senaduría: tope de diputación por los distritos de la entidad"),
    "precampana": _("Precampaña: 20 % del tope de la campaña anterior"),
    "apoyo_ciudadano": _("Apoyo ciudadano: 10 % del tope de la campaña anterior"),
    "local": _("Elección local: padrón por UMA por el factor de su ley"),
}
ROUNDINGS: dict[str, Words] = {
    "": "",
    "centavos_medio": _("Al centavo, medio hacia arriba"),
    "centavos_corte": _("Al centavo, cortado"),
    "pesos_medio": _("A pesos, medio hacia arriba"),
    "pesos_corte": _("A pesos, cortado"),
}
CAUTIONS: dict[str, Words] = {
    "presidencial": _(
        "Ese año se elige Presidencia: el tope de una diputación es 1/300 del de la Presidencia (LGIPE 243.4.b.I). "
        "Revise la fórmula."
    ),
    "intermedia": _(
        "Ese año solo se renuevan diputaciones: su tope es el anterior actualizado con la UMA (LGIPE 243.4.b.I). "
        "Revise la fórmula."
    ),
}


class UmasField(forms.IntegerField):
    """Read a whole number of UMA as laws write it, «4,000»."""

    def to_python(self, value: object) -> int | None:
        """Read it; a comma parts thousands or is refused."""
        text = str(value or "").strip()
        return super().to_python(text.replace(",", "") if _THOUSANDS.fullmatch(text) else text)


class FormulaForm(RecordForm):
    """A formula and what it starts from."""

    etapa = forms.ChoiceField(label=_("Etapa"), choices=stage_choices)
    formula = forms.ChoiceField(label=_("Fórmula"), choices=NAMES.items())
    dia = day_field(_("Día del acuerdo"), _("De él salen la UMA y la ley que rige."))
    importe = MoneyField(
        label=_("Importe base"),
        required=False,
        help_text=_("Financiamiento público de campaña, o el tope del que parte la fórmula."),
    )
    dia_antes = day_field(_("Día del tope anterior"), _("Solo para la elección intermedia."), required=False)
    factor = forms.DecimalField(
        label=_("Factor, %"),
        required=False,
        max_digits=6,
        decimal_places=2,
        help_text=_("El de la ley local: 0.15 se escribe 15."),
    )
    articulo = text_field(_("Artículo y acuerdo del factor"), _("Por ejemplo LIPEED 191; IEPC/CG9/2025."))
    corte = day_field(_("Corte del padrón"), _("Solo para la elección local."), required=False)
    minimo_uma = UmasField(
        label=_("Mínimo, en UMA"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Si lo dice la ley local."),
        error_messages={"invalid": _("No es un número entero de UMA. Escríbalo como 4,000.")},
    )
    redondeo = forms.ChoiceField(
        label=_("Redondeo"),
        required=False,
        choices=[*ROUNDINGS.items()],
        help_text=_("Solo del tope que fija una ley local."),
    )
    archivo = forms.FileField(
        label=_("Tabla base"),
        required=False,
        help_text=_(
            "CSV o XLSX con CARGO, el lugar (ENTIDAD, DISTRITO o MUNICIPIO) y, según la fórmula, PADRON, DISTRITOS o "
            "TOPE ANTERIOR."
        ),
    )
    layout = (
        "etapa:grow",
        "formula:grow dia:medium",
        "importe:amount dia_antes:medium",
        "factor:short articulo:grow",
        "corte:medium minimo_uma:medium redondeo:grow",
        "archivo:grow",
    )

    def offer(self, seat: Seat) -> None:
        """Mark what some formulas ask for: it is not «(opcional)», and the service says what is missing."""
        for name in ("importe", "dia_antes", "factor", "articulo", "corte", "redondeo", "archivo"):
            self.fields[name].by_role = True  # type: ignore[attr-defined]

    def inputs(self) -> CapInputs:
        """Make what the formula starts from. Raises Refused for a table that is too large."""
        data, file = self.cleaned_data, self.cleaned_data.get("archivo")
        if file is not None and file.size > MOST_CAP_BYTES:
            raise Refused(Problem("grande", "archivo", str(_("Pesa más de 1 MB.")), str(_("Divídalo por entidad."))))
        return CapInputs(
            dia=data["dia"],
            importe=data.get("importe"),
            tabla=file.read() if file is not None else b"",
            dia_antes=data.get("dia_antes"),
            factor_pb=int((data.get("factor") or 0) * 100),
            articulo=self.text("articulo"),
            corte=data.get("corte"),
            redondeo=data["redondeo"],
            minimo_uma=data.get("minimo_uma") or 0,
        )


class Formulas(AdminRecord):
    """Compute the caps of a stage by a formula of law and show them with their arithmetic; nothing is fixed."""

    page, back, form_class, template_name = "topes", "administration:topes", FormulaForm, "admin/formulas.html"
    title, button = _("Topes por fórmula"), _("Calcular")
    intro = _(
        "Se calculan con su cálculo a la vista y no fijan nada: los fija el acuerdo del Consejo, en la página "
        "siguiente."
    )
    needs = (STAGE, BOOKS)
    found: ComputedCaps | None = None
    caution = ""

    def form_valid(self, form: Any) -> HttpResponse:
        """Show what the formula gives, kept to be looked at as the table of an accord."""
        try:
            formula, given = form.cleaned_data["formula"], form.inputs()
            stage = Etapa.objects.select_related("proceso").get(pk=form.cleaned_data["etapa"])
            must_fit(formula, given, stage)
            self.found, self.caution = compute_caps(formula, given), caution_of(formula, stage)
        except Refused as refused:
            form.refuse(refused.problems)
            return self.refused(form, refused.status)
        table = self.found.table()
        sha256, _size = keep(lambda stream: stream.write(table))
        self.request.session[BROUGHT] = {**self.request.session.get(BROUGHT, {}), sha256: "topes.csv"}
        self.on_to = reverse("administration:topes_vistos", args=[form.cleaned_data["etapa"], sha256])
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the caps computed and where they go on."""
        context = super().get_context_data(**kwargs)
        if self.found is not None:
            rows = self.found.filas
            context |= {"calculo": self.found, "tabla": _table(self.found), "sigue": self.on_to, "cuantos": len(rows)}
            notes = [CAUTIONS[self.caution]] if self.caution else []
            context["notas"] = [*notes, law_words(ROUNDED)] if self.found.federal else notes
            context["mas"] = max(len(rows) - SHOWN, 0)
        return context


def _table(found: ComputedCaps) -> Table:
    columns = (
        Column("cargo", _("Cargo"), "cosa", show=lambda each: each.donde[0]),
        Column("lugar", _("Lugar"), show=lambda each: each.lugar or _("Todos")),
        Column("calculo", _("Cálculo"), phone="wide"),
        Column("tope", _("Tope"), "dinero"),
    )
    return panel(_("Topes calculados"), found.filas[:SHOWN], columns)
