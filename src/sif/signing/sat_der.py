"""Parse SAT's certificates and encrypted keys from DER, field by field.

asn1crypto declares x500UniqueIdentifier (2.5.4.45) a bit string; SAT writes the RFC there as printable or teletex text.
The one patch of that library lives here, and so does every use of it for reading.
"""

from asn1crypto import core, keys, x509

x509.NameTypeAndValue._oid_specs["unique_identifier"] = x509.DirectoryString

RFC_OID = "2.5.4.45"
CURP_OID = "2.5.4.5"
COMMON_NAME_OID = "2.5.4.3"
ORGANIZATIONAL_UNIT_OID = "2.5.4.11"
MAX_BYTES = 8192
_DER_SEQUENCE = 0x30
_BMP_STRING, _UNIVERSAL_STRING = 30, 28
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)


class NotDer(ValueError):
    """The bytes are not the DER structure wanted; the message says why, in words for the officer."""


def check_der(data: bytes) -> None:
    """Refuse what is too long, PEM, or not one sequence with nothing after it. Raises NotDer."""
    if not data:
        raise NotDer("está vacío")
    if len(data) > MAX_BYTES:
        raise NotDer(f"mide {len(data)} bytes y no debe pasar de {MAX_BYTES}")
    if data.lstrip()[:10] == b"-----BEGIN":
        raise NotDer("viene como texto PEM; se pide el archivo binario DER que entrega el SAT")
    if data[0] != _DER_SEQUENCE:
        raise NotDer("no empieza como un archivo DER")


def load_certificate(data: bytes) -> x509.Certificate:
    """Return the certificate, strictly: DER, nothing after it, at most 8 kB. Raises NotDer."""
    check_der(data)
    try:
        certificate = x509.Certificate.load(data, strict=True)
        certificate["tbs_certificate"]["serial_number"].native  # noqa: B018  forces the lazy reader
    except UNREADABLE as error:
        raise NotDer("no tiene la estructura de un certificado X.509") from error
    return certificate


def load_encrypted_key(data: bytes) -> keys.EncryptedPrivateKeyInfo:
    """Return the still closed PKCS#8 key, strictly. Raises NotDer."""
    check_der(data)
    try:
        key = keys.EncryptedPrivateKeyInfo.load(data, strict=True)
        key["encryption_algorithm"]["algorithm"].dotted  # noqa: B018
        key["encrypted_data"].native  # noqa: B018
    except UNREADABLE as error:
        raise NotDer("no tiene la estructura de una llave cifrada PKCS#8") from error
    return key


def is_open_key(data: bytes) -> bool:
    """Return whether the bytes are a private key without any cipher."""
    try:
        keys.PrivateKeyInfo.load(data, strict=True)["private_key_algorithm"]["algorithm"].native  # noqa: B018
    except UNREADABLE:
        return False
    return True


def name_fields(name: x509.Name) -> dict[str, str]:
    """OID -> text of each attribute of a distinguished name; of a repeated one, the first."""
    fields: dict[str, str] = {}
    for relative in name.chosen:
        for attribute in relative:
            fields.setdefault(attribute["type"].dotted, _text(attribute["value"]))
    return fields


def _text(value: core.Asn1Value) -> str:
    if isinstance(value, core.Any):
        value = value.parse()
    if isinstance(value, core.Choice):
        value = value.chosen
    raw: bytes = value.contents
    if value.tag in (_BMP_STRING, _UNIVERSAL_STRING):
        return raw.decode("utf-16-be" if value.tag == _BMP_STRING else "utf-32-be")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")  # Ñ in a T61String is the Latin-1 byte D1
