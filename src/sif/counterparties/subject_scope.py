"""Open the scope of a whole subject to add up a limit of law, whatever books the person captures in."""

from collections.abc import Iterable
from contextlib import AbstractContextManager

from sif.registry.models import Contabilidad, SujetoObligado
from sif.registry.scope import only


def whole_subject(sujeto: SujetoObligado) -> AbstractContextManager[None]:
    """Open the scope to every set of books of a subject; only sums and folios may leave, never another's pólizas."""
    return whole_subjects([sujeto])


def whole_subjects(sujetos: Iterable[SujetoObligado]) -> AbstractContextManager[None]:
    """Open the scope to every set of books of some subjects, under the same condition."""
    return only(list(Contabilidad.objects.filter(sujeto__in=list(sujetos)).values_list("pk", flat=True)))
