"""Judge offline a PDF that an authority sealed, by the certificate or the roots that it publishes."""

from collections.abc import Sequence
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from sif.signing.acuse_form import Unreadable
from sif.signing.heads import read_spki, verify_heads
from sif.signing.pades import Reader, SealedPdf, SealRefused, judge_pdf
from sif.signing.timestamps import StampRefused, judge_stamp
from sif.signing.verdict import ALTERADO, VALIDO, Verdict

MARK = b"%PDF-"
_PEM = b"-----BEGIN CERTIFICATE-----"


def certificates_in(data: bytes) -> list[x509.Certificate]:
    """Return the certificates of a file, in DER or in PEM. Raises Unreadable."""
    try:
        return x509.load_pem_x509_certificates(data) if _PEM in data else [x509.load_der_x509_certificate(data)]
    except ValueError as error:
        raise Unreadable("no es un certificado X.509 en DER o PEM") from error


def key_in(data: bytes) -> RSAPublicKey:
    """Return the RSA key of the certificate of a file, the first of several. Raises Unreadable where it has none."""
    key = certificates_in(data)[0].public_key()
    if not isinstance(key, RSAPublicKey):
        raise Unreadable("su certificado no lleva una clave RSA, que es con la que se sella")
    return key


def key_of_roots(raices: Any) -> RSAPublicKey:
    """Return the key of the authority that publishes raices.json. Raises Unreadable where its seal does not hold."""
    faults = verify_heads(raices)
    key = None if faults else read_spki(raices["autoridad"])
    if key is None:
        raise Unreadable("; ".join(faults) or "su clave no se puede leer")
    return key


def verify_sealed_pdf(
    data: bytes, keys: Sequence[RSAPublicKey], reader: Reader, clocks: Sequence[x509.Certificate] = ()
) -> tuple[Verdict, SealedPdf | None]:
    """Judge a sealed PDF by the keys of the authority; returns what it seals too, where it holds.

    reader: reads the parts of the seal, which a stranger may have written (SealRefused).
    clocks: the certificates of the authority of the service of time stamps, with which its hour is judged.
    """
    try:
        found = judge_pdf(data, keys, reader)
    except SealRefused as refused:
        return Verdict(ALTERADO, [f"sello: {refused}"]), None
    if not found.estampa:
        gone = ["hora: se selló con un sello de tiempo y ya no lo trae"] if found.fechado else []
        return Verdict(VALIDO, [], gone), found
    if not clocks:
        lacking = "hora: falta el certificado de la autoridad del servicio de sellos de tiempo (--tiempo)"
        return Verdict(VALIDO, [], [lacking]), found
    try:
        judge_stamp(found.sello, found.estampa, clocks)
    except StampRefused as refused:
        return Verdict(ALTERADO, [f"hora: {refused}"]), found
    return Verdict(VALIDO, []), found
