"""Say what a sealed PDF is, and give the certificate of who seals: what the public asks of the seals of documents."""

from dataclasses import dataclass

from sif.disclosure.codes import CodedDocument, act_of_pdf
from sif.filing.authority import AuthorityMissing, authority_key
from sif.filing.sealing import BadCertificate, KnownPdf, certificate_of, judge
from sif.sandbox.client import Unopened
from sif.signing.pades import SealRefused
from sif.signing.problems import SigningError

__all__ = ["Busy", "NoSeal", "SealRefused", "SealedDocument", "document_of_pdf", "seal_certificate"]


class Busy(RuntimeError):
    """A seal was not read: too many files are being opened, or what opens them stopped. Asked again, it may be."""


class NoSeal(RuntimeError):
    """This installation has no key that opens now, or no certificate of it: it cannot say what it sealed."""


@dataclass(frozen=True, slots=True)
class SealedDocument:
    """A PDF that this installation sealed, and the act of the authority that it is, where it is one."""

    pdf: KnownPdf
    acto: CodedDocument | None


def document_of_pdf(data: bytes) -> SealedDocument:
    """Return what a sealed PDF is, by whoever holds it. Raises NoSeal, Busy, SealRefused for any other file."""
    try:
        known = judge(data)
    except (AuthorityMissing, SigningError) as lacking:
        raise NoSeal from lacking
    except Unopened as late:
        raise Busy from late
    return SealedDocument(known, act_of_pdf(known.sha256))


def seal_certificate() -> bytes:
    """Return the certificate whose key seals documents, in DER. Raises NoSeal."""
    try:
        return certificate_of(authority_key()).own
    except (AuthorityMissing, BadCertificate, SigningError) as lacking:
        raise NoSeal from lacking
