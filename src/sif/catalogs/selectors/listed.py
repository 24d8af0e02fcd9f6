"""Whether a supplier stands in the list of article 69-B of the tax code, when the authority has loaded one."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Listed:
    """A place in the list since a day; situacion: presunto, desvirtuado, definitivo or sentencia_favorable."""

    situacion: str
    publicada_el: date
    fuente: str


Source = Callable[[Collection[str], date], Mapping[str, Listed] | None]
SOURCE: Source | None = None
"""Set by the room that keeps the list, when it starts: RFCs and a day give what the list then said of each, or None."""


def listed_on(rfcs: Collection[str], day: date) -> Mapping[str, Listed] | None:
    """Those of these RFCs that the list names on a day; None when no list has been loaded: nothing can be said."""
    return SOURCE(rfcs, day) if SOURCE else None
