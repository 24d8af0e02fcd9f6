"""Say what of the lots of some books keeps their year open, beside what the books say themselves."""

from collections.abc import Iterator

from sif.batch.models import Lote
from sif.books.services.aperturas import Opened, Standing, open_books, standing_of
from sif.registry.models import Contabilidad, Usuario
from sif.values import Problem

WAITING = (Lote.Estado.RECIBIDO, Lote.Estado.REVISADO)


def lots_waiting(de: Contabilidad) -> Iterator[Problem]:
    """Yield the problem of the lots that nobody applied nor put aside."""
    if count := Lote.objects.filter(contabilidad=de, estado__in=WAITING).count():
        yield Problem(
            "lotes",
            f"contabilidad {de.pk}",
            f"Tiene {count} lotes sin aplicar.",
            "Aplíquelos o descártelos en «Lotes».",
        )


def next_year(de: Contabilidad, nueva: Contabilidad, by: Usuario) -> Standing:
    """Return what opening some books with what others left would do. Raises PermissionError."""
    return standing_of(de, nueva, by, list(lots_waiting(de)))


def open_next_year(de: Contabilidad, nueva: Contabilidad, by: Usuario) -> Opened:
    """Open the books of a year with what those of the year before left, once. Raises Refused, PermissionError."""
    return open_books(de, nueva, by, also=list(lots_waiting(de)))
