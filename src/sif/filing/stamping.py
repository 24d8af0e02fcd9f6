"""Request an RFC 3161 time stamp of a file, and verify a stored one."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request

from cryptography import x509
from django.conf import settings

from sif.filing.authority import certificates_folder
from sif.registry import outside
from sif.signing.timestamps import QUERY, REPLY, StampRefused, judge_digest, judge_stamp, query_for, stamped_at

FOLDER = "sello-tiempo"
SECONDS = 10
LONGEST = 64 * 1024  # bytes of an answer
_PEM = b"-----BEGIN CERTIFICATE-----"


def service_address() -> str:
    """Address of the service of time stamps; empty where the installation has none."""
    return str(settings.SELLO_TIEMPO)


def authorities() -> list[x509.Certificate]:
    """Authorities of the service: the .cer and .pem files of `certificados/sello-tiempo/`. Raises StampRefused."""
    return certificates_of(certificates_folder() / FOLDER)


def certificates_of(folder: Path) -> list[x509.Certificate]:
    """Return the certificates of the .cer and .pem files of a folder, in DER or PEM. Raises StampRefused."""
    found: list[x509.Certificate] = []
    for path in sorted(folder.glob("*.[cp]e[rm]")):
        found += _certificates(path)
    return found


def _certificates(path: Path) -> Iterable[x509.Certificate]:
    data = path.read_bytes()
    try:
        return x509.load_pem_x509_certificates(data) if _PEM in data else [x509.load_der_x509_certificate(data)]
    except ValueError as error:
        raise StampRefused(f"{path} no es un certificado X.509 en DER o PEM") from error


def ask_stamp(data: bytes) -> bytes:
    """Ask the service for the time stamp of some bytes and return its answer, judged. Raises StampRefused."""
    query = query_for(data)
    return ask(query.der, hashlib.sha256(data).digest(), query.nonce)


def ask(question: bytes, digest: bytes, nonce: int, seconds: float = SECONDS) -> bytes:
    """Return the answer of the service to a question about a digest, judged. Raises StampRefused."""
    address, roots = service_address(), authorities()
    if not address.startswith(("http://", "https://")):
        raise StampRefused(f"SIF_SELLO_TIEMPO dice «{address}», que no es una dirección http o https")
    if not roots:
        raise StampRefused(
            f"faltan los certificados de la autoridad del servicio: déjelos (.cer o .pem) en certificados/{FOLDER}/"
        )
    asked = Request(address, question, {"Content-Type": QUERY, "Accept": REPLY})  # noqa: S310  http and https alone
    try:
        with outside.send(asked, seconds) as reply:
            answer = bytes(reply.read(LONGEST))
    except (OSError, HTTPException) as error:
        raise StampRefused(f"{address} no respondió: {error}") from error
    judge_digest(digest, answer, roots, nonce)
    return answer


def judge_kept(data: bytes, answer: bytes) -> datetime:
    """Return the hour of a stamp that was kept, under the authorities of the folder where there are any.

    Raises StampRefused.
    """
    roots = authorities()
    return judge_stamp(data, answer, roots) if roots else stamped_at(data, answer)
