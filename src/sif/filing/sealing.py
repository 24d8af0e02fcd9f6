"""Seal the PDF of documents with the authority's key when they are given, and say whether a PDF is one of those.

The record names the document without its seal. The seal of each, a few kilobytes, is kept in `documentos/` once it is
whole, so that a document is always given with the same bytes; one that is lost is made again. What is drawn with the
hour at which it is asked is another document each time: its seal is neither kept nor dated by a service.
"""

import hashlib
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from sif.filing.authority import AuthorityMissing, authority_key, certificates_folder
from sif.filing.stamping import ask, certificates_of, judge_kept, service_address
from sif.registry.files import open_regular, write_whole
from sif.registry.opening import BRIEF, VISITOR, opened
from sif.sandbox.client import is_of_the_file
from sif.signing.pades import Certified, SealParts, SealRefused, judge_pdf, own_certificate, seal_pdf
from sif.signing.problems import SigningError
from sif.signing.timestamps import StampRefused
from sif.values import Refused

FOLDER = "sello"
"""Of `certificados/`: the certificate that an authority gave the key of acuses, and those above it."""
NAME = "Sistema Integral de Fiscalización (sello de documentos)"
REASON = "Documento del Sistema Integral de Fiscalización"
STAMPED = f"{REASON}. Con sello de tiempo"
UNSTAMPED = f"{REASON}. Sin sello de tiempo: el servicio no respondió"
SECONDS = 3.0
"""How long a document waits for the service of time stamps, whatever the service does."""
REST = 300
"""Seconds without asking a service that did not answer."""
TAKEN = "se selló con uno y ya no lo trae"
MOST_KEPT = 1024 * 1024
"""Bytes of a kept seal that are read: it measures some tens of kilobytes, and a damaged file may measure anything."""
_SILENT = "sin-sello-de-tiempo"
_log = logging.getLogger("sif.filing")


class BadCertificate(RuntimeError):
    """The certificates of `certificados/sello/` are not those of the key that seals, or cannot be read."""


@dataclass(frozen=True, slots=True)
class KnownPdf:
    """A PDF that this installation sealed: its document's digest and size, and the hour that a service gave it.

    `sin_hora`: why that hour is not believed, where the seal carries one or was made with one.
    """

    sha256: str
    bytes: int
    sellado_por: str
    hora: datetime | None = None
    sin_hora: str = ""


def sealed(pdf: bytes, *, anew: bool = False) -> bytes:
    """Return a document with its seal, PAdES B-T where a service of time stamps is configured and answers, else B-B.

    anew: whether it is drawn with other bytes each time that it is asked for; then its seal is not kept, and is B-B:
    whoever asks again and again fills no disk and spends no time stamps. A document is never lost for its seal: without
    a key or a certificate that serve it is given as it is, and the log says why.
    """
    try:
        key = authority_key()
        certified = certificate_of(key)
        if anew:
            return seal_pdf(pdf, key, certified, REASON, None)
        return pdf + _kept_or_made(pdf, key, certified)
    except (AuthorityMissing, BadCertificate, SigningError, SealRefused, OSError) as refused:
        _log.error("Un documento se dio sin sello: %s", refused)
        return pdf


def certificate_of(key: RSAPrivateKey) -> Certified:
    """Return the certificate of the key and those above: the institution's, else one that the key gives itself.

    Raises BadCertificate where `certificados/sello/` holds none of this key, or a file that is no certificate.
    """
    try:
        found = certificates_of(certificates_folder() / FOLDER)
    except StampRefused as refused:
        raise BadCertificate(str(refused)) from refused
    if not found:
        return own_certificate(key, NAME)
    own = [each for each in found if each.public_key() == key.public_key()]
    if not own:
        raise BadCertificate(
            f"Ningún certificado de certificados/{FOLDER}/ es de la llave de acuses. Deje ahí el que su autoridad "
            "emitió para esa llave, o ninguno."
        )
    first = max(own, key=lambda each: each.not_valid_after_utc)
    chain = [each.public_bytes(Encoding.DER) for each in found if each.public_key() != key.public_key()]
    return Certified(first.public_bytes(Encoding.DER), tuple(chain))


def certificate_ends(key: RSAPrivateKey) -> datetime:
    """Return the last hour of the certificate that seals documents. Raises BadCertificate."""
    return x509.load_der_x509_certificate(certificate_of(key).own).not_valid_after_utc


def _kept_or_made(pdf: bytes, key: RSAPrivateKey, certified: Certified) -> bytes:
    stamped = bool(service_address())
    who = hashlib.sha256(certified.own).hexdigest()[:16]
    path = _folder() / f"{hashlib.sha256(pdf).hexdigest()}-{who}{'-t' if stamped else ''}.sello"
    if (kept := _kept(path)) is not None:
        return kept
    made = _made(pdf, key, certified, stamped)
    if made is None:  # the service may answer who asks later
        return seal_pdf(pdf, key, certified, UNSTAMPED, None)[len(pdf) :]
    write_whole(path, hashlib.sha256(made).digest() + made, once=not path.exists())
    return _kept(path) or made  # that of whoever came first


def _kept(path: Path) -> bytes | None:
    """Return a kept seal that is whole, or None."""
    try:
        with open_regular(path) as file:
            data = file.read(MOST_KEPT + 1)  # a damaged one that is longer is made again
    except FileNotFoundError:
        return None
    return data[32:] if hashlib.sha256(data[32:]).digest() == data[:32] else None


def _made(pdf: bytes, key: RSAPrivateKey, certified: Certified, stamped: bool) -> bytes | None:
    """Return a new seal; None where it was to have a time stamp and the service gave none."""
    if not stamped:
        return seal_pdf(pdf, key, certified, REASON, None)[len(pdf) :]
    silent = _folder() / _SILENT
    if silent.exists() and 0 <= time.time() - silent.stat().st_mtime < REST:
        return None
    try:
        return seal_pdf(pdf, key, certified, STAMPED, _stamp)[len(pdf) :]
    except StampRefused as refused:
        _log.warning("Un documento se dio sin sello de tiempo: %s", refused)
        write_whole(silent, str(refused).encode())
        return None


def _stamp(question: bytes, digest: bytes, nonce: int) -> bytes:
    """Ask for a time stamp and wait for SECONDS at most, also where names resolve slowly or answers drip."""
    asking = ThreadPoolExecutor(1)
    try:
        return asking.submit(ask, question, digest, nonce, SECONDS).result(SECONDS)
    except Late as late:
        raise StampRefused(f"{service_address()} no respondió en {SECONDS:g} segundos") from late
    finally:
        asking.shutdown(wait=False)


def _folder() -> Path:
    folder: Path = settings.DATOS / "documentos"
    return folder


def judge(data: bytes) -> KnownPdf:
    """Say of which document a PDF is, sealed by this installation and not changed since.

    Raises SealRefused, and Unopened while there is no place to read its seal.
    """
    read = judge_pdf(data, [authority_key().public_key()], _read_confined)
    said = (read.contenido_sha256, read.contenido_bytes, read.nombre)
    if not read.estampa:
        return KnownPdf(*said, sin_hora=TAKEN if read.fechado else "")
    try:
        return KnownPdf(*said, judge_kept(read.sello, read.estampa))
    except StampRefused as refused:
        return KnownPdf(*said, sin_hora=str(refused))


def _read_confined(figures: bytes) -> SealParts:
    """Read a seal in a process that can harm nothing: a stranger wrote it. Raises SealRefused, Unopened."""
    try:
        parts: SealParts = opened("sello_pdf", figures, limits=BRIEF, who=VISITOR).value(SealParts)
    except Refused as wrong:
        if not is_of_the_file(wrong):
            raise
        raise SealRefused("cambio", wrong.problems[0].mensaje) from wrong
    return parts
