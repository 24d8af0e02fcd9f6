"""Load the annexes that the system attaches to each kind of report."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sif.law.sources import LawDataError, data_path, only_keys, read_data, status

FILE = "anexos.yaml"


@dataclass(frozen=True, slots=True)
class Annex:
    """A book that is attached to a report: key, title, the key of the book, its basis and the status of it."""

    clave: str
    titulo: str
    libro: str
    base: str
    estatus: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A document that the law asks for with a report and the system does not attach: what, its basis, and why."""

    que: str
    base: str
    razon: str


@cache
def load_annexes(jurisdiction: str) -> dict[str, tuple[Annex, ...]]:
    """Return the annexes of each kind of report (IC, IA…), in their order. Raises LawDataError."""
    content, known = _content(jurisdiction), {}
    for clave, row in content["anexos"].items():
        row = only_keys(row, frozenset({"titulo", "libro", "base", "estatus"}), frozenset(), f"{FILE}, anexo {clave}")
        estatus = status(row["estatus"], f"{FILE}, anexo {clave}")
        known[clave] = Annex(clave, row["titulo"], row["libro"], row["base"], estatus)
    found = {}
    for tipo, claves in content["informes"].items():
        if unknown := [clave for clave in claves if clave not in known]:
            raise LawDataError(f"{FILE}, informe {tipo}: no hay anexos {unknown}. Los que hay: {', '.join(known)}.")
        if len(set(claves)) != len(claves):
            raise LawDataError(f"{FILE}, informe {tipo}: repite un anexo. Deje uno solo de cada clave.")
        found[tipo] = tuple(known[clave] for clave in claves)
    return found


@cache
def left_out_of(tipo: str, jurisdiction: str) -> tuple[LeftOut, ...]:
    """Return what the law asks for with a kind of report and is not attached to it. Raises LawDataError."""
    keys = frozenset({"que", "base", "razon"})
    rows = _content(jurisdiction).get("aparte", {}).get(tipo, ())
    return tuple(LeftOut(**only_keys(row, keys, frozenset(), f"{FILE}, aparte {tipo}")) for row in rows)


def _content(jurisdiction: str) -> Any:
    keys = frozenset({"estatus", "anexos", "informes"})
    content = only_keys(read_data(data_path(jurisdiction, FILE)), keys, frozenset({"aparte"}), FILE)
    status(content["estatus"], FILE)
    return content


def annexes_of(tipo: str, jurisdiction: str) -> tuple[Annex, ...]:
    """Return the annexes of a kind of report, none where the jurisdiction names none. Raises LawDataError."""
    return load_annexes(jurisdiction).get(tipo, ())
