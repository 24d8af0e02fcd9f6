"""Declare the filters of a list: a form field and how its value narrows the queryset, by name in the address."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sif.registry.folding import with_words
from sif.values import Problem
from sif.web.lazy import Words
from sif.web.typed import day_filter

EVERY = _("Todos")
MOST = 2_147_483_647
"""The largest number that a row has."""
type Pairs = Iterable[tuple[str, Words]]


@dataclass(frozen=True, slots=True)
class Filter:
    """Declare a filter. field: its form field for a seat; narrow: what a valid value leaves of the rows for a seat.

    reads_all: whether every row is read to find those that are left, which no index does.
    """

    field: Callable[[Any], forms.Field]
    narrow: Callable[[QuerySet[Any], Any, Any], QuerySet[Any]]
    reads_all: bool = False


class ReadField(forms.CharField):
    """A text that a function reads; what it cannot read is told, and does not narrow."""

    def __init__(self, *, read: Callable[[str], object], **options: Any) -> None:
        super().__init__(required=False, max_length=200, **options)
        self.read = read

    def clean(self, value: object) -> object:
        """Read it. Raises ValidationError with the reason."""
        text = super().clean(value)
        try:
            return self.read(text) if text else None
        except ValueError as unreadable:
            raise forms.ValidationError(str(unreadable)) from unreadable


def words(label: Words, *paths: str) -> Filter:
    """Match rows where each word typed stands in one of the paths, whatever its accents and capitals."""
    return Filter(
        lambda seat: forms.CharField(label=label, required=False, max_length=200),
        lambda rows, typed, seat: with_words(rows, typed, *paths),
        reads_all=True,
    )


def choice(label: Words, path: str, pairs: Pairs | Callable[[Any], Pairs], every: Words = EVERY) -> Filter:
    """Match rows whose path equals the value chosen; pairs may be a function of the seat."""

    def field(seat: object) -> forms.Field:
        offered = pairs(seat) if callable(pairs) else pairs
        return forms.ChoiceField(label=label, required=False, choices=[("", every), *offered])

    return Filter(field, lambda rows, value, seat: rows.filter(**{path: value}))


def equal(label: Words, path: str) -> Filter:
    """Match rows whose path equals the text typed."""
    return Filter(
        lambda seat: forms.CharField(label=label, required=False, max_length=150),
        lambda rows, value, seat: rows.filter(**{path: value}),
    )


def number(label: Words, path: str) -> Filter:
    """Match rows whose path equals the number typed."""
    return Filter(
        lambda seat: forms.IntegerField(label=label, required=False, min_value=1, max_value=MOST),
        lambda rows, value, seat: rows.filter(**{path: value}),
    )


def read(label: Words, how: Callable[[str], object], lookup: str) -> Filter:
    """Match rows by a lookup of what a function reads in a text; its ValueError says why it cannot."""
    return Filter(
        lambda seat: ReadField(read=how, label=label), lambda rows, value, seat: rows.filter(**{lookup: value})
    )


def unread(form: forms.Form) -> list[Problem]:
    """List what was typed in a filter and could not be read."""
    return [
        Problem("filtro", str(form.fields[name].label), " ".join(map(str, errors)), gettext("No se aplicó."))
        for name, errors in form.errors.items()
        if isinstance(form.fields[name], ReadField)
    ]


def day(label: Words, lookup: str) -> Filter:
    """Match rows by a day, with a lookup such as fecha__gte."""
    return Filter(lambda seat: day_filter(label), lambda rows, value, seat: rows.filter(**{lookup: value}))


def check(label: Words) -> Filter:
    """Declare a box that the query of the list reads by itself: it widens the list, so it narrows nothing."""
    return Filter(
        lambda seat: forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput({"value": "1"})),
        lambda rows, value, seat: rows,
    )


def narrowed(
    filters: Mapping[str, Filter], query: QueryDict, rows: QuerySet[Model], seat: object
) -> tuple[forms.Form, QuerySet[Model]]:
    """Return the form with the values of the address, and the rows they leave. An invalid value does not narrow."""
    form = forms.Form(query)
    for name, each in filters.items():
        form.fields[name] = each.field(seat)
    form.is_valid()
    for name, each in filters.items():
        value: object = form.cleaned_data.get(name)
        if value not in (None, "", False):
            rows = each.narrow(rows, value, seat)
    return form, rows
