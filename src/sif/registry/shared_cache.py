"""Keep the cache that all processes share in a table of the database, each value signed with its key."""

import json
from typing import Any

from django.core import signing
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from sif.registry.scope import acting

SWEPT = 500  # writes between two deletions of what ran out
_LIVE = "SELECT value FROM sif_cache WHERE cache_key = %s AND expires > clock_timestamp()"
_PUT = """
INSERT INTO sif_cache AS c (cache_key, value, expires) VALUES (%(key)s, %(value)s, CASE WHEN %(seconds)s::float8 IS NULL
    THEN 'infinity' ELSE clock_timestamp() + make_interval(secs => %(seconds)s) END)
ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires
"""


class SharedCache(BaseCache):
    """A cache of JSON values over `sif_cache`; one that this program did not sign for that key is not there.

    The table is written before anybody is known, so an act of nobody writes it; SQL of a page, which has no act, reads
    and writes nothing (ADR 0239). A pickle would run what it says; JSON says no more than data, and the signature
    refuses what another wrote, or put under another key (ADR 0232).
    """

    def __init__(self, location: str, params: dict[str, object]) -> None:
        super().__init__(params)
        self._written = 0

    def get(self, key: str, default: object = None, version: int | None = None) -> object:
        """Return the value under a key, or the default."""
        made = self.make_and_validate_key(key, version=version)
        with acting(), connection.cursor() as cursor:
            cursor.execute(_LIVE, [made])
            row = cursor.fetchone()
        return default if row is None else _opened(made, row[0], default)

    def set(self, key: str, value: object, timeout: object = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Put a value under a key."""
        self._put(key, value, timeout, version, _PUT)

    def add(self, key: str, value: object, timeout: object = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Put a value under a key where none lives; tell whether it was put."""
        return self._put(key, value, timeout, version, _PUT + "WHERE c.expires <= clock_timestamp()")

    def touch(self, key: str, timeout: object = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Give a value that lives another term; tell whether there was one."""
        value = self.get(key, self, version)
        if value is self:
            return False
        self.set(key, value, timeout, version)
        return True

    def delete(self, key: str, version: int | None = None) -> bool:
        """Take away what is under a key; tell whether something was."""
        with acting(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM sif_cache WHERE cache_key = %s", [self.make_and_validate_key(key, version)])
            return bool(cursor.rowcount)

    def clear(self) -> None:
        """Take away everything."""
        with acting(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM sif_cache")

    def _put(self, key: str, value: object, timeout: Any, version: int | None, sql: str) -> bool:
        made = self.make_and_validate_key(key, version=version)
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        given = {"key": made, "value": _sealed(made, value), "seconds": seconds}
        with acting(), connection.cursor() as cursor:
            cursor.execute(sql, given)
            put = bool(cursor.rowcount)
            self._written += 1
            if self._written % SWEPT == 0:
                cursor.execute("DELETE FROM sif_cache WHERE expires <= clock_timestamp()")
        return put


def _salt(key: str) -> str:
    return f"sif_cache:{key}"


def _sealed(key: str, value: object) -> str:
    return signing.Signer(salt=_salt(key)).sign(json.dumps(value))


def _opened(key: str, sealed: str, default: object) -> object:
    try:
        return json.loads(signing.Signer(salt=_salt(key)).unsign(sealed))
    except (signing.BadSignature, ValueError):
        return default
