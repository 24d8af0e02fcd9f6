"""Read what the subjects of a person owe."""

from sif.duties.drafts import Drafts
from sif.duties.generating import Obligacion
from sif.duties.selectors import drafts_of, drafts_of_books
from sif.registry import clock
from sif.web.party.mesa import Mesa


def owed(mesa: Mesa) -> Drafts[Obligacion]:
    """Return the duties of the subjects that a person sees whole, and those of the person's books in other subjects."""
    today, seen = clock.today(), mesa.alcance
    rows = drafts_of(seen.enteros, today) if seen.enteros else Drafts[Obligacion](())
    return rows | drafts_of_books(seen.libros, seen.parciales, today) if seen.libros else rows
