"""Validate uploaded certificates in a confined process before parsing them here."""

from functools import lru_cache

from sif.registry.opening import BRIEF, opened
from sif.signing.certificates import Certificate, read_certificate
from sif.signing.problems import SigningError
from sif.values import Refused


@lru_cache(maxsize=500)
def given_certificate(der: bytes) -> Certificate:
    """Read a certificate (DER) that a person gave. Raises SigningError certificado_ilegible.

    Its key cannot cross as a value, so the same bytes are read again here, once a process that can harm nothing has
    read them to their end. The bytes that gave a cadena come back with its seal: in the same process they are not read
    again.
    """
    try:
        opened("certificado", der, limits=BRIEF).value(bool)
    except Refused as wrong:
        raise SigningError(wrong.problems[0]) from wrong
    return read_certificate(der)
