"""Look up a supplier in the last loaded publication of the list of article 69-B."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sif.catalogs.models import Acto69b, Lista69b, Situacion69b

WARNS = frozenset({"presunto", "definitivo"})
"""Situations in which an invoice may be of an operation that did not take place."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A place in the list since a day; situacion: presunto, desvirtuado, definitivo or favorable."""

    situacion: str
    publicada_el: date
    fuente: str


def listed_on(rfcs: Collection[str], day: date) -> Mapping[str, Listed] | None:
    """Return the taxpayers of some RFCs in the list in force on a day, by RFC.

    None when no list of that day or before is loaded: nothing is known.
    """
    lista = Lista69b.objects.filter(publicada_el__lte=day).order_by("-publicada_el").first()
    if lista is None:
        return None
    words = f"Lista del artículo 69-B publicada el {lista.publicada_el:%d/%m/%Y}"
    return {
        row.rfc: Listed(row.situacion, getattr(row, f"{row.situacion}_el") or lista.publicada_el, words)
        for row in Situacion69b.objects.filter(lista=lista, rfc__in=set(rfcs))
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """The standing of a taxpayer on a day, with the acts up to that day.

    estado: None where the list does not name the taxpayer.
    """

    rfc: str
    estado: str | None
    desde: date | None
    historia: tuple[tuple[str, date], ...]
    lista: Lista69b

    def as_dict(self) -> dict[str, object]:
        """Return the shape that `sif listas consultar --json` prints."""
        return {
            "rfc": self.rfc,
            "estado": self.estado,
            "desde": self.desde.isoformat() if self.desde else None,
            "historia": [{"estado": act, "fecha": day.isoformat()} for act, day in self.historia],
        }


def list_on(day: date) -> Lista69b | None:
    """The list in force on a day; of days before every list, the first loaded, whose acts have their own days."""
    before = Lista69b.objects.filter(publicada_el__lte=day).order_by("-publicada_el").first()
    return before or Lista69b.objects.order_by("publicada_el").first()


def standing_of(rfc: str, day: date) -> Standing | None:
    """Return the standing of a taxpayer on a day, with the acts until then; None while no list was loaded."""
    lista = list_on(day)
    if lista is None:
        return None
    order = Situacion69b.Situacion.values
    acts = Acto69b.objects.filter(lista=lista, rfc=rfc, fecha__lte=day).values_list("situacion", "fecha").distinct()
    history = tuple(sorted(acts, key=lambda act: (act[1], order.index(act[0]))))
    named = Situacion69b.objects.filter(lista=lista, rfc=rfc).first()
    if named is None or not history:
        return Standing(rfc, None, None, history, lista)
    if day < lista.publicada_el:
        return Standing(rfc, *history[-1], history, lista)
    since = getattr(named, f"{named.situacion}_el") or lista.publicada_el
    return Standing(rfc, named.situacion, since, history, lista)
