"""Write the files of a month, validate them against SAT's schema, and pack them in ZIP."""

import tempfile
import zipfile
from collections.abc import Callable
from typing import IO

from sif.books.models import Movimiento, Poliza
from sif.statements.sat.polizas import write_polizas
from sif.statements.sat.schema import schema_problems
from sif.statements.sat.sending import KINDS, Sending
from sif.statements.sat.writing import write_auxiliar, write_balanza, write_catalogo
from sif.values import Problem, Refused

_WRITERS: dict[str, Callable[[IO[bytes], Sending], None]] = {
    "catalogo": write_catalogo,
    "balanza": write_balanza,
    "polizas": write_polizas,
    "auxiliar": write_auxiliar,
}
_MEMORY = 16_000_000  # bytes of a file kept in memory before it goes to a temporary file
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same books give the same bytes


def write_zip(stream: IO[bytes], sent: Sending, kind: str) -> str:
    """Write the ZIP of one file of a month; returns its name. Raises Refused, and then nothing was written."""
    _has_something(sent, kind)
    with tempfile.SpooledTemporaryFile(_MEMORY) as xml:
        _WRITERS[kind](xml, sent)
        xml.seek(0)
        if problems := schema_problems(kind, xml):
            raise Refused(*problems)
        xml.seek(0)
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as box:
            entry = zipfile.ZipInfo(f"{sent.name(kind)}.xml", _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with box.open(entry, "w", force_zip64=True) as inside:
                while block := xml.read(1_000_000):
                    inside.write(block)
    return zip_name(sent, kind)


def zip_name(sent: Sending, kind: str) -> str:
    """Return the name of the ZIP of a file, as SAT wants. Raises Refused for another kind of file."""
    _must_be_a_file(kind)
    return f"{sent.name(kind)}.zip"


def lines_of(sent: Sending, kind: str) -> int:
    """Return the number of lines of the books in a file; 0 for catálogo and balanza, which are as long as the chart."""
    if kind not in ("polizas", "auxiliar"):
        return 0
    return Movimiento.objects.filter(sent.asked.of_lines() & sent.asked.within()).count()


def _must_be_a_file(kind: str) -> None:
    if kind not in KINDS:
        raise Refused(
            Problem("sat_archivo", "archivo", f"«{kind}» no es un archivo del SAT.", f"Use {', '.join(KINDS)}.")
        )


def _has_something(sent: Sending, kind: str) -> None:
    """SAT's schemas want at least one row in each file."""
    _must_be_a_file(kind)
    if kind == "catalogo":
        return
    month = f"{sent.anio}-{sent.mes:02d}"
    days = sent.asked.until("") if kind == "balanza" else sent.asked.within("")
    if not Poliza.objects.filter(sent.asked.of_polizas() & days).exists():
        said = f"No hay pólizas en {month}: el archivo iría vacío."
        cure = "Elija un mes con operaciones; el SAT no admite el archivo sin renglones."
        raise Refused(Problem("sat_sin_movimientos", "mes", said, cure))
