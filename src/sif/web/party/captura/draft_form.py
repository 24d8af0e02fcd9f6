"""Define the form of capture, with every problem at its field."""

import re
from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext as _

from sif.registry.models import Ventana
from sif.values import Problem
from sif.web.labels import PAID, QUALITIES, WAYS
from sif.web.lazy import Words
from sif.web.party.captura.aside import closed_words, window_words
from sif.web.party.draft_content import GIFT, HEADER, LINE, PAYMENT, Content, tidy
from sif.web.party.poliza_filters import SUBTYPES

_PLACE = re.compile(r"^línea (?P<line>\d+)(?:, (?P<field>cuenta|auxiliar|cargo|abono|concepto))?$")
_PLACES = {
    "periodo": "ventana",
    "tipo": "ventana",
    "subtipo": "subtipo",
    "concepto": "concepto",
    "fecha de operación": "fecha",
    **{f"pago, {name}": f"pago_{name}" for name in PAYMENT},
    **{f"aportación, {name}": f"aportacion_{name}" for name in GIFT},
}
_MONEY = {"cargo", "abono", "pago_monto", "aportacion_monto"}


class CaptureForm(forms.Form):
    """Fields for what a draft holds; its problems are added with `tell`, it checks nothing by itself."""

    use_required_attribute = False

    def __init__(self, content: Content, windows: Sequence[Ventana], names: Mapping[str, str]) -> None:
        super().__init__(_flat(content))
        self.lines = len(content["lineas"])
        self._header(windows)
        for number in range(1, self.lines + 1):
            self._line(number)
        self._payment()
        self._gift()
        self._name_below(names)
        self.full_clean()
        optional = ("pago_", "aportacion_", "concepto_")
        for name, field in self.fields.items():
            field.required = not name.startswith(optional)

    def _header(self, windows: Sequence[Ventana]) -> None:
        opened = [(f"{w.periodo_id}:{w.tipo}", window_words(w)) for w in windows]
        kinds = [
            ("ordinaria", _("Ordinaria")),
            ("reclasificacion", _("Reclasificación")),
            ("prorrateo", _("Prorrateo")),
        ]
        self._choice("ventana", _("Periodo y tipo"), [("", _("Elija")), *opened], closed_words(windows))
        self._choice("subtipo", _("Subtipo"), [(key, str(words)) for key, words in SUBTYPES.items()])
        self._choice("clase", _("Clase"), kinds)
        self._text("fecha", _("Fecha de operación"), _("Día/mes/año, por ejemplo 18/05/2026."))
        self._text("concepto", _("Concepto"), _("Diga qué se compró o recibió, cuánto y para cuándo."))

    def _line(self, number: int) -> None:
        say = {"n": number}
        self._text(f"cuenta_{number}", _("Línea %(n)d, cuenta") % say, listed="cuentas")
        self._text(f"auxiliar_{number}", _("Línea %(n)d, auxiliar") % say, listed="auxiliares")
        self._text(f"concepto_{number}", _("Línea %(n)d, concepto") % say)
        self._text(f"cargo_{number}", _("Línea %(n)d, cargo") % say)
        self._text(f"abono_{number}", _("Línea %(n)d, abono") % say)

    def _payment(self) -> None:
        self._choice("pago_medio", _("Medio de pago"), list(PAID.items()))
        self._text("pago_fecha", _("Fecha del pago"))
        self._text("pago_monto", _("Monto pagado"))
        self._text("pago_proveedor", _("A quién se pagó"), listed="auxiliares", kind="proveedor")

    def _gift(self) -> None:
        self._text("aportacion_aportante", _("Aportante"), listed="auxiliares", kind="aportante")
        self._choice("aportacion_calidad", _("Calidad"), list(QUALITIES.items()))
        self._choice("aportacion_medio", _("Medio"), list(WAYS.items()))
        self._text("aportacion_fecha", _("Fecha de la aportación"))
        self._text("aportacion_folio", _("Folio del recibo"))
        self._text("aportacion_monto", _("Monto aportado"))

    def _text(self, name: str, label: str, help_text: str = "", listed: str = "", kind: str = "") -> None:
        attrs = {"autocomplete": "off", **({"list": listed} if listed else {}), **({"data-kind": kind} if kind else {})}
        field = forms.CharField(label=label, help_text=help_text, required=False, widget=forms.TextInput(attrs=attrs))
        self.fields[name] = field

    def _choice(self, name: str, label: str, choices: Sequence[tuple[str, Words]], help_text: str = "") -> None:
        widget = forms.Select(choices=choices)
        self.fields[name] = forms.CharField(label=label, help_text=help_text, required=False, widget=widget)

    def _name_below(self, names: Mapping[str, str]) -> None:
        """Write below each account and auxiliary what it was understood as."""
        for place, words in names.items():
            field = self.field_at(place)
            if field:
                self.fields[field].help_text = words

    def tell(self, problems: Sequence[Problem]) -> list[Problem]:
        """Put each problem beside its field; those about the whole póliza come back, to be shown with its sums."""
        general = []
        for problem in problems:
            field = self.field_at(problem.donde)
            if field:
                self.add_error(field, f"{problem.mensaje} {problem.cura}".strip())
            else:
                general.append(problem)
        return general

    def field_at(self, place: str) -> str:
        """Return the field a place names, or ''."""
        if place in _PLACES:
            return _PLACES[place]
        line = _PLACE.match(place)
        if line and int(line["line"]) <= self.lines:
            return f"{line['field'] or 'cargo'}_{line['line']}"
        return ""

    def rows(self) -> list[dict[str, object]]:
        """Return the fields of each line, for the grid."""
        return [
            {"numero": number, **{name: self[f"{name}_{number}"] for name in LINE}}
            for number in range(1, self.lines + 1)
        ]


def _flat(content: Content) -> dict[str, str]:
    flat = {name: content.get(name, "") for name in HEADER}
    for number, line in enumerate(content["lineas"], 1):
        flat |= {f"{name}_{number}": line[name] for name in LINE}
    flat |= {f"pago_{name}": value for name, value in (content.get("pago") or {}).items()}
    flat |= {f"aportacion_{name}": value for name, value in (content.get("aportacion") or {}).items()}
    return {name: tidy(value) if name.rstrip("0123456789_") in _MONEY else value for name, value in flat.items()}
