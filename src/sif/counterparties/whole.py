"""The whole subject in sight: a limit of law runs over all its books, whichever of them the person captures in."""

from collections.abc import Iterator
from contextlib import contextmanager

from sif.registry.models import Contabilidad, SujetoObligado
from sif.registry.scope import only


@contextmanager
def whole_subject(sujeto: SujetoObligado) -> Iterator[None]:
    """Open the scope to every set of books of a subject; only sums and folios may leave, never another's pólizas."""
    numbers = list(Contabilidad.objects.filter(sujeto=sujeto).values_list("pk", flat=True))
    with only(numbers):
        yield
