"""Encrypt the letters that wait: a backup of the database shows no link that still works."""

import json
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes


class Unreadable(ValueError):
    """A letter that the secret of this installation does not open: it was another when it was queued."""


def seal(texto: str, html: str, identificador: str) -> str:
    """Encrypt a letter for its message alone."""
    return _cipher(identificador).encrypt(json.dumps([texto, html]).encode()).decode()


def unseal(sealed: str, identificador: str) -> tuple[str, str]:
    """Return the text and the HTML of a letter. Raises Unreadable."""
    try:
        texto, html = json.loads(_cipher(identificador).decrypt(sealed.encode()))
    except InvalidToken as wrong:
        raise Unreadable("La carta se cifró con otro SIF_SECRETO y ya no se abre.") from wrong
    return str(texto), str(html)


def _cipher(identificador: str) -> MultiFernet:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key(force_bytes(each), identificador)) for each in secrets])


def _key(secret: bytes, identificador: str) -> bytes:
    derived = HKDF(SHA256(), length=32, salt=None, info=f"sif.mail:{identificador}".encode()).derive(secret)
    return urlsafe_b64encode(derived)
