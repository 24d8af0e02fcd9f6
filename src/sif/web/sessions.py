"""Store sessions by the digest of their cookie, encrypted, and write them in acts."""

import hashlib
from base64 import urlsafe_b64encode
from contextvars import ContextVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.middleware import SessionMiddleware as Middleware
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import force_bytes

from sif.registry.scope import acting

DIGITS = 40  # what the column holds: 160 bits of the digest
SECRETS: ContextVar[dict[str, str]] = ContextVar("secretos_de_sesion")
"""The secrets that a request brought or made, by their digests: a library may open its session again by the key."""


def digest_of(secret: str) -> str:
    """Return the key under which a session is kept; its secret has 165 bits of chance and cannot be searched."""
    return hashlib.sha256(secret.encode()).hexdigest()[:DIGITS]


class SessionStore(db.SessionStore):
    """Sessions in the database by the digest of their secret; the content is encrypted for its key and no other.

    `session_key` is the digest, which opens nothing; `secret` is what the cookie carries, known to the request that
    brought it or made it. A content copied under a key of one's own does not open, and a row enters, changes and goes
    in an act alone: SQL under the page of somebody reads no session and puts none back (ADR 0234).
    """

    secret: str | None = None

    @classmethod
    def of_cookie(cls, secret: str | None) -> "SessionStore":
        """Open the session of a cookie; a new one where there is none."""
        store = cls(digest_of(secret) if secret else None)
        store.secret = secret
        return store

    @classmethod
    def clear_expired(cls) -> None:
        """Delete the sessions that ran out."""
        with acting():
            super().clear_expired()

    def _get_new_session_key(self) -> str:
        self.secret = str(super()._get_new_session_key())  # type: ignore[misc]
        digest = digest_of(self.secret)
        SECRETS.get({})[digest] = self.secret
        return digest

    def save(self, must_create: bool = False) -> None:
        """Write the session. Raises CreateError where its key is taken, UpdateError where it is no more."""
        with acting(savepoint=False):
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        """Delete this session, or the one of a key."""
        with acting():
            super().delete(session_key)

    def encode(self, session_dict: dict[str, object]) -> str:
        """Encrypt the content for the key of this session."""
        return self._cipher().encrypt(self.serializer().dumps(session_dict)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, object]:
        """Read a content encrypted for this key; any other is empty."""
        try:
            found: dict[str, object] = self.serializer().loads(self._cipher().decrypt(session_data))
        except InvalidToken:
            return {}
        return found

    def _cipher(self) -> MultiFernet:
        secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        return MultiFernet([Fernet(_key(force_bytes(each), f"{self.key_salt}:{self.session_key}")) for each in secrets])


def _key(secret: bytes, purpose: str) -> bytes:
    derived = HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)
    return urlsafe_b64encode(derived)


class SessionMiddleware(Middleware):
    """The sessions of Django with the secret in the cookie, and never the key of the table."""

    def process_request(self, request: HttpRequest) -> None:
        """Open the session of the cookie."""
        secret = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        SECRETS.set({digest_of(secret): secret} if secret else {})
        request.session = SessionStore.of_cookie(secret)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Put the secret in the cookie that Django writes with the key."""
        answered: HttpResponse = super().process_response(request, response)
        cookie = answered.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and cookie.value:
            answered.cookies[settings.SESSION_COOKIE_NAME] = SECRETS.get()[cookie.value]
        return answered
