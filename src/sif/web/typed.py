"""Parse posted and query values leniently."""

from datetime import date, datetime

from django import forms
from django.http import HttpRequest, QueryDict

from sif.values import Unread, read_day
from sif.values.reading import YEARS
from sif.web.lazy import Words

DAY_FORMATS = ["%d/%m/%Y", "%Y-%m-%d"]


class DayField(forms.DateField):
    """Read a day of the years from which terms are counted; one of another is no day, and is told as such."""

    def to_python(self, value: str | datetime | date | None) -> date | None:
        """Return the day. Raises ValidationError."""
        found = super().to_python(value)
        if found is not None and found.year not in YEARS:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class DayInput(forms.DateInput):
    """The box of a day: what it holds is drawn as 18/05/2026, however the address wrote it."""

    def __init__(self) -> None:
        super().__init__({"autocomplete": "off", "inputmode": "numeric"}, format="%d/%m/%Y")

    def format_value(self, value: object) -> str | None:
        """Return the day of the value, or what was typed where it is no day."""
        day = typed_day(value) if isinstance(value, str) else None
        return super().format_value(day or value)


def day_filter(label: Words) -> DayField:
    """Return the field of a filter by day, typed as 18/05/2026 or as an address has it, in ISO 8601."""
    return DayField(label=label, widget=DayInput(), required=False, input_formats=DAY_FORMATS)


def typed_number(text: str) -> int:
    """Return the number of a row, of up to nine figures; 0 where the text is not one, and no row has it."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def typed_terms(text: str) -> tuple[int, ...]:
    """Read terms in days typed with commas or spaces; () where one is not a number."""
    parts = text.replace(",", " ").split()
    return tuple(map(int, parts)) if all(part.isdecimal() and len(part) < 4 for part in parts) else ()


def typed_day(text: str) -> date | None:
    """Return the day of a text, as the address of a filter or a person writes it; None where it is not one."""
    try:
        return read_day(text)
    except Unread:
        return None


def posted(request: HttpRequest) -> QueryDict | None:
    """Return the form of a POST, empty or not; None for another method. An empty form is bound too, and is told."""
    return request.POST if request.method == "POST" else None
