"""Read why a candidacy ends and whether the law lets another person take its place."""

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from sif.law.sources import data_path, only_keys, read_data
from sif.law.subjects import Said

_CAUSE = frozenset({"nombre", "sustituye", "articulo", "cita"})


@dataclass(frozen=True, slots=True)
class LeavingCause:
    """A cause that ends a candidacy, and whether the law admits a substitute.

    limit: the parameter with the number of days before the voting in which no substitute is admitted.
    """

    clave: str
    nombre: str
    may_be_substituted: bool
    limit: str
    said: Said


def _cause(clave: str, raw: object) -> LeavingCause:
    row = only_keys(raw, _CAUSE, frozenset({"plazo"}), f"bajas.yaml, {clave}")
    said = Said(row["nombre"], row["articulo"], row["cita"])
    return LeavingCause(clave, row["nombre"], row["sustituye"], row.get("plazo", ""), said)


@cache
def load_causes(jurisdiction: str) -> MappingProxyType[str, LeavingCause]:
    """Return every cause by its key."""
    raw = read_data(data_path(jurisdiction, "law", "bajas.yaml"))
    content = only_keys(raw, frozenset({"ambito", "causas"}), frozenset(), "bajas.yaml")
    return MappingProxyType({clave: _cause(clave, each) for clave, each in content["causas"].items()})


def rules_in(ambito: str, jurisdiction: str) -> bool:
    """Return whether the law of these causes is that of an election of an ámbito."""
    return bool(read_data(data_path(jurisdiction, "law", "bajas.yaml"))["ambito"] == ambito)
