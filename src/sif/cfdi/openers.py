"""Open invoices in a confined process: parse and verify each XML of some files or of a ZIP."""

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import IO, Any

from sif.cfdi.cadena import SHEETS, plan, sheet
from sif.cfdi.containers import read_files
from sif.cfdi.fields import LEGAL_ZONE
from sif.cfdi.parsing import ENCODINGS
from sif.cfdi.schema import COMPROBANTE, load_schema
from sif.cfdi.trust import trust
from sif.sandbox.opening import Writer
from sif.sandbox.shapes import plain
from sif.signing.authorities import Authority, read_authority, sat_authorities


def open_invoices(file: IO[bytes], args: Mapping[str, object], out: Writer) -> None:
    """Write the Lectura of each XML, in order.

    The file holds the certificates of more authorities to believe (args: `autoridades`, the size of each) and then the
    files to read (`archivos`: name and size of each). `completas`: whether each Lectura carries the bytes of its XML,
    for those of a ZIP, which only this process has seen.
    """
    believed = trust((*sat_authorities(), *_authorities(file, args["autoridades"])))
    for reading in read_files(_files(file, args["archivos"]), believed):
        out.line(plain(reading if args["completas"] else replace(reading, datos=b"")))


def _authorities(file: IO[bytes], sizes: Any) -> list[Authority]:
    return [read_authority(file.read(int(size))) for size in sizes]


def _files(file: IO[bytes], told: Any) -> Iterator[tuple[str, bytes]]:
    for name, size in told:
        yield str(name), file.read(int(size))


def _prepare() -> None:
    """Load what is read from disk on first use: authorities, stylesheets, schemas, the legal zone, encodings."""
    sat_authorities()
    for version in SHEETS:
        plan(version)
        sheet(version)
    for version in COMPROBANTE:
        load_schema(version)
    for encoding in ENCODINGS.values():
        codecs.lookup(encoding)
    datetime.now(LEGAL_ZONE).isoformat()
    list(read_files([("a.xml", b'<?xml version="1.0"?><a/>')]))


OPENERS = {"cfdi": open_invoices}
PREPARE = _prepare
