"""Duties that are written already, as a list takes them."""

from collections.abc import Iterable

from sif.duties.drafts import Alike, Common, Drafts
from sif.duties.generating import WRITTEN, Obligacion


def drafted(rows: Iterable[Obligacion]) -> Drafts[Obligacion]:
    """Gather them, each by itself."""
    return Drafts(
        Alike(Common(row.tipo, row.estado, row.abre_el, row.vence_el, row.cumplida_el), WRITTEN, [row]) for row in rows
    )
