"""Load the annexes that the system attaches to each kind of report."""

from dataclasses import dataclass
from functools import cache

from sif.law.sources import LawDataError, data_path, only_keys, read_data, status

FILE = "anexos.yaml"


@dataclass(frozen=True, slots=True)
class Annex:
    """A book that is attached to a report: its key, its title, the key of the book, and its basis."""

    clave: str
    titulo: str
    libro: str
    base: str


@cache
def load_annexes(jurisdiction: str) -> dict[str, tuple[Annex, ...]]:
    """Return the annexes of each kind of report (IC, IA…), in their order. Raises LawDataError."""
    content = only_keys(
        read_data(data_path(jurisdiction, FILE)), frozenset({"estatus", "anexos", "informes"}), frozenset(), FILE
    )
    status(content["estatus"], FILE)
    known = {}
    for clave, row in content["anexos"].items():
        row = only_keys(row, frozenset({"titulo", "libro", "base"}), frozenset(), f"{FILE}, anexo {clave}")
        known[clave] = Annex(clave, row["titulo"], row["libro"], row["base"])
    found = {}
    for tipo, claves in content["informes"].items():
        if unknown := [clave for clave in claves if clave not in known]:
            raise LawDataError(f"{FILE}, informe {tipo}: no hay anexos {unknown}. Los que hay: {', '.join(known)}.")
        if len(set(claves)) != len(claves):
            raise LawDataError(f"{FILE}, informe {tipo}: repite un anexo. Deje uno solo de cada clave.")
        found[tipo] = tuple(known[clave] for clave in claves)
    return found


def annexes_of(tipo: str, jurisdiction: str) -> tuple[Annex, ...]:
    """Return the annexes of a kind of report, none where the jurisdiction names none. Raises LawDataError."""
    return load_annexes(jurisdiction).get(tipo, ())
