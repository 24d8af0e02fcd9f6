"""Read a SAT certificate and judge whether it may sign an act."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from asn1crypto import x509
from asn1crypto.keys import RSAPublicKey as RsaNumbers
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from sif.signing import sat_der
from sif.signing.authorities import Authority, issuers_of
from sif.signing.chain import sha256_hex
from sif.signing.hours import legal_day
from sif.signing.problems import SigningError, problem
from sif.values import Problem

MIN_BITS = 2048
MIN_EXPONENT = 65537
SERIAL_DIGITS = 20
Kind = Literal["fiel", "csd", "otro"]
_FIEL_KEY_USES = {"data_encipherment", "key_agreement"}
_FIEL_EXTENDED_USES = {"client_auth", "email_protection"}
_CSD_KEY_USES = {"digital_signature", "non_repudiation"}
_WEAK_HASHES = {"md2", "md5", "sha1"}


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate of e.firma ("fiel"), of digital seal ("csd"), or of other use ("otro").

    `der` the file; `rfc`, `curp` of the holder and `rfc_representante` of who acts for a company ('' where absent);
    `serie` 20 digits; `desde` and `hasta` aware, both inclusive; `emisor` the issuer's whole DER name.
    """

    der: bytes = field(repr=False)
    rfc: str
    curp: str
    rfc_representante: str
    nombre: str
    serie: str
    kind: Kind
    desde: datetime
    hasta: datetime
    emisor: bytes = field(repr=False)
    emisor_nombre: str
    firma_hash: str
    bits: int
    exponent: int
    spki: bytes = field(repr=False)
    public_key: RSAPublicKey = field(repr=False, compare=False)

    @property
    def sha256(self) -> str:
        """The fingerprint of the file, 64 hexadecimal figures."""
        return sha256_hex(self.der)


def read_certificate(der: bytes, donde: str = "certificado") -> Certificate:
    """Read a .cer file of SAT (DER, at most 8 kB). Raises SigningError certificado_ilegible or llave_debil."""
    try:
        parsed = sat_der.load_certificate(der)
        return _certificate(der, parsed, donde)
    except sat_der.NotDer as error:
        raise SigningError(problem("certificado_ilegible", donde, causa=str(error))) from error
    except sat_der.UNREADABLE as error:
        if isinstance(error, SigningError):
            raise
        raise SigningError(problem("certificado_ilegible", donde, causa="un campo no se puede leer")) from error


def _certificate(der: bytes, parsed: x509.Certificate, donde: str) -> Certificate:
    subject = sat_der.name_fields(parsed.subject)
    issuer = sat_der.name_fields(parsed.issuer)
    rfc, representative = _own_and_representative(subject.get(sat_der.RFC_OID, ""))
    curp, _ = _own_and_representative(subject.get(sat_der.CURP_OID, ""))
    spki = parsed.public_key.dump()
    numbers = parsed.public_key["public_key"].parsed
    bits, exponent = _strength(numbers, rfc, donde)
    return Certificate(
        der=der,
        rfc=rfc,
        curp=curp,
        rfc_representante=representative,
        nombre=subject.get(sat_der.COMMON_NAME_OID, "").strip(),
        serie=_serial(parsed.serial_number, donde),
        kind=_kind(parsed, subject),
        desde=parsed.not_valid_before,
        hasta=parsed.not_valid_after,
        emisor=parsed.issuer.dump(),
        emisor_nombre=issuer.get(sat_der.COMMON_NAME_OID, ""),
        firma_hash=parsed["signature_algorithm"].hash_algo,
        bits=bits,
        exponent=exponent,
        spki=spki,
        public_key=_public_key(spki, bits, rfc, donde),
    )


def _own_and_representative(text: str) -> tuple[str, str]:
    own, _, representative = text.partition("/")
    return own.strip().upper(), representative.strip().upper()


def _strength(numbers: object, rfc: str, donde: str) -> tuple[int, int]:
    if not isinstance(numbers, RsaNumbers):
        raise SigningError(problem("llave_debil", donde, rfc=rfc, causa="no es RSA"))
    return numbers["modulus"].native.bit_length(), numbers["public_exponent"].native


def _public_key(spki: bytes, bits: int, rfc: str, donde: str) -> RSAPublicKey:
    try:
        key = load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningError(problem("llave_debil", donde, rfc=rfc, causa=f"RSA de {bits} bits inadmisible")) from error
    if not isinstance(key, RSAPublicKey):
        raise SigningError(problem("llave_debil", donde, rfc=rfc, causa="no es RSA"))
    return key


def _serial(number: int, donde: str) -> str:
    """The integer's bytes are the 20 ASCII digits that SAT prints."""
    digits = number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big") if number >= 0 else b""
    if len(digits) != SERIAL_DIGITS or not digits.isdigit():
        causa = "su número de serie no son 20 dígitos"
        raise SigningError(problem("certificado_ilegible", donde, causa=causa))
    return digits.decode("ascii")


def _kind(parsed: x509.Certificate, subject: dict[str, str]) -> Kind:
    """By use, not by folder nor by unit alone: some digital seals carry no organizational unit."""
    uses = parsed.key_usage_value.native if parsed.key_usage_value else set()
    extended = set(parsed.extended_key_usage_value.native) if parsed.extended_key_usage_value else set()
    if uses == _CSD_KEY_USES:
        return "csd"
    without_unit = sat_der.ORGANIZATIONAL_UNIT_OID not in subject
    if without_unit and uses >= _FIEL_KEY_USES | _CSD_KEY_USES and extended >= _FIEL_EXTENDED_USES:
        return "fiel"
    return "otro"


def judge_certificate(
    cert: Certificate,
    at: datetime,
    authorities: Sequence[Authority],
    rfc: str | None = None,
    kind: Kind = "fiel",
) -> list[Problem]:
    """Return the problems that keep a certificate from signing at an instant; empty when the certificate is good.

    `at` aware, the hour of receipt. `authorities`: the authorities that the caller trusts. `rfc`: the RFC that must
    sign, if given. `kind`: the certificate that the act needs, "fiel" for acts of persons, "csd" for invoices.
    Revocation is checked apart.
    """
    place = f"certificado {cert.serie}"
    found = judge_validity(cert, at, kind)
    found += _issuer_problems(cert, at, authorities, place)
    if rfc is not None and cert.rfc != rfc.strip().upper():
        found.append(problem("rfc_ajeno", place, rfc=cert.rfc or "(vacío)", esperado=rfc))
    return found


def judge_validity(cert: Certificate, at: datetime, kind: Kind = "fiel") -> list[Problem]:
    """The part of `judge_certificate` that needs no table of authorities: kind, strength and span of validity."""
    place = f"certificado {cert.serie}"
    found = _kind_problems(cert, kind, place) + _strength_problems(cert, place)
    if at > cert.hasta:
        found.append(problem("vencido", place, rfc=cert.rfc, dia=legal_day(cert.hasta)))
    if at < cert.desde:
        found.append(problem("aun_no_vigente", place, rfc=cert.rfc, dia=legal_day(cert.desde)))
    return found


def _kind_problems(cert: Certificate, kind: Kind, place: str) -> list[Problem]:
    if cert.kind == kind:
        return []
    codigo = {"csd": "es_sello", "fiel": "es_efirma"}.get(cert.kind, "otro_certificado")
    return [problem(codigo, place, rfc=cert.rfc)]


def _strength_problems(cert: Certificate, place: str) -> list[Problem]:
    found = []
    if cert.bits < MIN_BITS:
        found.append(problem("llave_debil", place, rfc=cert.rfc, causa=f"{cert.bits} bits"))
    if cert.exponent < MIN_EXPONENT:
        found.append(problem("llave_debil", place, rfc=cert.rfc, causa=f"exponente {cert.exponent}"))
    if cert.firma_hash in _WEAK_HASHES:
        found.append(problem("certificado_debil", place, rfc=cert.rfc, causa=cert.firma_hash.upper()))
    return found


def _issuer_problems(cert: Certificate, at: datetime, authorities: Sequence[Authority], place: str) -> list[Problem]:
    path = issuers_of(cert.der, authorities)
    if path is None:
        return [problem("emisor_desconocido", place, rfc=cert.rfc)]
    ended = [authority for authority in path if not authority.desde <= at <= authority.hasta]
    if not ended:
        return []
    return [problem("emisor_vencido", place, rfc=cert.rfc, emisor=ended[0].nombre, dia=legal_day(at))]
