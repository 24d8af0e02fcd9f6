"""Count attempts in one table that every process shares, and refuse those beyond a rate.

One statement counts and answers, by the clock of the database. Keys are kept as digests: the table names no person and
no address. It is unlogged: after a crash of the server the counts begin again. Its wall opens to the pass of these
statements alone: SQL of a page neither locks anybody out nor gives attempts back (ADR 0241).
"""

import hashlib
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from random import random

from django.db import connection

from sif.registry.scope import counting

PURGED = 0.002  # share of the attempts that also delete the rows whose window is long past


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` attempts in a window of `seconds`, which opens with the first of them."""

    name: str
    most: int
    seconds: int


ACCOUNT_AND_ADDRESS = Rate("entrada", 5, 300)
ADDRESS = Rate("direccion", 60, 60)
ACCOUNT = Rate("cuenta", 30, 24 * 3600)
WRONG_PERSONAL_KEY = Rate("clave_personal", 20, 3600)
TYPED_PERSONAL_KEY = Rate("clave_escrita", 200, 3600)
"""The whole keys that nobody has, typed in a line: who captures writes many, and who uncovers a mask, a million."""
API_PERSON = Rate("api", 600, 60)
API_WRONG_KEY = Rate("api_clave", 20, 60)
RECOVER = Rate("recuperar", 5, 3600)
"""The links that one network asks for, of whatever account."""
RECOVER_ACCOUNT = Rate("recuperar_cuenta", 3, 3600)
"""The links that are asked for one account, from wherever."""
TOLD = Rate("limite_dicho", 1, 300)
"""The events that say that an account was tried beyond its rate."""
SEALED_PDF = Rate("pdf_sellado", 30, 60)
"""The sealed PDF that one network asks to have judged."""
PROOF = Rate("prueba", 1, 600)
"""The acts of one proof of who acts, by a number of its own: the first takes it, whoever presses at the same time."""

_TAKE = """
INSERT INTO registry_limite AS l (clave, n, desde) VALUES (%(key)s, 1, clock_timestamp())
ON CONFLICT (clave) DO UPDATE SET
    n = CASE WHEN l.desde <= clock_timestamp() - make_interval(secs => %(seconds)s) THEN 1 ELSE l.n + 1 END,
    desde = CASE WHEN l.desde <= clock_timestamp() - make_interval(secs => %(seconds)s) THEN clock_timestamp()
            ELSE l.desde END
RETURNING n, ceil(extract(epoch FROM desde + make_interval(secs => %(seconds)s) - clock_timestamp()))::int
"""
_COUNT = """
SELECT n, ceil(extract(epoch FROM desde + make_interval(secs => %(seconds)s) - clock_timestamp()))::int
FROM registry_limite WHERE clave = %(key)s AND desde > clock_timestamp() - make_interval(secs => %(seconds)s)
"""


def _given(rate: Rate, key: str) -> dict[str, str | int]:
    digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32]
    return {"key": f"{rate.name}:{digest}", "seconds": rate.seconds}


def take(rate: Rate, key: str) -> int:
    """Count an attempt; return 0 when it is within the rate, otherwise the seconds to wait."""
    with counting(), connection.cursor() as cursor:
        cursor.execute(_TAKE, _given(rate, key))
        number, wait = cursor.fetchone()
        if random() < PURGED:  # noqa: S311 - when to sweep is no secret
            cursor.execute("DELETE FROM registry_limite WHERE desde < clock_timestamp() - interval '2 days'")
    return max(1, int(wait)) if number > rate.most else 0


def give_back(rate: Rate, key: str) -> None:
    """Take an attempt out of the count: it turned out to be right."""
    with counting(), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_limite SET n = n - 1 WHERE clave = %(key)s AND n > 0", _given(rate, key))


def waiting(rate: Rate, key: str) -> int:
    """Return the seconds to wait without counting an attempt; 0 when one more is within the rate."""
    with counting(), connection.cursor() as cursor:
        cursor.execute(_COUNT, _given(rate, key))
        row = cursor.fetchone()
    return max(1, int(row[1])) if row and row[0] >= rate.most else 0


def of_address(address: str) -> str:
    """Return the key of an address: itself, or the network of 64 bits that one subscriber of IPv6 holds."""
    parsed = ip_address(address)
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address
