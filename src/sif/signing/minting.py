"""Mint certificates in SAT's form from a demonstration authority."""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Literal, NamedTuple

from asn1crypto import algos, core, keys, x509
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from sif.signing import sat_der
from sif.signing.authorities import Authority, read_authority
from sif.signing.hours import LEGAL_ZONE

DEMO_PASSWORD = "12345678a"  # noqa: S105  the password that SAT gives its own test certificates
AUTHORITY_NAME = "AC DE DEMOSTRACION (SIN VALIDEZ LEGAL)"
_SAT_ROUNDS = 2048
_PRINTABLE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?")
_FIEL_USES = {"digital_signature", "non_repudiation", "data_encipherment", "key_agreement"}
_CSD_USES = {"digital_signature", "non_repudiation"}


class Minted(NamedTuple):
    """A minted pair as files: certificate (DER), encrypted key (DER) and its password."""

    cer: bytes
    key: bytes
    password: str


@dataclass(frozen=True, slots=True)
class MintedAuthority:
    """An authority of demonstration: its certificate (DER), its key, and where new holders' keys come from.

    `keys`, when given, is drawn from before any key is generated (an RSA key takes about a tenth of a second);
    `password` closes every key it mints.
    """

    cer: bytes = field(repr=False)
    private_key: rsa.RSAPrivateKey = field(repr=False)
    keys: Iterator[rsa.RSAPrivateKey] | None = field(default=None, repr=False)
    password: str = field(default=DEMO_PASSWORD, repr=False)

    @property
    def authority(self) -> Authority:
        """Itself as a row of the trusted table."""
        return read_authority(self.cer)

    def next_key(self) -> rsa.RSAPrivateKey:
        """Return a key of the pool, or a new one of 2,048 bits."""
        pooled = next(self.keys, None) if self.keys is not None else None
        return pooled or new_key()


def new_key() -> rsa.RSAPrivateKey:
    """Return a new RSA key of 2,048 bits and exponent 65537, the strength SAT asks for."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def mint_authority(
    desde: date | datetime = date(2015, 1, 1),
    hasta: date | datetime = date(2045, 1, 1),
    *,
    keys: Iterator[rsa.RSAPrivateKey] | None = None,
    password: str = DEMO_PASSWORD,
) -> MintedAuthority:
    """Return a self-signed root of demonstration, valid over the whole history that a demonstration tells."""
    pool = iter(()) if keys is None else keys
    key = next(pool, None) or new_key()
    name = _name({"common_name": AUTHORITY_NAME, "organization_name": "DEMOSTRACION", "country_name": "MX"})
    extensions = [
        _extension("basic_constraints", x509.BasicConstraints({"ca": True, "path_len_constraint": 0}), critical=True),
        _extension("key_usage", x509.KeyUsage({"key_cert_sign", "crl_sign"}), critical=True),
    ]
    tbs = _tbs(name, name, (desde, hasta), key.public_key(), extensions)
    return MintedAuthority(_seal(tbs, key), key, keys, password)


def open_authority(cer: bytes, private_key: rsa.RSAPrivateKey, password: str = DEMO_PASSWORD) -> MintedAuthority:
    """Return the same authority of an earlier run, from its kept certificate and opened key."""
    return MintedAuthority(cer, private_key, None, password)


def mint_fiel(
    authority: MintedAuthority, rfc: str, curp: str, nombre: str, desde: date | datetime, hasta: date | datetime
) -> Minted:
    """A personal e.firma. A date means its first instant in the legal zone; past and future spans mint as well."""
    extended = x509.ExtKeyUsageSyntax(["email_protection", "client_auth"])
    extensions = [
        _extension("basic_constraints", x509.BasicConstraints({"ca": False}), critical=True),
        _extension("key_usage", x509.KeyUsage(_FIEL_USES)),
        _extension("extended_key_usage", extended),
    ]
    subject = {**_holder(nombre), "country_name": "MX", "unique_identifier": rfc, "serial_number": curp}
    return _mint(authority, subject, (desde, hasta), extensions)


def mint_csd(
    authority: MintedAuthority, rfc: str, curp: str, nombre: str, desde: date | datetime, hasta: date | datetime
) -> Minted:
    """Return a certificate of digital seal, for invoices. `curp` may be empty, as for a company."""
    extensions = [
        _extension("basic_constraints", x509.BasicConstraints({"ca": False}), critical=True),
        _extension("key_usage", x509.KeyUsage(_CSD_USES)),
    ]
    unit = {"organizational_unit_name": "Matriz"}
    subject = {**_holder(nombre), "unique_identifier": rfc, "serial_number": curp or " / ", **unit}
    return _mint(authority, subject, (desde, hasta), extensions)


def _holder(nombre: str) -> dict[str, str]:
    return {"common_name": nombre, "name": nombre, "organization_name": nombre}


def _mint(
    authority: MintedAuthority,
    subject: dict[str, str],
    span: tuple[date | datetime, date | datetime],
    extensions: list[x509.Extension],
) -> Minted:
    key = authority.next_key()
    issuer = sat_der.load_certificate(authority.cer).subject
    tbs = _tbs(_name(subject), issuer, span, key.public_key(), extensions)
    return Minted(_seal(tbs, authority.private_key), encrypt_key(key, authority.password), authority.password)


def _name(values: dict[str, str]) -> x509.Name:
    pairs = []
    for attribute, value in values.items():
        kind = "printable_string" if _PRINTABLE.issuperset(value) else "utf8_string"
        text = x509.DirectoryString(name=kind, value=value)
        pairs.append(x509.RelativeDistinguishedName([x509.NameTypeAndValue({"type": attribute, "value": text})]))
    return x509.Name(name="", value=x509.RDNSequence(pairs))


def _extension(name: str, value: core.Asn1Value, *, critical: bool = False) -> x509.Extension:
    return x509.Extension({"extn_id": name, "critical": critical, "extn_value": core.ParsableOctetString(value.dump())})


def _tbs(
    subject: x509.Name,
    issuer: x509.Name,
    span: tuple[date | datetime, date | datetime],
    key: rsa.RSAPublicKey,
    extensions: list[x509.Extension],
) -> x509.TbsCertificate:
    spki = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    desde, hasta = (_instant(end) for end in span)
    seed = b"|".join((subject.dump(), spki, desde.isoformat().encode(), hasta.isoformat().encode()))
    return x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": _serial(seed),
            "signature": {"algorithm": "sha256_rsa"},
            "issuer": issuer,
            "validity": {"not_before": _time(desde), "not_after": _time(hasta)},
            "subject": subject,
            "subject_public_key_info": keys.PublicKeyInfo.load(spki),
            "extensions": extensions,
        }
    )


def _serial(seed: bytes) -> int:
    """20 digits as the bytes of an integer, SAT's way; 9 first, which SAT does not use, then figures of the content."""
    number = int.from_bytes(hashlib.sha256(seed).digest(), "big") % 10**19
    return int.from_bytes(f"9{number:019d}".encode("ascii"), "big")


def _instant(end: date | datetime) -> datetime:
    if not isinstance(end, datetime):
        end = datetime.combine(end, time(), LEGAL_ZONE)
    if end.tzinfo is None:
        raise ValueError(f"La vigencia {end.isoformat()} no dice su zona; pase un día o una hora con zona.")
    return end.astimezone(UTC).replace(microsecond=0)


def _time(at: datetime) -> x509.Time:
    """Universal time until 2049, generalized after, as RFC 5280 section 4.1.2.5 asks."""
    if at.year < 2050:
        return x509.Time(name="utc_time", value=core.UTCTime(at))
    return x509.Time(name="general_time", value=core.GeneralizedTime(at))


def _seal(tbs: x509.TbsCertificate, key: rsa.RSAPrivateKey) -> bytes:
    signature = key.sign(tbs.dump(), PKCS1v15(), hashes.SHA256())
    certificate = x509.Certificate(
        {"tbs_certificate": tbs, "signature_algorithm": {"algorithm": "sha256_rsa"}, "signature_value": signature}
    )
    sealed: bytes = certificate.dump()
    return sealed


def encrypt_key(
    key: rsa.RSAPrivateKey, password: str, cipher: Literal["tripledes_3key", "aes256_cbc"] = "tripledes_3key"
) -> bytes:
    """The key as a .key file: PKCS#8, PBES2, PBKDF2-HMAC-SHA1 of 2,048 rounds and triple DES, exactly SAT's form.

    A form for demonstrations, which must open what officers hold: real keys are never written by this system. Its salt
    is random, where SAT's is the same in every file.
    """
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    is_des = cipher == "tripledes_3key"
    block, length = (8, 24) if is_des else (16, 32)
    salt, vector = secrets.token_bytes(8), secrets.token_bytes(block)
    kdf = PBKDF2HMAC(hashes.SHA1(), length, salt, _SAT_ROUNDS)  # noqa: S303
    secret = kdf.derive(password.encode("utf-8"))
    padder = padding.PKCS7(block * 8).padder()
    algorithm = TripleDES(secret) if is_des else AES(secret)
    encryptor = Cipher(algorithm, modes.CBC(vector)).encryptor()
    closed = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    return _key_file(closed, salt, vector, cipher)


def _key_file(closed: bytes, salt: bytes, vector: bytes, cipher: str) -> bytes:
    specified = algos.Pbkdf2Salt(name="specified", value=core.OctetString(salt))
    derivation = {"algorithm": "pbkdf2", "parameters": {"salt": specified, "iteration_count": _SAT_ROUNDS}}
    scheme = {"algorithm": cipher, "parameters": core.OctetString(vector)}
    parameters = algos.Pbes2Params({"key_derivation_func": derivation, "encryption_scheme": scheme})
    info = keys.EncryptedPrivateKeyInfo(
        {"encryption_algorithm": {"algorithm": "pbes2", "parameters": parameters}, "encrypted_data": closed}
    )
    file: bytes = info.dump()
    return file
