"""Whether a supplier stands in the list of article 69-B of the tax code, by the last publication that was loaded."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sif.catalogs.models import Lista69b, Situacion69b

WARNS = frozenset({"presunto", "definitivo"})
"""Situations in which an invoice may be of an operation that did not take place."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A place in the list since a day; situacion: presunto, desvirtuado, definitivo or favorable."""

    situacion: str
    publicada_el: date
    fuente: str


def listed_on(rfcs: Collection[str], day: date) -> Mapping[str, Listed] | None:
    """Those of these RFCs that the list in force on a day names; None when none had been loaded: nothing is known."""
    lista = Lista69b.objects.filter(publicada_el__lte=day).order_by("-publicada_el").first()
    if lista is None:
        return None
    words = f"Lista del artículo 69-B publicada el {lista.publicada_el:%d/%m/%Y}"
    return {
        row.rfc: Listed(row.situacion, getattr(row, f"{row.situacion}_el") or lista.publicada_el, words)
        for row in Situacion69b.objects.filter(lista=lista, rfc__in=set(rfcs))
    }
