"""Open in a confined process a certificate, or the seal of a PDF, that anybody may have written."""

from collections.abc import Mapping
from typing import IO

from sif.sandbox.opening import Writer
from sif.sandbox.shapes import plain
from sif.signing.certificates import read_certificate
from sif.signing.pades import SealRefused, read_seal
from sif.values import Problem, Refused


def open_certificate(file: IO[bytes], _args: Mapping[str, object], out: Writer) -> None:
    """Write true for a certificate that is read whole. Raises Refused."""
    read_certificate(file.read())
    out.line(True)


def open_seal(file: IO[bytes], _args: Mapping[str, object], out: Writer) -> None:
    """Write the parts of the seal of a PDF, of its figures. Raises Refused."""
    try:
        out.line(plain(read_seal(file.read())))
    except SealRefused as refused:
        raise Refused(Problem(refused.codigo, "archivo", str(refused), "")) from refused


OPENERS = {"certificado": open_certificate, "sello_pdf": open_seal}
