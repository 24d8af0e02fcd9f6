"""Read what the subjects of a person owe."""

from sif.duties.generating import Obligacion
from sif.duties.selectors import in_order, obligations_of, obligations_of_books
from sif.registry import clock
from sif.web.party.mesa import Mesa


def owed(mesa: Mesa) -> list[Obligacion]:
    """Everything owed by the subjects that a person sees whole, and by its books of the others."""
    today, seen = clock.today(), mesa.alcance
    rows = obligations_of(seen.enteros, today) if seen.enteros else []
    if seen.libros:
        rows += obligations_of_books(seen.libros, seen.parciales, today)
    return in_order(rows)
