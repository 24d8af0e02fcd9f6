"""Declare the filters of a list: a form field and how its value narrows the queryset, by name in the address."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from sif.registry.folding import with_words
from sif.web.lazy import Words
from sif.web.typed import day_filter

EVERY = _("Todos")
type Pairs = Iterable[tuple[str, Words]]


@dataclass(frozen=True, slots=True)
class Filter:
    """Declare a filter. field: makes its form field for a seat; narrow: the queryset that a valid value leaves."""

    field: Callable[[Any], forms.Field]
    narrow: Callable[[QuerySet[Any], Any], QuerySet[Any]]


def words(label: Words, *paths: str) -> Filter:
    """Match rows where each word typed stands in one of the paths, whatever its accents and capitals."""
    return Filter(
        lambda seat: forms.CharField(label=label, required=False, max_length=200),
        lambda rows, typed: with_words(rows, typed, *paths),
    )


def choice(label: Words, path: str, pairs: Pairs | Callable[[Any], Pairs], every: Words = EVERY) -> Filter:
    """Match rows whose path equals the value chosen; pairs may be a function of the seat."""

    def field(seat: Any) -> forms.Field:
        offered = pairs(seat) if callable(pairs) else pairs
        return forms.ChoiceField(label=label, required=False, choices=[("", every), *offered])

    return Filter(field, lambda rows, value: rows.filter(**{path: value}))


def day(label: Words, lookup: str) -> Filter:
    """Match rows by a day, with a lookup such as fecha__gte."""
    return Filter(lambda seat: day_filter(label), lambda rows, value: rows.filter(**{lookup: value}))


def check(label: Words) -> Filter:
    """Declare a box that the query of the list reads by itself: it widens the list, so it narrows nothing."""
    return Filter(
        lambda seat: forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput({"value": "1"})),
        lambda rows, value: rows,
    )


def narrowed(
    filters: Mapping[str, Filter], query: QueryDict, rows: QuerySet[Any], seat: Any
) -> tuple[forms.Form, QuerySet[Any]]:
    """Return the form with the values of the address, and the rows they leave. An invalid value does not narrow."""
    form = forms.Form(query)
    for name, each in filters.items():
        form.fields[name] = each.field(seat)
    form.is_valid()
    for name, each in filters.items():
        value: str | None = form.cleaned_data.get(name)
        if value:
            rows = each.narrow(rows, value)
    return form, rows
