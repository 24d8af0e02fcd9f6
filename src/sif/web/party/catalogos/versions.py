"""Records kept in versions: the form of a new one or of a correction with its reason, and the history of one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sif.registry.history import VersionEntry, history_of
from sif.registry.masks import masked, unmasked
from sif.registry.versions import Version
from sif.web.fields import text_field
from sif.web.lazy import Words
from sif.web.party.desk import SubjectRecord
from sif.web.record import RecordForm


class VersionForm(RecordForm):
    """A form of what is kept in versions. A correction asks why it is made, and carries the version on the screen."""

    motivo = text_field(
        _("Motivo del cambio"),
        _("Lo ya registrado conserva el dato anterior; el motivo queda en la historia."),
        required=True,
    )
    vista = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: object, kept: Mapping[str, object], corrects: bool, **options: object) -> None:
        super().__init__(*args, **options)
        self.kept = kept
        if not corrects:
            del self.fields["motivo"], self.fields["vista"]

    def clean(self) -> dict[str, object]:
        """Put the key that stood before wherever its mask came back untouched."""
        return unmasked(self.kept, super().clean() or self.cleaned_data)


class VersionRecord(SubjectRecord):
    """Register something kept in versions, or correct the one that the address names."""

    button = _("Guardar")
    editing: Words = ""
    """Title of a correction; `title` is that of a new one, and `done` says %(name)s."""
    sheet = ""
    """URL name of the page of one."""

    row: Any = None
    """The version that is corrected."""

    def find(self, number: int) -> object:
        """Return the version in force of the one of a number, or raise Http404 or PermissionDenied."""
        raise NotImplementedError

    def kept(self) -> dict[str, Any]:
        """Return what is kept of it by field, its keys whole."""
        raise NotImplementedError

    def named(self, row: Any) -> tuple[int, str]:
        """Return the number in the address of a record, and its name."""
        return row.identidad, row.nombre

    def must(self) -> None:
        """Find what is corrected; raise PermissionDenied for who captures for no whole subject."""
        if "number" in self.kwargs:
            self.row, self.title = self.find(self.kwargs["number"]), self.editing
        super().must()

    def corrected(self) -> tuple[int, str] | None:
        """Return the number and name of what is corrected, or None for a new one."""
        return self.named(self.row) if self.row else None

    def seen(self, form: VersionForm) -> Any:
        """Return the version that the form showed; the one in force where it names none of this record."""
        number = form.cleaned_data.get("vista")
        if self.row is None or not number:
            return self.row
        versions = type(self.row)._default_manager.filter(identidad=self.row.identidad)
        return versions.filter(pk=number).first() or self.row

    def get_initial(self) -> dict[str, object]:
        """Begin with what is kept, its keys masked."""
        covered = {name: masked(name, value) for name, value in self.kept().items()}
        return covered | ({"vista": self.row.pk} if self.row else {})

    def get_form_kwargs(self) -> dict[str, object]:
        """Pass what is kept to the form."""
        return {**super().get_form_kwargs(), "kept": self.kept(), "corrects": self.row is not None}

    def crumb(self) -> Words:
        """Return the name of what is corrected."""
        found = self.corrected()
        return found[1] if found else self.title

    def back_url(self) -> str:
        """Return to its sheet, or to the list."""
        found = self.corrected()
        return reverse(self.sheet, args=[found[0]]) if found else reverse(self.back)

    def told(self, saved: Any) -> str:
        """Name what was saved."""
        return str(self.done) % {"name": self.named(saved)[1]}

    def saved_url(self, saved: Any) -> str:
        """Go to its sheet."""
        return reverse(self.sheet, args=[self.named(saved)[0]])


def history_rows(row: Version, words: Mapping[str, Words]) -> list[VersionEntry]:
    """List the history of a record with its fields in words and its keys masked; fields without words are left out."""
    return [
        replace(
            entry,
            cambios=tuple(
                replace(
                    change,
                    campo=str(words[change.campo]),
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
