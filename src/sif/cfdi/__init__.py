"""Read hostile invoices (CFDI), verify their seals and INE complement, and write sealed ones."""

from sif.cfdi.containers import is_archive, read_archive, read_files, read_path
from sif.cfdi.document import (
    Cfdi,
    ComplementoIne,
    Concepto,
    EntidadIne,
    Lectura,
    Relacionado,
    SealState,
    Timbre,
)
from sif.cfdi.reading import read
from sif.cfdi.trust import Trust, trust

__all__ = [
    "Cfdi",
    "ComplementoIne",
    "Concepto",
    "EntidadIne",
    "Lectura",
    "Relacionado",
    "SealState",
    "Timbre",
    "Trust",
    "is_archive",
    "read",
    "read_archive",
    "read_files",
    "read_path",
    "trust",
]
