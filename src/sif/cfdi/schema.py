"""Validate an invoice against SAT's schemas, with its long enumerations looked up as sets.

The XSD are those that the library satcfdi carries. As SAT ships them they hold 160,000 enumerated values in line,
which a validator compares one after another; here each long enumeration leaves its type and becomes a set, asked
apart. What is accepted is the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree

from sif.cfdi.cadena import satcfdi_folder
from sif.values import Problem

XS = "{http://www.w3.org/2001/XMLSchema}"
LONG = 40  # values; shorter enumerations stay in the schema
BASE = "www.sat.gob.mx/sitio_internet/cfd"
COMPROBANTE = {"4.0": f"{BASE}/4/cfdv40.xsd", "3.3": f"{BASE}/3/cfdv33.xsd", "3.2": f"{BASE}/3/cfdv32.xsd"}
COMPLEMENTS = {
    "4.0": ("TimbreFiscalDigital/TimbreFiscalDigitalv11", "ine/ine11", "Pagos/Pagos20", "nomina/nomina12",
            "donat/donat11", "implocal/implocal"),
    "3.3": ("TimbreFiscalDigital/TimbreFiscalDigitalv11", "ine/ine11", "Pagos/Pagos10", "nomina/nomina12",
            "donat/donat11", "implocal/implocal"),
    "3.2": ("TimbreFiscalDigital/TimbreFiscalDigital", "ine/ine10", "nomina/nomina11", "donat/donat11"),
}  # fmt: skip
MOST = 20  # problems told of one invoice


@dataclass(frozen=True, slots=True)
class Esquema:
    """A compiled schema; `catalogos`: for each attribute of an element, the values SAT lists, and the list's name."""

    xsd: etree.XMLSchema
    catalogos: dict[str, tuple[tuple[str, str, frozenset[str]], ...]]


class _Papers(etree.Resolver):
    """Answers every import from the schemas at hand, and nothing from disk or network."""

    def __init__(self, papers: dict[str, bytes]) -> None:
        self.papers = papers
        super().__init__()

    def resolve(self, system_url: str, public_id: str, context: object = None) -> object:
        """Return the schema at a place, or an empty one that fails the compilation by its name."""
        return self.resolve_string(self.papers[system_url.removeprefix("sif:/")], context, base_url=system_url)


def check_schema(root: etree._Element, version: str) -> list[Problem]:
    """Validate an invoice against SAT's schema and catalogues of its version; return its problems.

    Empty for a valid invoice, or for a version without schema. Complements that SIF does not use are not validated.
    """
    if version not in COMPROBANTE:
        return []
    esquema = load_schema(version)
    problems = []
    if not esquema.xsd.validate(root):
        problems = [_schema_problem(entry) for entry in list(esquema.xsd.error_log)[:MOST]]  # type: ignore[call-overload]
    for element in root.iter(etree.Element):
        for attribute, name, values in esquema.catalogos.get(element.tag, ()):
            value = element.get(attribute)
            if value is not None and value.strip() not in values and len(problems) < MOST:
                problems.append(_catalogue_problem(element, attribute, value, name))
    return problems


def _schema_problem(entry: Any) -> Problem:
    place = f"línea {entry.line}"
    return Problem(
        "esquema",
        place,
        f"El XML no cumple el esquema del SAT: {_plain(entry.message)}.",
        "Pida al proveedor el XML tal como lo timbró; si así lo timbró, que lo cancele y lo sustituya.",
    )


def _plain(message: str) -> str:
    """Remove the namespaces and the final period from a message of libxml2."""
    return re.sub(r"\{[^}]*\}", "", message).rstrip(". ")


def _catalogue_problem(element: etree._Element, attribute: str, value: str, name: str) -> Problem:
    tag = etree.QName(element).localname
    return Problem(
        "catalogo",
        f"{tag}/@{attribute}",
        f"«{value[:60]}» no está en el catálogo {name} del SAT.",
        "Pida al proveedor que cancele el CFDI y lo sustituya con una clave del catálogo.",
    )


@cache
def load_schema(version: str) -> Esquema:
    """Return the schema of a version with the complements that SIF reads, compiled once per process."""
    papers: dict[str, bytes] = {}
    lists: dict[str, frozenset[str]] = {}
    trees: list[etree._Element] = []
    roots = [COMPROBANTE[version], *(f"{BASE}/{name}.xsd" for name in COMPLEMENTS[version])]
    for place in roots:
        _gather(place, papers, lists, trees)
    imports = []
    for place in roots:
        target = next(tree for tree in trees if tree.base == f"sif:/{place}").get("targetNamespace")
        imports.append(f'<xs:import namespace="{target}" schemaLocation="sif:/{place}"/>')
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Papers(papers))
    whole = f'<xs:schema xmlns:xs="{XS[1:-1]}">{"".join(imports)}</xs:schema>'
    xsd = etree.XMLSchema(etree.fromstring(whole.encode(), parser, base_url="sif:/todo.xsd"))
    return Esquema(xsd, _places(trees, lists))


def _gather(
    place: str, papers: dict[str, bytes], lists: dict[str, frozenset[str]], trees: list[etree._Element]
) -> None:
    """Read a schema and those it imports; long enumerations move to `lists`, by {namespace}type."""
    if place in papers:
        return
    papers[place] = b""
    data = (satcfdi_folder() / "transform" / "schemas" / place).read_bytes()
    tree = etree.fromstring(data, etree.XMLParser(no_network=True, remove_comments=True), base_url=f"sif:/{place}")
    trees.append(tree)
    for simple in tree.iterfind(f"{XS}simpleType"):
        values = [each.get("value", "") for each in simple.iter(f"{XS}enumeration")]
        if len(values) > LONG:
            lists[f"{{{tree.get('targetNamespace')}}}{simple.get('name')}"] = frozenset(values)
            for each in list(simple.iter(f"{XS}enumeration")):
                each.getparent().remove(each)
    for wild in tree.iter(f"{XS}any"):
        wild.set("processContents", "lax")  # a complement whose schema is not here is not judged
    for each in tree.iter(f"{XS}import", f"{XS}include"):
        location = each.get("schemaLocation", "")
        found = _beside(place, location)
        each.set("schemaLocation", f"sif:/{found}")
        _gather(found, papers, lists, trees)
    papers[place] = etree.tostring(tree)


def _beside(place: str, location: str) -> str:
    """Return the place of a schema that another imports, by address or by relative path."""
    if "://" in location:
        return location.split("://", 1)[1]
    parts = place.split("/")[:-1]
    for part in location.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _places(
    trees: list[etree._Element], lists: dict[str, frozenset[str]]
) -> dict[str, tuple[tuple[str, str, frozenset[str]], ...]]:
    """Return the attributes of each element that take their value from a long list, with that list and its name."""
    found: dict[str, dict[str, tuple[str, frozenset[str]]]] = {}
    for tree in trees:
        namespace = tree.get("targetNamespace")
        for attribute in tree.iter(f"{XS}attribute"):
            kind = _full_name(attribute, attribute.get("type") or _restricted(attribute))
            owner = _owner(attribute)
            if kind in lists and owner:
                name = kind.rpartition("}")[2]
                found.setdefault(f"{{{namespace}}}{owner}", {})[str(attribute.get("name"))] = (name, lists[kind])
    return {tag: tuple((a, name, values) for a, (name, values) in each.items()) for tag, each in found.items()}


def _restricted(attribute: etree._Element) -> str:
    base = attribute.find(f"{XS}simpleType/{XS}restriction")
    return "" if base is None else base.get("base", "")


def _full_name(node: etree._Element, name: str) -> str:
    prefix, _colon, local = name.rpartition(":")
    return f"{{{node.nsmap.get(prefix or None, '')}}}{local}"


def _owner(attribute: etree._Element) -> str:
    above: Iterator[etree._Element] = attribute.iterancestors(f"{XS}element")
    element = next(above, None)
    return "" if element is None else str(element.get("name"))
