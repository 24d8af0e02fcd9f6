"""Forms of the catalogues: what was typed comes back with each problem beside its field, and one subject at a time."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from sif.registry.models import SujetoObligado
from sif.registry.selectors import may
from sif.web.party.mesa import Mesa

Choices = Sequence[tuple[str, object]]


class SearchForm(forms.Form):
    """Filters of a list: `q` and some choices; what is not understood is ignored."""

    q = forms.CharField(required=False)

    def __init__(self, data: QueryDict, words: str, **choices: tuple[Any, Choices]) -> None:
        super().__init__(data)
        self.fields["q"].label = words
        for name, (label, options) in choices.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=options, required=False)
        self.is_valid()

    def asked(self, name: str) -> str:
        """Return the value of a field of the search, or ''."""
        return str(self.cleaned_data.get(name) or "")


def own_subject(mesa: Mesa, number: int | None = None) -> SujetoObligado:
    """Return the subject whose catalogue is being changed: the one named, if it is of this person; else the first."""
    for each in mesa.sujetos:
        if number in (None, each.pk):
            return each
    raise PermissionDenied(_("Este catálogo es de otro sujeto. Si debe verlo, pídalo a su responsable de finanzas."))


def must_be_own(mesa: Mesa, sujeto_id: int) -> None:
    """Refuse what belongs to the catalogue of another subject."""
    if sujeto_id not in {each.pk for each in mesa.sujetos}:
        raise PermissionDenied(
            _("Este catálogo es de otro sujeto. Si debe verlo, pídalo a su responsable de finanzas.")
        )


def of_other_books() -> str:
    """Return the message for a record that only other books of the subject use."""
    return _(
        "Este registro lo usan otras contabilidades del sujeto. Si debe verlo, pídalo a su responsable de finanzas."
    )


def captures(mesa: Mesa) -> bool:
    """Return whether the person writes in the catalogues of any of its subjects."""
    return any(may(mesa.usuario, "capturar", sujeto=each) for each in mesa.sujetos)


def found_or_404[T](row: T | None) -> T:
    """Return the record, or «no hay» (404)."""
    if row is None:
        raise Http404(_("No hay un registro con ese número."))
    return row
