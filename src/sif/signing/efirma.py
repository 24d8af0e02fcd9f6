"""Open an e.firma key with its password, sign a cadena original, and verify its sello as anybody can with OpenSSL."""

import base64
import binascii
import secrets
from dataclasses import dataclass, field
from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from sif.signing import sat_der
from sif.signing.certificates import Certificate
from sif.signing.problems import SigningError, problem
from sif.values import Problem

ALGORITHM = "RSA-SHA256"
_CIPHERS = {"1.2.840.113549.3.7", "2.16.840.1.101.3.4.1.2", "2.16.840.1.101.3.4.1.22", "2.16.840.1.101.3.4.1.42"}
_PBES2, _PBKDF2 = "1.2.840.113549.1.5.13", "1.2.840.113549.1.5.12"
_MAX_ROUNDS = 5_000_000  # a key that asks for more is an attack on the clock, not protection
_HASHES: dict[str, hashes.HashAlgorithm] = {"sha256": hashes.SHA256(), "sha1": hashes.SHA1()}  # noqa: S303


@dataclass(frozen=True, slots=True)
class Firma:
    """A signature of record: the cadena, its sello (base64) and the certificate (DER) of who signed."""

    cadena: str
    sello: str
    certificado: bytes = field(repr=False)
    algoritmo: str = ALGORITHM


def open_key(key_der: bytes, password: str, donde: str = "llave") -> RSAPrivateKey:
    """Open a .key file of SAT (PKCS#8, PBES2). Nothing is kept.

    Raises SigningError llave_ilegible, llave_algoritmo or contrasena. The password is tried as UTF-8, then as Latin-1,
    since older programs of SAT wrote ñ and accents in one byte.
    """
    _check_cipher(key_der, donde)
    encodings = [password.encode("utf-8")]
    if not password.isascii() and all(ord(char) < 256 for char in password):
        encodings.append(password.encode("latin-1"))
    for secret in encodings:
        try:
            key = load_der_private_key(key_der, secret or b"\x00")
        except (ValueError, TypeError):
            continue
        except UnsupportedAlgorithm as error:
            raise SigningError(problem("llave_algoritmo", donde, causa="cifrado no admitido")) from error
        if not isinstance(key, RSAPrivateKey):
            raise SigningError(problem("llave_algoritmo", donde, causa="la llave no es RSA"))
        return key
    raise SigningError(problem("contrasena", donde))


def _check_cipher(key_der: bytes, donde: str) -> None:
    if sat_der.is_open_key(key_der):
        raise SigningError(problem("llave_algoritmo", donde, causa="no está cifrada"))
    try:
        algorithm = sat_der.load_encrypted_key(key_der)["encryption_algorithm"]
        name = algorithm["algorithm"].dotted
        if name == _PBES2:
            kdf = algorithm["parameters"]["key_derivation_func"]
            cipher = algorithm["parameters"]["encryption_scheme"]["algorithm"].dotted
            is_pbkdf2 = kdf["algorithm"].dotted == _PBKDF2
            name = cipher if is_pbkdf2 and cipher not in _CIPHERS else "" if is_pbkdf2 else kdf["algorithm"].dotted
            if is_pbkdf2 and not 0 < kdf["parameters"]["iteration_count"].native <= _MAX_ROUNDS:
                name = "rondas de PBKDF2 fuera de límite"
    except sat_der.UNREADABLE as error:
        causa = str(error) if isinstance(error, sat_der.NotDer) else "un campo no se puede leer"
        raise SigningError(problem("llave_ilegible", donde, causa=causa)) from error
    if name:
        raise SigningError(problem("llave_algoritmo", donde, causa=name))


def check_pair(private_key: RSAPrivateKey, cert: Certificate, donde: str = "llave") -> None:
    """Prove that the key answers for the certificate by signing a random probe. Raises SigningError no_corresponde."""
    probe = secrets.token_hex(32)
    if not verify(probe, sign(probe, private_key), cert):
        raise SigningError(problem("no_corresponde", donde, rfc=cert.rfc))


def sign(cadena: str, private_key: RSAPrivateKey) -> str:
    """Return the sello of a cadena: RSASSA-PKCS1-v1_5 with SHA-256 over its UTF-8 bytes, in base64."""
    return base64.b64encode(private_key.sign(cadena.encode("utf-8"), padding.PKCS1v15(), hashes.SHA256())).decode(
        "ascii"
    )


def verify(cadena: str, sello: str, cert: Certificate, digest: Literal["sha256", "sha1"] = "sha256") -> bool:
    """Return whether the sello (base64, in its one exact writing) is of this cadena by the key of this certificate.

    SHA-1 only to read invoices of before 2017; acts are always SHA-256.
    """
    return verify_with_key(cadena, sello, cert.public_key, digest)


def verify_with_key(cadena: str, sello: str, key: RSAPublicKey, digest: Literal["sha256", "sha1"] = "sha256") -> bool:
    """As `verify`, with a bare public key: that of an authority, whose seals carry no certificate."""
    signature = exact_base64(sello)
    if signature is None:
        return False
    try:
        key.verify(signature, cadena.encode("utf-8"), padding.PKCS1v15(), _HASHES[digest])
    except (InvalidSignature, UnicodeEncodeError):
        return False
    return True


def exact_base64(text: str) -> bytes | None:
    """Return the bytes, or None unless the text is exactly how base64 writes them: no spaces, no spare bits."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    return data if base64.b64encode(data).decode("ascii") == text else None


def judge_firma(firma: Firma, cert: Certificate, folio: str) -> list[Problem]:
    """sello_invalido, with the folio of the act, unless the sello is of that cadena by that certificate."""
    if firma.algoritmo == ALGORITHM and firma.certificado == cert.der and verify(firma.cadena, firma.sello, cert):
        return []
    return [problem("sello_invalido", f"firma {folio}", folio=folio)]
