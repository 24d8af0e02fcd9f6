"""Build the acuse of a presented report, seal it, and later add its proof of inclusion."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from sif.signing.acuse_form import FORMAT, OTHER, TWO_SIGNERS, acuse_bytes, archivos_digest, firma_digests
from sif.signing.cadena import CamposAcuse, CamposInforme, acuse_cadena, clean_value
from sif.signing.chain import sha256_hex
from sif.signing.efirma import Firma, sign
from sif.signing.heads import spki_of
from sif.signing.hours import legal_hour
from sif.signing.verdict import Verdict, verify_acuse, verify_acuse_file

__all__ = [
    "ArchivoListado",
    "Verdict",
    "acuse_bytes",
    "build_acuse",
    "leaf_of",
    "list_archivo",
    "verify_acuse",
    "verify_acuse_file",
    "with_proof",
]


@dataclass(frozen=True, slots=True)
class ArchivoListado:
    """A file received with a report: its plain name, its size in bytes and its SHA-256 (hex)."""

    nombre: str
    bytes: int
    sha256: str


def list_archivo(nombre: str, data: bytes) -> ArchivoListado:
    """The entry of a file. Raises ValueError for a name that is a path or would break the list (`:` or a line feed)."""
    if clean_value(nombre) != nombre or not nombre or any(char in nombre for char in "/\\:") or nombre in (".", ".."):
        raise ValueError(f"«{nombre}» no puede nombrar un archivo del acuse: use un nombre sin carpetas ni «:».")
    return ArchivoListado(nombre, len(data), sha256_hex(data))


def build_acuse(
    campos: CamposInforme,
    firma: Firma,
    archivos: Sequence[ArchivoListado],
    recibido_el: datetime,
    authority: RSAPrivateKey,
    otra: Firma | None = None,
) -> dict[str, object]:
    """Return the acuse of a report (`sif-acuse/1`), still without proof. `recibido_el` aware; `authority` seals it.

    otra: the signature of another person over the same report, where it has two (`sif-acuse/2`).

    The caller has judged certificate and seal before: an acuse states what was received, it does not judge it.
    """
    listed = [asdict(archivo) for archivo in archivos]
    digests = CamposAcuse(
        clean_value(campos.folio),
        legal_hour(recibido_el),
        *firma_digests(firma.cadena, firma.sello, firma.certificado),
        archivos=archivos_digest(listed),
    )
    others = {OTHER: _shown(otra)} if otra else {}
    cadena = acuse_cadena(digests, firma_digests(otra.cadena, otra.sello, otra.certificado) if otra else ())
    return {
        "formato": TWO_SIGNERS if otra else FORMAT,
        "folio": digests.folio,
        "recibido_el": digests.recibido_el,
        "informe": campos.as_dict(),
        "firma": _shown(firma),
        **others,
        "archivos": listed,
        "cadena": cadena,
        "autoridad": spki_of(authority),
        "sello_autoridad": sign(cadena, authority),
        "prueba": None,
    }


def _shown(firma: Firma) -> dict[str, str]:
    return {
        "cadena": firma.cadena,
        "sello": firma.sello,
        "certificado": base64.b64encode(firma.certificado).decode("ascii"),
        "algoritmo": firma.algoritmo,
    }


def leaf_of(acuse: Mapping[str, object]) -> bytes:
    """Return the leaf of an acuse in the log of acuses: the UTF-8 bytes of its cadena."""
    return str(acuse["cadena"]).encode("utf-8")


def with_proof(acuse: Mapping[str, object], prueba: Mapping[str, object]) -> dict[str, object]:
    """Return the same acuse with its place in the log (from `heads.build_proof`)."""
    return {**acuse, "prueba": dict(prueba)}
