"""Declare form fields that read amounts, days, hours and texts as people type them, and the form that holds them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from sif.values import InvalidMoney, Money, Problem
from sif.values.texts import in_one_line
from sif.web.lazy import Words
from sif.web.typed import DAY_FORMATS, DayField


class MoneyField(forms.CharField):
    """Read an amount in pesos as Money, or as None where nothing was typed."""

    def to_python(self, value: object) -> Money | None:  # type: ignore[override]
        """Parse the amount. Raises ValidationError with the reason."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return Money.parse(text)
        except InvalidMoney as refused:
            raise forms.ValidationError(str(refused)) from refused


def day_field(label: Words, help_text: Words = "", *, required: bool = True) -> DayField:
    """Make a field of a day typed as 18/05/2026."""
    wrong = _("No es un día del calendario. Escríbalo como 18/05/2026.")
    return DayField(
        label=label,
        help_text=help_text,
        required=required,
        input_formats=DAY_FORMATS,
        error_messages={"invalid": wrong, "required": _("Falta el día. Escríbalo como 18/05/2026.")},
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


def time_field(label: Words) -> forms.TimeField:
    """Make a field of an hour typed as 17:30."""
    wrong = _("No es una hora. Escríbala como 17:30.")
    return forms.TimeField(
        label=label,
        input_formats=["%H:%M", "%H.%M"],
        error_messages={"invalid": wrong, "required": wrong},
        widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off", "placeholder": "17:30"}),
    )


class LineField(forms.CharField):
    """Read a text of one line: an end of line within it, which no browser sends, is a space."""

    def to_python(self, value: object) -> str:
        """Read it in one line."""
        return in_one_line(str(super().to_python(value)))


def text_field(label: Words, help_text: Words = "", *, required: bool = False, listed: str = "") -> forms.CharField:
    """Make a field of a text. required: only marks it, the service refuses it missing; listed: id of its datalist."""
    attrs = {"autocomplete": "off"} | ({"list": listed} if listed else {})
    field = LineField(label=label, help_text=help_text, required=False, widget=forms.TextInput(attrs=attrs))
    field.required = required
    field.said_by_service = True  # type: ignore[attr-defined]
    return field


def file_field(help_text: Words, *, most: int = 0) -> forms.FileField:
    """Make a required field of a file that holds something. most: bytes of the longest, where the form bounds it."""

    def bounded(file: Any) -> None:
        if file.size > most:
            raise forms.ValidationError(translated("Pesa más de %(n)d MB.") % {"n": most // 2**20})

    return forms.FileField(
        label=_("Archivo"),
        help_text=help_text,
        validators=[bounded] if most else [],
        error_messages={"required": _("No eligió ningún archivo."), "empty": _("El archivo está vacío.")},
    )


def set_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[object, object]]) -> None:
    """Set what a field of a form lets choose among, which is known only once somebody asks for the page."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def day_words(day: date | None) -> str:
    """Write a day as a form shows it; '' for the end of time."""
    return "" if day is None or day.year == 9999 else f"{day:%d/%m/%Y}"


class ServiceForm(forms.Form):
    """A form whose rules are those of a service, which refuses with the place of each problem."""

    use_required_attribute = False

    def full_clean(self) -> None:
        """Validate as Django does, but leave missing texts for the service to refuse; where it will not be asked, since
        another field is wrong, say them too."""
        left = [field for field in self.fields.values() if field.required and hasattr(field, "said_by_service")]
        for field in left:
            field.required = False
        super().full_clean()
        for name, field in self.fields.items():
            if field in left:
                field.required = True
                if self.errors and name not in self.errors and not self.text(name):
                    self.add_error(name, translated("Falta este dato."))

    def text(self, name: str) -> str:
        """Return a text typed without spaces around, or ''."""
        return str(self.cleaned_data.get(name) or "").strip()

    def tell(self, problems: Sequence[Problem], places: Mapping[str, str] | None = None) -> list[Problem]:
        """Put each problem at its field and return the rest. places: argument of the service to field of the form."""
        general = []
        for problem in problems:
            field = (places or {}).get(problem.donde, problem.donde)
            if field in self.fields:
                self.add_error(field, f"{problem.mensaje} {problem.cura}".strip())
            else:
                general.append(problem)
        return general
