"""Open a certificate in a confined process and say whether it can be parsed."""

from collections.abc import Mapping
from typing import IO

from sif.sandbox.opening import Writer
from sif.signing.certificates import read_certificate


def open_certificate(file: IO[bytes], _args: Mapping[str, object], out: Writer) -> None:
    """Write true for a certificate that is read whole. Raises Refused."""
    read_certificate(file.read())
    out.line(True)


OPENERS = {"certificado": open_certificate}
