"""Open SAT's contabilidad electrónica in a confined process and return its kind and rows."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sif.batch.sat import CuentaSat, DocumentoSat, PolizaSat, SaldoSat
from sif.registry.opening import ORDINARY, opened
from sif.sandbox.client import Opened
from sif.sandbox.shapes import plain


def read_document(path: Path) -> DocumentoSat:
    """Identify a file of SAT.

    Raises Refused: not one of SAT's, a DOCTYPE, another version.
    """
    found: DocumentoSat = _opened("sat_documento", path, {}).value(DocumentoSat)
    return found


def read_accounts(path: Path, document: DocumentoSat) -> Iterator[CuentaSat]:
    """Yield the accounts of a catalogue. Raises Refused with the line."""
    return _rows(path, document, CuentaSat)


def read_balances(path: Path, document: DocumentoSat) -> Iterator[SaldoSat]:
    """Yield the rows of a trial balance. Raises Refused with the line."""
    return _rows(path, document, SaldoSat)


def read_polizas(path: Path, document: DocumentoSat) -> Iterator[PolizaSat]:
    """Yield the pólizas of a file, one by one. Raises Refused with the line."""
    return _rows(path, document, PolizaSat)


def _rows(path: Path, document: DocumentoSat, kind: object) -> Iterator[Any]:
    yield from _opened("sat_filas", path, {"documento": plain(document)}).values(kind)


def _opened(op: str, path: Path, args: Mapping[str, object]) -> Opened:
    return opened(op, path, args, ORDINARY.grown(path.stat().st_size))
