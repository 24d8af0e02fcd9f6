"""Topes by formula: what each starts from, the caps that it gives with their arithmetic, and on to their accord."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sif.jobs.files import keep
from sif.registry.cap_files import MOST_BYTES
from sif.registry.cap_formulas import CapInputs, ComputedCaps, compute_caps
from sif.values import Problem, Refused
from sif.web.admin.desk import BOOKS, STAGE, AdminRecord, Seat
from sif.web.admin.uploads import BROUGHT
from sif.web.admin.words import stage_choices
from sif.web.columns import Column, panel
from sif.web.fields import MoneyField, day_field, text_field
from sif.web.lazy import Words
from sif.web.record import RecordForm
from sif.web.tables import Table

SHOWN = 200
NAMES: dict[str, Words] = {
    "presidencia": _("Presidencia: parte del financiamiento público de campaña"),
    "diputacion": _("Diputación federal: parte del tope de la Presidencia"),
    "diputacion_intermedia": _("Diputación federal sin Presidencia: tope anterior por la UMA"),
    "senaduria": _("Senaduría: tope de diputación por los distritos de la entidad"),
    "precampana": _("Precampaña: parte del tope de la campaña anterior"),
    "apoyo_ciudadano": _("Apoyo ciudadano: parte del tope de la campaña anterior"),
    "local": _("Elección local: padrón por UMA por el factor de su ley"),
}


class FormulaForm(RecordForm):
    """A formula and what it starts from."""

    etapa = forms.ChoiceField(label=_("Etapa"), choices=stage_choices)
    formula = forms.ChoiceField(label=_("Fórmula"), choices=NAMES.items())
    dia = day_field(_("Día del acuerdo"), _("De él salen la UMA y la ley que rige."))
    importe = MoneyField(
        label=_("Importe de partida"),
        required=False,
        help_text=_("Financiamiento público de campaña, o el tope del que parte la fórmula."),
    )
    dia_antes = day_field(_("Día del tope anterior"), _("Solo para la diputación sin Presidencia."), required=False)
    factor = forms.DecimalField(
        label=_("Factor, %"), required=False, max_digits=6, decimal_places=2, help_text=_("El de la ley local.")
    )
    articulo = text_field(_("Artículo y acuerdo del factor"), _("Por ejemplo LIPEED 191; IEPC/CG9/2025."))
    archivo = forms.FileField(
        label=_("Tabla de partida"),
        required=False,
        help_text=_(
            "CSV o XLSX con CARGO, el lugar (ENTIDAD, DISTRITO o MUNICIPIO) y BASE: padrón, distritos o tope anterior."
        ),
    )
    layout = (
        "etapa:grow",
        "formula:grow dia:medium",
        "importe:amount dia_antes:medium",
        "factor:short articulo:grow",
        "archivo:grow",
    )

    def offer(self, seat: Seat) -> None:
        """Mark what some formulas ask for: it is not «(opcional)», and the service says what is missing."""
        for name in ("importe", "dia_antes", "factor", "articulo", "archivo"):
            self.fields[name].by_role = True  # type: ignore[attr-defined]

    def inputs(self) -> CapInputs:
        """Make what the formula starts from. Raises Refused for a table that is too large."""
        data, file = self.cleaned_data, self.cleaned_data.get("archivo")
        if file is not None and file.size > MOST_BYTES:
            raise Refused(Problem("grande", "archivo", str(_("Pesa más de 1 MB.")), str(_("Divídalo por entidad."))))
        return CapInputs(
            dia=data["dia"],
            importe=data.get("importe"),
            tabla=file.read() if file is not None else b"",
            dia_antes=data.get("dia_antes"),
            factor_pb=int((data.get("factor") or 0) * 100),
            articulo=self.text("articulo"),
        )


class Formulas(AdminRecord):
    """Compute the caps of a stage by a formula of law and show them with their arithmetic; nothing is fixed."""

    page, back, form_class, template_name = "topes", "administration:topes", FormulaForm, "admin/formulas.html"
    title, button = _("Topes por fórmula"), _("Calcular")
    intro = _(
        "Se calculan con su cuenta a la vista y no fijan nada: los fija el acuerdo del Consejo, en la página siguiente."
    )
    needs = (STAGE, BOOKS)
    found: ComputedCaps | None = None

    def form_valid(self, form: Any) -> HttpResponse:
        """Show what the formula gives, kept to be looked at as the table of an accord."""
        try:
            self.found = compute_caps(form.cleaned_data["formula"], form.inputs())
        except Refused as refused:
            form.refuse(refused.problems)
            return self.refused(form, refused.status)
        table = self.found.table()
        sha256, _size = keep(lambda stream: stream.write(table))
        self.request.session[BROUGHT] = {**self.request.session.get(BROUGHT, {}), sha256: "topes.csv"}
        self.on_to = reverse("administration:topes_vistos", args=[form.cleaned_data["etapa"], sha256])
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the caps computed and where they go on."""
        context = super().get_context_data(**kwargs)
        if self.found is not None:
            rows = self.found.filas
            context |= {"calculo": self.found, "tabla": _table(self.found), "sigue": self.on_to, "cuantos": len(rows)}
            context["mas"] = max(len(rows) - SHOWN, 0)
        return context


def _table(found: ComputedCaps) -> Table:
    columns = (
        Column("cargo", _("Cargo"), "cosa", show=lambda each: each.donde[0]),
        Column("lugar", _("Lugar"), show=lambda each: each.lugar or _("Todos")),
        Column("cuenta", _("Cuenta"), phone="wide"),
        Column("tope", _("Tope"), "dinero"),
    )
    return panel(_("Topes calculados"), found.filas[:SHOWN], columns)
