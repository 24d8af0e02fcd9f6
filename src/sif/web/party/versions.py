"""Versions of a record on its pages: the reason that a correction asks for, the version seen, and its history."""

from dataclasses import replace

from django import forms
from django.utils.translation import gettext as _

from sif.registry.history import VersionEntry, history_of
from sif.registry.masks import masked
from sif.registry.versions import Version
from sif.web.fields import ServiceForm, text_field


def add_reason(form: ServiceForm) -> None:
    """Add the fields of a correction: why it is made, and which version was on the screen."""
    form.fields["motivo"] = text_field(
        _("Motivo del cambio"), _("Lo ya registrado conserva el dato anterior; el motivo queda en la historia."),
        required=True,
    )  # fmt: skip
    form.fields["vista"] = forms.IntegerField(required=False, widget=forms.HiddenInput())


def version_seen[M: Version](row: M, number: int | None) -> M:
    """Return the version of this record that the form showed; the current one where the form names none of them."""
    found: M | None = type(row)._default_manager.filter(pk=number or 0, identidad=row.identidad).first()
    return found or row


def history_rows(row: Version, words: dict[str, str]) -> list[VersionEntry]:
    """List the history of a record with its fields in words and its keys masked; fields without words are left out."""
    return [
        replace(
            entry,
            cambios=tuple(
                replace(
                    change,
                    campo=words[change.campo],
                    antes=_covered(change.campo, change.antes),
                    despues=_covered(change.campo, change.despues),
                )
                for change in entry.cambios
                if change.campo in words
            ),
        )
        for entry in history_of(row)
    ]


def _covered(field: str, value: object) -> object:
    return masked(field.rpartition(".")[2], value) if isinstance(value, str) else value
