"""Open SAT's contabilidad electrónica in a confined process and return its kind and rows."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sif.batch.refused import LoteRefused
from sif.batch.sat import CuentaSat, DocumentoSat, PolizaSat, SaldoSat
from sif.registry.opening import ORDINARY, opened
from sif.sandbox.client import Opened
from sif.sandbox.opening import Wrong
from sif.sandbox.shapes import plain


def read_document(path: Path) -> DocumentoSat:
    """What the file is. Raises LoteRefused: not one of SAT's, a DOCTYPE, another version."""
    try:
        found: DocumentoSat = _opened("sat_documento", path, {}).value(DocumentoSat)
    except Wrong as wrong:
        raise LoteRefused(wrong.problems) from wrong
    return found


def read_accounts(path: Path, document: DocumentoSat) -> Iterator[CuentaSat]:
    """The accounts of a catalogue. Raises LoteRefused with the line."""
    return _rows(path, document, CuentaSat)


def read_balances(path: Path, document: DocumentoSat) -> Iterator[SaldoSat]:
    """The rows of a trial balance. Raises LoteRefused with the line."""
    return _rows(path, document, SaldoSat)


def read_polizas(path: Path, document: DocumentoSat) -> Iterator[PolizaSat]:
    """The pólizas of a file, one by one. Raises LoteRefused with the line."""
    return _rows(path, document, PolizaSat)


def _rows(path: Path, document: DocumentoSat, kind: Any) -> Iterator[Any]:
    try:
        yield from _opened("sat_filas", path, {"documento": plain(document)}).values(kind)
    except Wrong as wrong:
        raise LoteRefused(wrong.problems) from wrong


def _opened(op: str, path: Path, args: Mapping[str, Any]) -> Opened:
    return opened(op, path, args, ORDINARY.grown(path.stat().st_size))
