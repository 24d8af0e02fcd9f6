"""Build the path from a certificate to a trusted root.

SAT certificates carry no pointer to their issuer and several of its authorities share their common name: the issuer is
found by its whole DER name and proved by its signature.
"""

import importlib.util
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from asn1crypto import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from sif.signing import sat_der
from sif.signing.chain import sha256_hex
from sif.signing.problems import SigningError, problem

WARN_DAYS = 180
_MAX_STEPS = 5
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "md5": hashes.MD5(),  # noqa: S303  authorities of 2004 to 2008, read to judge acts of those years
    "sha1": hashes.SHA1(),  # noqa: S303
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority of the trusted table: who it is, its key, and the span (aware, inclusive) in which it may issue."""

    der: bytes = field(repr=False)
    nombre: str
    asunto: bytes = field(repr=False)
    desde: datetime
    hasta: datetime
    is_root: bool
    public_key: RSAPublicKey = field(repr=False, compare=False)

    @property
    def sha256(self) -> str:
        """The fingerprint of its certificate, 64 hexadecimal figures."""
        return sha256_hex(self.der)


def read_authority(der: bytes, donde: str = "autoridad") -> Authority:
    """Read the certificate (DER) of an authority. Raises SigningError certificado_ilegible if it may not issue."""
    try:
        parsed = sat_der.load_certificate(der)
        key = load_der_public_key(parsed.public_key.dump())
        if not isinstance(key, RSAPublicKey):
            raise sat_der.NotDer("su llave no es RSA")
        is_root = parsed.subject.dump() == parsed.issuer.dump() and is_signed_by(parsed, key)
        constraints = parsed.basic_constraints_value
        # the oldest root (2001) has no basic constraints; anything else must say that it is an authority
        if not (constraints["ca"].native if constraints is not None else is_root):
            raise sat_der.NotDer("no es de una autoridad certificadora")
        fields = sat_der.name_fields(parsed.subject)
        return Authority(
            der=der,
            nombre=fields.get(sat_der.COMMON_NAME_OID, ""),
            asunto=parsed.subject.dump(),
            desde=parsed.not_valid_before,
            hasta=parsed.not_valid_after,
            is_root=is_root,
            public_key=key,
        )
    except (*sat_der.UNREADABLE, UnsupportedAlgorithm) as error:
        causa = str(error) if isinstance(error, sat_der.NotDer) else "un campo no se puede leer"
        raise SigningError(problem("certificado_ilegible", donde, causa=causa)) from error


def is_signed_by(parsed: x509.Certificate, key: RSAPublicKey) -> bool:
    """Return whether this key signed that certificate (RSA PKCS#1 v1.5, over its exact TBS bytes)."""
    try:
        algorithm = _HASHES[parsed["signature_algorithm"].hash_algo]
        tbs = parsed["tbs_certificate"].dump()
        key.verify(parsed["signature_value"].native, tbs, padding.PKCS1v15(), algorithm)
    except (InvalidSignature, UnsupportedAlgorithm, *sat_der.UNREADABLE):
        return False
    return True


def issuers_of(der: bytes, authorities: Sequence[Authority]) -> list[Authority] | None:
    """The authorities from the issuer of this certificate up to a root, all in the table; None if the way breaks."""
    path: list[Authority] = []
    parsed = sat_der.load_certificate(der)
    while len(path) < _MAX_STEPS:
        issuer_name = parsed.issuer.dump()
        issuer = next((a for a in authorities if a.asunto == issuer_name and is_signed_by(parsed, a.public_key)), None)
        if issuer is None:
            return None
        path.append(issuer)
        if issuer.is_root:
            return path
        parsed = sat_der.load_certificate(issuer.der)
    return None


@cache
def sat_authorities() -> tuple[Authority, ...]:
    """SAT's authorities (AC0 to AC5) and the central registry roots (ARC) that satcfdi ships; OCSP responders left out.

    A starting table: the institution extends it with `read_authorities` (AC5 ends on 3 May 2027).
    """
    found = importlib.util.find_spec("satcfdi")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("Falta el paquete satcfdi, que trae los certificados de las autoridades del SAT. Instálelo.")
    archive = Path(found.submodule_search_locations[0]) / "transform" / "CertsProd.zip"
    with zipfile.ZipFile(archive) as packed:
        names = [name for name in sorted(packed.namelist()) if not name.startswith("ocsp")]
        return tuple(read_authority(packed.read(name), name) for name in names)


def read_authorities(folder: Path) -> list[Authority]:
    """Return the authorities kept as .cer files (DER) in a folder; raises SigningError naming a bad one."""
    return [read_authority(path.read_bytes(), path.name) for path in sorted(folder.glob("*.cer"))]


def ending_soon(authorities: Iterable[Authority], day: date, days: int = WARN_DAYS) -> list[Authority]:
    """Return those still in force that end within so many days: time to add their successors to the table."""
    limit = day + timedelta(days=days)
    return [authority for authority in authorities if day <= authority.hasta.date() <= limit]
