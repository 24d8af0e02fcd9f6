"""Configure the trusted certificate authorities and the key that seals acuses and heads."""

import logging
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from asn1crypto import pem
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.conf import settings

from sif.registry.files import write_whole
from sif.signing.authorities import Authority, read_authorities, sat_authorities
from sif.signing.efirma import open_key
from sif.signing.minting import (
    AUTHORITY_NAME,
    DEMO_PASSWORD,
    MintedAuthority,
    encrypt_key,
    mint_authority,
    new_key,
    open_authority,
)
from sif.signing.revocation import RevocationSource, nobody_asked

ACUSES_KEY = "acuses.key"
DEMO_NAME = "demostracion"
PASSWORD_VARIABLE = "SIF_ACUSES_CONTRASENA"  # noqa: S105  the name of a variable, not a secret
_log = logging.getLogger("sif.filing")


class AuthorityMissing(RuntimeError):
    """A production installation has no key to seal with, or no demonstration may be made there; says what to do."""


@dataclass(frozen=True, slots=True)
class Trust:
    """The sources of trust of an act: the table of authorities, and the source of revocation."""

    authorities: tuple[Authority, ...]
    revocation: RevocationSource = nobody_asked


def certificates_folder() -> Path:
    """Return the folder of certificates: the authorities added to SAT's (.cer) and the key of acuses (acuses.key)."""
    folder: Path = settings.DATOS / "certificados"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def trusted() -> Trust:
    """SAT's authorities and those of the institution's folder. Raises SigningError naming a bad file.

    In production the authority of a demonstration is not believed, even if its file was left there: anybody knows the
    password of its key.
    """
    own = filter(is_believed, read_authorities(certificates_folder()))
    return Trust((*sat_authorities(), *own))


def is_believed(authority: Authority) -> bool:
    """Return whether an authority of the folder is believed here: that of a demonstration is not, in production."""
    return not settings.PRODUCTION or authority.nombre != AUTHORITY_NAME


def authority_key() -> RSAPrivateKey:
    """Return the key that seals acuses and heads: `certificados/acuses.key`, opened with SIF_ACUSES_CONTRASENA.

    Outside production it is made once, with the password of demonstrations, and the log says so. In production its
    absence, or that of its password, raises AuthorityMissing; a wrong password raises SigningError contrasena.
    """
    path = certificates_folder() / ACUSES_KEY
    password = os.environ.get(PASSWORD_VARIABLE, "" if settings.PRODUCTION else DEMO_PASSWORD)
    if settings.PRODUCTION and not (path.exists() and password):
        raise AuthorityMissing(
            f"No hay con qué sellar acuses: se busca la llave {path} y su contraseña en {PASSWORD_VARIABLE}. "
            "Deposite ahí la llave de la autoridad (PKCS#8 cifrada); en producción el sistema no la fabrica."
        )
    if not path.exists() and write_whole(path, encrypt_key(new_key(), password, "aes256_cbc"), once=True):
        _log.warning("Se hizo una llave de acuses de DEMOSTRACIÓN, sin validez legal: %s", path)
    return _opened(path, path.read_bytes(), password)


@cache
def _opened(path: Path, data: bytes, password: str) -> RSAPrivateKey:
    """Open an encrypted PKCS#8 key, in DER or in PEM, as openssl writes it.

    Opening takes two thousand rounds; `data` in the key of the cache notices a changed file.
    """
    return open_key(pem.unarmor(data)[2] if pem.detect(data) else data, password, path.name)


def demonstration_authority() -> MintedAuthority:
    """The authority that mints this installation's invented e.firmas and seals, made once and trusted by its folder.

    Raises AuthorityMissing in production, where nobody may sign with what the system itself made.
    """
    if settings.PRODUCTION:
        raise AuthorityMissing("En producción no se hacen certificados de demostración: use los del SAT.")
    cer, key = (certificates_folder() / f"{DEMO_NAME}.{ending}" for ending in ("cer", "key"))
    if not key.exists() and write_whole(key, encrypt_key(new_key(), DEMO_PASSWORD), once=True):
        _log.warning("Se hizo una autoridad de DEMOSTRACIÓN, sin validez legal: %s", cer)
    opened = _opened(key, key.read_bytes(), DEMO_PASSWORD)
    if not cer.exists():  # its certificate follows from its key, whoever writes it
        write_whole(cer, mint_authority(keys=iter([opened])).cer, once=True)
    return open_authority(cer.read_bytes(), opened)
