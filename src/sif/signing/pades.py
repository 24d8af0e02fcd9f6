"""Seal a PDF as PAdES with the authority's key, and judge a sealed one.

The seal is one increment after the bytes that were there: whoever cuts it off has the document that the record names,
whose size and SHA-256 the seal says in its ContactInfo.
"""

import asyncio
import hashlib
import re
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from sif.signing.chain import sha256_hex

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer
    from pyhanko.sign.timestamps import TimeStamper

FIELD = "SelloDeLaAutoridad"
STAMP_ROOM = 24 * 1024  # hexadecimal figures kept for a time stamp with the certificates of who gives it
SPAN = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
_CONTENT = "sifpdf1 {} {}{}"  # letters that a PDF writes as they are
_DATED = " con hora"  # what a seal made with a time stamp says: whoever takes the stamp away is told
_SAID = re.compile(rb"/ContactInfo \(sifpdf1 (\d{1,12}) ([0-9a-f]{64})( con hora)?\)")
_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_FIGURES = re.compile(rb"(?:[0-9A-F]{2})+")
LONGEST = 64 * 1024
"""Hexadecimal figures of a seal: a time stamp, a signature and 16 KB of certificates. A longer one is not read."""
type Stamper = Callable[[bytes, bytes, int], bytes]
"""Gets a question of RFC 3161, the SHA-256 that it asks about and its number; returns the answer, already judged."""


class SealRefused(ValueError):
    """A file is not a PDF that this authority sealed, as it was sealed; the text says why.

    `codigo`: no_se_sella, sin_sello, cambio or otra_llave.
    """

    def __init__(self, codigo: str, text: str) -> None:
        super().__init__(text)
        self.codigo = codigo


@dataclass(frozen=True, slots=True)
class Certified:
    """The certificate of the key that seals PDFs and those of who issued it, in DER; one where it signs itself."""

    own: bytes
    issuers: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class SealedPdf:
    """A PDF as it was sealed: the document without its seal, who says to seal, and the answer that dates it.

    `estampa`: an answer of RFC 3161 over `sello`, not judged; empty where the seal has no time stamp.
    `fechado`: whether it was sealed with one.
    """

    contenido_bytes: int
    contenido_sha256: str
    nombre: str
    sello: bytes
    estampa: bytes
    fechado: bool


@dataclass(frozen=True, slots=True)
class SealParts:
    """A seal in its parts: the digest of what it covers, what was signed and with what, by whom, and who dates it.

    `certificate`: that of who signed, in DER, whose digest is within what was signed.
    """

    digest: bytes
    attributes: bytes
    signature: bytes
    certificate: bytes
    stamp: bytes


type Reader = Callable[[bytes], SealParts]
"""Gets the figures of a seal, which anybody may have written, and returns its parts. Raises SealRefused."""


def own_certificate(key: RSAPrivateKey, name: str) -> Certified:
    """Return the certificate that a key gives itself: the same bytes in every process, so nobody has to keep it."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    public = key.public_key()
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    builder = (
        x509.CertificateBuilder(subject, subject, public, not_valid_before=SPAN[0], not_valid_after=SPAN[1])
        .serial_number(int.from_bytes(hashlib.sha256(spki + name.encode()).digest()[:16]) | 1)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_uses(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    return Certified(builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER))


def _uses() -> x509.KeyUsage:
    others = dict.fromkeys(("key_encipherment", "data_encipherment", "key_agreement", "encipher_only"), False)
    authority = dict.fromkeys(("key_cert_sign", "crl_sign", "decipher_only"), False)
    return x509.KeyUsage(digital_signature=True, content_commitment=True, **others, **authority)


def seal_pdf(pdf: bytes, key: RSAPrivateKey, certified: Certified, reason: str, stamper: Stamper | None) -> bytes:
    """Return a PDF followed by its seal: PAdES B-B, or B-T where something stamps its hour.

    The seal says that it was made with a time stamp. Raises SealRefused for bytes that are no PDF that can be sealed
    and for certificates that do not fit, and what the stamper raises.
    """
    # pyHanko weighs 25 MB in a process and takes most of a second to be loaded: only who seals pays them
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import fields, signers
    from pyhanko.sign.general import SigningError

    room = 2 * (4096 + sum(map(len, (certified.own, *certified.issuers)))) + (STAMP_ROOM if stamper else 0)
    if room + 2 > LONGEST:
        raise SealRefused("no_se_sella", "los certificados de la llave que sella ocupan demasiado")
    said = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        contact_info=_CONTENT.format(len(pdf), sha256_hex(pdf), _DATED if stamper else ""),
    )
    hidden = fields.InvisSigSettings(set_hidden_flag=True)  # as PDF/UA asks of what is not in the tree of the document
    place = fields.SigFieldSpec(FIELD, invis_sig_settings=hidden)
    maker = signers.PdfSigner(
        said, _signing(key, certified), timestamper=_stamping(stamper) if stamper else None, new_field_spec=place
    )
    try:
        out = _run(maker.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), bytes_reserved=room))
    except (PdfError, SigningError) as error:
        raise SealRefused("no_se_sella", f"no es un PDF que se pueda sellar: {error}") from error
    sealed: bytes = out.getvalue()
    return sealed


def _signing(key: RSAPrivateKey, certified: Certified) -> "Signer":
    from pyhanko.sign.signers import Signer
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class Signing(Signer):
        """The authority's key, as pyHanko asks it to sign: it stays opened here, and no bytes of it are made."""

        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            """Return the signature of some bytes; of a dry run, bytes as long as one."""
            return bytes(key.key_size // 8) if dry_run else key.sign(data, PKCS1v15(), hashes.SHA256())

    kept = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    kept.register_multiple([asn1.Certificate.load(each) for each in certified.issuers])
    own = asn1.Certificate.load(certified.own)
    method = algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"})
    return Signing(signing_cert=own, cert_registry=kept, signature_mechanism=method)


def _stamping(stamper: Stamper) -> "TimeStamper":
    from pyhanko.sign.timestamps import TimeStamper

    class Stamping(TimeStamper):
        """The service of time stamps of this installation, as pyHanko asks for it."""

        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            """Return the answer to a question."""
            asked = req["message_imprint"]["hashed_message"].native
            return tsp.TimeStampResp.load(stamper(req.dump(), asked, req["nonce"].native))

    return Stamping()  # type: ignore[no-untyped-call]


def _run[T](work: Coroutine[object, object, T]) -> T:
    """Return what a coroutine gives, in a thread of its own: the one that asks may be running a loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def judge_pdf(data: bytes, trusted: Sequence[RSAPublicKey], reader: Reader) -> SealedPdf:
    """Return a PDF that one of these keys sealed and nothing changed since. Raises SealRefused, saying why.

    The seal alone is read, by `reader`: no byte of the document is interpreted, whoever made it, nor copied.
    """
    found = _RANGE.match(data, max(0, data.rfind(b"/ByteRange")))
    if not data.startswith(b"%PDF-") or found is None:
        raise SealRefused("sin_sello", "no lleva el sello de una autoridad")
    first, second, rest = map(int, found.groups())
    ends = data[first : first + 1] + data[second - 1 : second]
    if second + rest != len(data) or not 2 < second - first <= LONGEST or ends != b"<>":
        raise SealRefused("cambio", "cambió después de sellarse: el sello no cubre todo el archivo")
    read = reader(data[first + 1 : second - 1])
    whole = memoryview(data)
    signed = hashlib.sha256(whole[:first])
    signed.update(whole[second:])
    if read.digest != signed.digest() or read.digest not in read.attributes:  # the reader alone is not believed
        raise SealRefused("cambio", "cambió después de sellarse: su contenido no es el que se selló")
    if not any(_holds(read, key) for key in trusted):
        raise SealRefused("otra_llave", "lo selló otra llave, o su sello cambió")
    said = _SAID.search(data, 0 if (start := data.rfind(b"obj", 0, found.start())) < 0 else start)
    size = int(said[1]) if said else 0
    if said is None or size > first or hashlib.sha256(whole[:size]).hexdigest() != said[2].decode():
        raise SealRefused("cambio", "su sello no dice qué documento sella")
    name = _name_in(read.certificate)
    return SealedPdf(size, said[2].decode(), name, read.signature, read.stamp, fechado=said[3] is not None)


def _name_in(certificate: bytes) -> str:
    """Return the common name of the holder of a certificate that one of our keys named, or nothing."""
    names = x509.load_der_x509_certificate(certificate).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def read_seal(figures: bytes) -> SealParts:
    """Return the parts of a seal, of its figures. Raises SealRefused for those that its own maker does not write so.

    Of hostile figures it may take long, within LONGEST: it runs in a confined process.
    """
    try:
        if not _FIGURES.fullmatch(figures):
            raise ValueError(figures[:1])
        data = bytes.fromhex(figures.decode("ascii"))
        content = cms.ContentInfo.load(data)["content"]
        (signer,) = content["signer_infos"]
        said = {each["type"].native: each["values"] for each in signer["signed_attrs"]}
        own = _signer_of(content["certificates"], said["signing_certificate_v2"][0]["certs"][0]["cert_hash"].native)
        written = _written(content["certificates"], signer, own)
        if data[: len(written)] != written or any(data[len(written) :]):
            raise ValueError("no es como se escribe")
        (digest,) = said["message_digest"].native
        return SealParts(
            digest,
            signer["signed_attrs"].untag().dump(),
            signer["signature"].native,
            own.dump(),
            _stamp(signer["unsigned_attrs"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise SealRefused("cambio", "cambió después de sellarse: su sello no se puede leer") from error


def _signer_of(certificates: cms.CertificateSet, digest: bytes) -> asn1.Certificate:
    """Return the certificate whose digest was signed. Raises ValueError where the seal carries no such one."""
    for each in certificates:
        if hashlib.sha256(each.chosen.dump()).digest() == digest:
            return each.chosen
    raise ValueError("no trae el certificado de quien selló")


def _written(certificates: cms.CertificateSet, signer: cms.SignerInfo, own: asn1.Certificate) -> bytes:
    """Return the only writing of a seal with these certificates, attributes and signature."""
    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
    method = algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"})
    who = cms.IssuerAndSerialNumber({"issuer": own.issuer, "serial_number": own.serial_number})
    kept = ("signed_attrs", "signature", "unsigned_attrs")
    same = {name: signer[name] for name in kept if not isinstance(signer[name], core.Void)}
    info = {"version": "v1", "sid": cms.SignerIdentifier(name="issuer_and_serial_number", value=who), **same}
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [sha256],
            "encap_content_info": {"content_type": "data"},
            "certificates": certificates,
            "signer_infos": [cms.SignerInfo({**info, "digest_algorithm": sha256, "signature_algorithm": method})],
        }
    )
    whole: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
    return whole


def _stamp(attributes: cms.CMSAttributes | core.Void) -> bytes:
    """Return the answer of RFC 3161 that carries the time stamp of a seal, or nothing where it has none.

    Raises ValueError for anything else that nobody signed.
    """
    if isinstance(attributes, core.Void):
        return b""
    (only,) = attributes
    (token,) = only["values"]
    if only["type"].native != "signature_time_stamp_token":
        raise ValueError("lleva lo que nadie firmó")
    given: bytes = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()
    return given


def _holds(read: SealParts, key: RSAPublicKey) -> bool:
    try:
        key.verify(read.signature, read.attributes, PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
