"""Validate a file against the SAT schemas that satcfdi carries."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import IO, cast

from lxml import etree

from sif.cfdi.cadena import satcfdi_folder
from sif.values import Problem

BASE = "http://www.sat.gob.mx/esquemas/ContabilidadE/1_3"
SCHEMAS = {
    "catalogo": "CatalogoCuentas",
    "balanza": "BalanzaComprobacion",
    "polizas": "PolizasPeriodo",
    "auxiliar": "AuxiliarCtas",
}
"""The name that SAT gives to the schema of each file."""
_SHOWN = 20


def folder() -> Path:
    """Return the folder of the schemas of contabilidad electrónica 1.3."""
    return satcfdi_folder() / "transform" / "schemas" / "www.sat.gob.mx" / "esquemas" / "ContabilidadE" / "1_3"


def namespace(kind: str) -> str:
    """Return the namespace of a kind of file."""
    return f"{BASE}/{SCHEMAS[kind]}"


@cache
def schema(kind: str) -> etree.XMLSchema:
    """Return the schema of a kind of file."""
    name = SCHEMAS[kind]
    return etree.XMLSchema(etree.parse(str(folder() / name / f"{name}_1_3.xsd")))


@cache
def enumerated(name: str) -> frozenset[str]:
    """Return the values that SAT's list admits (c_Banco, c_CodAgrup…)."""
    tree = etree.parse(str(folder() / "CatalogosParaEsqContE" / "CatalogosParaEsqContE.xsd"))
    spaces = {"xs": "http://www.w3.org/2001/XMLSchema"}
    kind = tree.find(f".//xs:simpleType[@name='{name}']", namespaces=spaces)
    assert kind is not None
    return frozenset(str(each.get("value")) for each in kind.iterfind(".//xs:enumeration", namespaces=spaces))


def schema_problems(kind: str, stream: IO[bytes]) -> list[Problem]:
    """Validate a file against SAT's schema as a stream, never whole in memory; return its problems, [] for none."""
    try:
        for _event, element in etree.iterparse(stream, events=("end",), schema=schema(kind), huge_tree=True):
            element.clear(keep_tail=True)
            _forget_before(element)
    except etree.XMLSyntaxError as error:
        entries = cast("Iterable[etree._LogEntry]", error.error_log)
        cure = "Avise a quien administra el sistema: el archivo no se entregó."
        return [_problem(kind, entry) for entry in islice(entries, _SHOWN)] or [
            Problem("sat_esquema", kind, str(error), cure)
        ]
    return []


def _forget_before(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    for before in list(_before(element)):
        parent.remove(before)


def _before(element: etree._Element) -> Iterator[etree._Element]:
    yield from element.itersiblings(preceding=True)


def _problem(kind: str, entry: etree._LogEntry) -> Problem:
    return Problem(
        "sat_esquema",
        f"{kind}, línea {entry.line}",
        f"El esquema del SAT no lo admite: {entry.message}",
        "Corrija el dato que nombra; el archivo no se entregó.",
    )
