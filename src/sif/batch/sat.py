"""Parse SAT's contabilidad electrónica (catálogo, balanza, pólizas; 1.1 and 1.3) in a confined process."""

import importlib.util
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Any

from lxml import etree

from sif.sandbox.opening import Writer
from sif.sandbox.shapes import plain, rebuilt
from sif.values import InvalidMoney, Money, Refused, refusal

MAX_BYTES = 200 * 1024 * 1024  # pólizas are read as a stream
MAX_EXPLAINED = 20 * 1024 * 1024  # of a file that is read whole, once it is known to be wrong
_FOLDERS = {"Catalogo": "CatalogoCuentas", "Balanza": "BalanzaComprobacion", "Polizas": "PolizasPeriodo"}
VERSIONS = ("1.1", "1.3")
CLASES = {"Catalogo": "catalogo", "Balanza": "balanza", "Polizas": "polizas"}


@dataclass(frozen=True, slots=True)
class DocumentoSat:
    """The header of a file of SAT: catalogo, balanza or polizas; its version, its RFC, and its year and month."""

    clase: str
    version: str
    rfc: str
    anio: int
    mes: int


@dataclass(frozen=True, slots=True)
class CuentaSat:
    """An account of the catalogue of a file; naturaleza D or A, nivel from 1."""

    numero: str
    nombre: str
    agrupador: str
    naturaleza: str
    nivel: int


@dataclass(frozen=True, slots=True)
class SaldoSat:
    """A row of the trial balance of a file."""

    numero: str
    inicial: Money
    debe: Money
    haber: Money
    final: Money


@dataclass(frozen=True, slots=True)
class TransaccionSat:
    """A line of a póliza: the account as its program calls it, the third party, the bank account and the invoices."""

    cuenta: str
    nombre: str
    concepto: str
    debe: Money
    haber: Money
    rfc: str = ""
    clabe: str = ""
    uuids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolizaSat:
    """A póliza of a file, and the line of the file where it begins."""

    numero: str
    fecha: str
    concepto: str
    linea: int
    transacciones: tuple[TransaccionSat, ...] = field(default_factory=tuple)


def read_document(file: IO[bytes]) -> DocumentoSat:
    """Identify a file of SAT by its root element.

    Raises Refused: not one of SAT's, too large, a DOCTYPE, another version.
    """
    head = file.read(4096)
    if file.seek(0, os.SEEK_END) > MAX_BYTES:
        raise refusal("grande", "archivo", f"Pesa más de {MAX_BYTES // 1024**2} MB.", "Divídalo por días.")
    if b"<!DOCTYPE" in head or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _doctype()
    with _reading(file):
        for _event, root in _walk(file, ("start",)):
            if root.getroottree().docinfo.internalDTD is not None:
                raise _doctype()
            return _document(root)
    raise refusal("no_es_sat", "archivo", "El XML está vacío.", "Cargue el XML de su contabilidad electrónica.")


def _document(root: Any) -> DocumentoSat:
    name = etree.QName(root).localname
    version = root.get("Version", "")
    if name not in CLASES or "ContabilidadE" not in (etree.QName(root).namespace or ""):
        raise refusal(
            "no_es_sat",
            "raíz",
            f"El XML es un «{name[:40]}», no un catálogo, balanza o pólizas del SAT.",
            "Los CFDI van en su bandeja; aquí, el XML de contabilidad electrónica.",
        )
    if version not in VERSIONS:
        raise refusal(
            "version", "raíz, Version", f"La versión es «{version[:10]}» y se leen 1.1 y 1.3.", "Expórtelo en 1.3."
        )
    year, month = root.get("Anio", ""), root.get("Mes", "")
    if not (year.isdigit() and len(year) == 4 and month.isdigit() and 1 <= int(month) <= 13):
        raise refusal(
            "mes", "raíz, Mes y Anio", f"Dice {month[:9]}/{year[:9]}, que no es un mes.", "Expórtelo otra vez."
        )
    return DocumentoSat(CLASES[name], version, root.get("RFC", "").upper(), int(year), int(month))


def _doctype() -> Refused:
    return refusal("tipo", "prólogo", "El XML declara un DOCTYPE o no está en UTF-8.", "Expórtelo otra vez en UTF-8.")


@contextmanager
def _reading(file: IO[bytes], schema: object = None) -> Iterator[None]:
    try:
        yield
    except etree.XMLSyntaxError as wrong:
        line = wrong.lineno or _line_of(file, schema)
        raise refusal(
            "xml",
            f"línea {line}",
            f"No cumple el esquema del SAT o está incompleto: {str(wrong.msg)[:200]}",
            "Expórtelo otra vez desde su sistema.",
        ) from wrong


def _line_of(file: IO[bytes], schema: Any) -> int:
    """Return the line of the first thing that the schema does not admit: a stream does not know it, a tree does."""
    if schema is None or file.seek(0, os.SEEK_END) > MAX_EXPLAINED:
        return 0
    file.seek(0)
    tree = etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    schema.validate(tree)
    return next((entry.line for entry in schema.error_log), 0)


def _walk(file: IO[bytes], events: tuple[str, ...], schema: object = None) -> Iterator[tuple[str, Any]]:
    file.seek(0)
    return iter(
        etree.iterparse(
            file,
            events=events,
            schema=schema,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            attribute_defaults=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            recover=False,
        )
    )


@cache
def _schema(clase: str, version: str) -> object:
    """SAT's own schema of a document, or None where there is no copy of that version."""
    spec = importlib.util.find_spec("satcfdi")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = next(name for root, name in _FOLDERS.items() if CLASES[root] == clase)
    base = Path(spec.submodule_search_locations[0], "transform/schemas/www.sat.gob.mx/esquemas/ContabilidadE")
    underscored = version.replace(".", "_")
    path = base / underscored / folder / f"{folder}_{underscored}.xsd"
    return etree.XMLSchema(etree.parse(str(path), etree.XMLParser(no_network=True))) if path.exists() else None


def _elements(file: IO[bytes], document: DocumentoSat, name: str) -> Iterator[Any]:
    """Each element of a name once it is whole, checked by the schema and then forgotten."""
    schema, whole = _schema(document.clase, document.version), False
    with _reading(file, schema):
        for _event, element in _walk(file, ("end",), schema):
            whole = element.getparent() is None
            if etree.QName(element).localname == name:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    if not whole:  # with a schema, the reader may stop at a cut file without a word
        raise refusal("xml", "archivo", "El XML está incompleto: llegó a medias.", "Cárguelo otra vez.")


def read_accounts(file: IO[bytes], document: DocumentoSat) -> Iterator[CuentaSat]:
    """Yield the accounts of a catalogue. Raises Refused with the line."""
    for row in _elements(file, document, "Ctas"):
        yield CuentaSat(
            row.get("NumCta", ""),
            row.get("Desc", ""),
            row.get("CodAgrup", ""),
            row.get("Natur", ""),
            int(row.get("Nivel") or 1),
        )


def read_balances(file: IO[bytes], document: DocumentoSat) -> Iterator[SaldoSat]:
    """Yield the rows of a trial balance. Raises Refused with the line."""
    for row in _elements(file, document, "Ctas"):
        figures = (_money(row, name) for name in ("SaldoIni", "Debe", "Haber", "SaldoFin"))
        yield SaldoSat(row.get("NumCta", ""), *figures)


def read_polizas(file: IO[bytes], document: DocumentoSat) -> Iterator[PolizaSat]:
    """Yield the pólizas of a file, one by one. Raises Refused with the line, also while it is walked."""
    for element in _elements(file, document, "Poliza"):
        lines = tuple(_line(each) for each in element if etree.QName(each).localname == "Transaccion")
        yield PolizaSat(
            element.get("NumUnIdenPol", ""),
            element.get("Fecha", ""),
            element.get("Concepto", ""),
            element.sourceline or 0,
            lines,
        )


def _money(row: Any, name: str) -> Money:
    try:
        return Money.parse(row.get(name) or "0")
    except InvalidMoney as wrong:
        raise refusal(
            "importe", f"línea {row.sourceline}, {name}", wrong.seen, "Expórtelo con dos decimales."
        ) from wrong


def _line(row: Any) -> TransaccionSat:
    debit, credit = _money(row, "Debe"), _money(row, "Haber")
    parts = {name: [each for each in row if etree.QName(each).localname == name] for name in _PARTS}
    rfc = next((each.get("RFC") for name in _PARTS for each in parts[name] if each.get("RFC")), "")
    side = "CtaDest" if debit else "CtaOri"
    accounts = [each.get(side) or "" for name in ("Transferencia", "Cheque") for each in parts[name]]
    clabe = next((text for text in accounts if text.isdigit() and len(text) == 18), "")
    uuids = tuple(dict.fromkeys(each.get("UUID_CFDI", "").upper() for each in parts["CompNal"]))
    return TransaccionSat(
        row.get("NumCta", ""), row.get("DesCta", ""), row.get("Concepto", ""), debit, credit, rfc, clabe, uuids
    )


_PARTS = ("CompNal", "CompNalOtr", "Transferencia", "Cheque", "OtrMetodoPago")
_ROWS: dict[str, Callable[[IO[bytes], DocumentoSat], Iterator[object]]] = {
    "catalogo": read_accounts,
    "balanza": read_balances,
    "polizas": read_polizas,
}


def open_document(file: IO[bytes], _args: Mapping[str, object], out: Writer) -> None:
    """Write what the file is."""
    out.line(plain(read_document(file)))


def open_rows(file: IO[bytes], args: Mapping[str, object], out: Writer) -> None:
    """Write each account, row of a trial balance or póliza of a file; args: `documento`, what it is."""
    document: DocumentoSat = rebuilt(DocumentoSat, args["documento"])
    for row in _ROWS[document.clase](file, document):
        out.line(plain(row))


def _prepare() -> None:
    """Compile the schemas, which are read from disk."""
    for clase in CLASES.values():
        for version in VERSIONS:
            _schema(clase, version)


OPENERS = {"sat_documento": open_document, "sat_filas": open_rows}
PREPARE = _prepare
