"""Store sessions by the digest of their cookie."""

import hashlib
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.middleware import SessionMiddleware as Middleware
from django.core import signing
from django.http import HttpRequest, HttpResponse

DIGITS = 40  # what the column holds: 160 bits of the digest
SECRETS: ContextVar[dict[str, str]] = ContextVar("secretos_de_sesion")
"""The secrets that a request brought or made, by their digests: a library may open its session again by the key."""


def digest_of(secret: str) -> str:
    """Return the key under which a session is kept; its secret has 165 bits of chance and cannot be searched."""
    return hashlib.sha256(secret.encode()).hexdigest()[:DIGITS]


class SessionStore(db.SessionStore):
    """Sessions in the database by the digest of their secret; the content is signed for its key and no other.

    `session_key` is the digest, which opens nothing; `secret` is what the cookie carries, known to the request that
    brought it or made it. A content copied under a key of one's own does not verify.
    """

    secret: str | None = None

    @classmethod
    def of_cookie(cls, secret: str | None) -> "SessionStore":
        """Open the session of a cookie; a new one where there is none."""
        store = cls(digest_of(secret) if secret else None)
        store.secret = secret
        return store

    def _get_new_session_key(self) -> str:
        self.secret = str(super()._get_new_session_key())  # type: ignore[misc]
        digest = digest_of(self.secret)
        SECRETS.get({})[digest] = self.secret
        return digest

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Sign the content for the key of this session."""
        return signing.dumps(session_dict, salt=self._salt(), serializer=self.serializer, compress=True)

    def decode(self, session_data: Any) -> dict[str, Any]:
        """Read a content signed for this key; any other is empty."""
        try:
            found: dict[str, Any] = signing.loads(session_data, salt=self._salt(), serializer=self.serializer)
        except signing.BadSignature:
            return {}
        return found

    def _salt(self) -> str:
        return f"{self.key_salt}:{self.session_key}"


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
