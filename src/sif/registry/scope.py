"""Set the scope of a connection, which row level security enforces.

Nothing is visible until a scope is opened. The selectors filter as well; if one forgets, the database shows nothing
rather than the books of another party. A scope is a pass, `scope|expires|backend|person|acts|hmac`, signed with a key
that SQL of the ordinary role cannot read: what it writes in the setting by itself opens nothing. The person of the pass
is who signs the records written under it: 0 is nobody. A pass reads; records enter under one that acts, which a service
opens for one transaction (`acting`).
"""

import hmac
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, NotSupportedError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

from sif.registry import clock

EVERYTHING = "todo"
REGISTRY = "registro"
WHOEVER_SIGNS = -1
"""The person of a pass that writes records in the name of whoever each one says: no process that serves mints it."""
OPERATOR = -2
"""The person of a pass of who holds the machine: commands alone mint it.

Under it a link of nobody enters, and the chart of accounts changes.
"""
QUEUE = -3
"""The person of a pass that takes jobs from the queue: the connections of a worker to it alone mint it (ADR 0233)."""
DOOR = -4
"""The person of a pass that counts attempts: `limits` opens it around its own statement and nothing else does."""
MAIL = -5
"""The person of a pass that reads the letters that wait and notes what became of them: `mail` alone opens it."""
KEY_VARIABLE = "SIF_LLAVE_ALCANCE"
PATH = "public, pg_temp"
"""Where a session looks for tables: ours first, so that a temporary one of the same name is never read for it."""
HOUR = 3600
BEHIND = timedelta(minutes=30)
"""How far before the last cut the clock may be without a mark: half of what `sif verificar` forgives."""
_MARKS = list[Callable[[], None]]()
_WITHIN: ContextVar[object] = ContextVar("_WITHIN", default=None)
"""The connection whose pass acts: what a service calls within its act need not ask the database again."""
_SCOPE = re.compile(r"|todo|registro|s?[0-9]+(,s?[0-9]+)*")


def scope_key() -> bytes:
    """Read the key of the passes, 32 bytes in hexadecimal, from the environment of the process."""
    said = os.environ.get(KEY_VARIABLE, "")
    if not re.fullmatch(r"[0-9a-fA-F]{64}", said):
        raise ImproperlyConfigured(
            f"{KEY_VARIABLE} trae {len(said)} caracteres y debe traer 64 hexadecimales (32 bytes). Dé la misma llave "
            "con que se corrió `sif migrar`; una nueva sale de `openssl rand -hex 32` y pide migrar otra vez."
        )
    return bytes.fromhex(said)


def mint(scope: str, backend: int, person: int = 0, seconds: int = HOUR, *, acts: bool = False) -> str:
    """Sign a pass over a scope for one backend of the database; nothing ('') of nobody (0) needs no signature.

    acts: whether records enter under it.
    """
    if not _SCOPE.fullmatch(scope):
        raise ValueError(
            f"«{scope[:40]}» no es un alcance: es '', 'todo', 'registro', o números de contabilidad y s más un sujeto."
        )
    if not scope and not person and not acts:
        return ""
    said = f"{scope}|{int(time.time()) + seconds}|{backend}|{person}|{'acto' if acts else ''}"
    return f"{said}|{_signature(said)}"


def _signature(said: str) -> str:
    return hmac.digest(scope_key(), said.encode(), "sha256").hex()


def set_scope(value: str, person: int = 0, seconds: int = HOUR) -> None:
    """Set the scope of this connection: '' nothing, 'todo' everything, or numbers of contabilidad with commas.

    `s5` among them is every set of books of subject 5. The pass serves this connection alone, and one hour.
    """
    _open(value, person, seconds)


def _open(value: str, person: int, seconds: int = HOUR) -> None:
    connection.ensure_connection()
    _set(_mint_here(value, person, seconds))


def _mint_here(value: str, person: int, seconds: int, *, acts: bool = False) -> str:
    return mint(value, connection.connection.info.backend_pid, person, seconds, acts=acts)


def lend_scope(aside: BaseDatabaseWrapper) -> None:
    """Open on another connection of this process the scope and the person of this one, for half a day."""
    here = _read(_current())
    aside.ensure_connection()
    _set(mint(here.scope, aside.connection.info.backend_pid, here.person, 12 * HOUR, acts=here.acts), aside)


OPEN_PASS = (
    f"SELECT pg_catalog.set_config('sif.pase', %s, false), pg_catalog.set_config('search_path', '{PATH}', false)"
)
"""The SQL that opens a pass on a session, and the path where it looks for names."""


_LEAVE = (
    "CLOSE ALL; UNLISTEN *; DEALLOCATE ALL; SELECT pg_catalog.pg_advisory_unlock_all(); RESET ALL; DISCARD TEMP;"
    " DISCARD SEQUENCES"
)


def _set(said: str, on: BaseDatabaseWrapper | None = None) -> None:
    """Write a pass, and the path where names are looked for, on a connection.

    The pass goes beside the statement and not in its text, which every session of the role reads in `pg_stat_activity`:
    a pass taken from there would serve whoever is answered later by that backend.
    """
    here = on or connection
    here.ensure_connection()
    with _beside(here) as cursor:
        cursor.execute(OPEN_PASS, [said])
    _WRITTEN[here.connection] = said


def _beside(on: BaseDatabaseWrapper) -> Any:
    """Give a cursor that sends what a statement is given apart from its text."""
    return on._prepare_cursor(psycopg.Cursor(on.connection))  # type: ignore[attr-defined]


_WRITTEN = WeakKeyDictionary[Any, str]()
"""The pass that this process wrote last on each connection. A rollback undoes it, or SQL in a page: it is a guess."""


def leave_session(*, closed: bool = True) -> None:
    """Leave this connection to the next request as it was opened: nothing of this one stays in its session.

    Neither pass, settings, temporary tables, locks, cursors, statements, channels nor transaction (ADR 0232).

    closed: whether the pass is taken as well; a visitor has none. What cannot be left clean is closed.
    """
    here = connection.connection
    if here is None:
        return
    if not connection.in_atomic_block and here.info.transaction_status != TransactionStatus.IDLE:
        connection.close()
        return
    kept = "" if closed else _current()
    try:
        with connection.cursor() as cursor:
            cursor.execute(_LEAVE)
        _WRITTEN.pop(here, None)
        if kept:
            _set(kept)
    except DatabaseError:
        connection.close()


_SAID = "coalesce(current_setting('sif.pase', true), '')"


class _Stood(NamedTuple):
    """The pass that stood on this connection, how its transaction sees what others write, and the last cut's hour."""

    said: str
    isolation: str
    cut: datetime | None


_EXCHANGE = (
    "WITH stood AS MATERIALIZED (SELECT coalesce(pg_catalog.current_setting('sif.pase', true), '') AS said,"
    " pg_catalog.current_setting('transaction_isolation') AS isolation,"
    " (SELECT hecho_el FROM public.registry_corte ORDER BY numero DESC LIMIT 1) AS cut) SELECT said, isolation, cut,"
    f" pg_catalog.set_config('sif.pase', %s, false), pg_catalog.set_config('search_path', '{PATH}', false) FROM stood"
)
"""The SQL that opens a pass and answers which stood, each name with its schema: an object of a page, found first in its
path, would run beside the pass."""


def _exchange(sign: Callable[[str], str]) -> _Stood:
    """Write the pass that `sign` gives for the one that stands, and return what stood.

    It is one statement where what stands is what this process wrote last; where it is not, what was signed for that
    guess is written over before anything else runs, or the connection is closed.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    guess = _WRITTEN.get(connection.connection, "")
    signed = sign(guess)
    with _beside(connection) as cursor:
        try:
            cursor.execute(_EXCHANGE, [signed])
            stood = _Stood(*cursor.fetchone()[:3])
            _WRITTEN[connection.connection] = signed
            if stood.said != guess:
                _set(sign(stood.said))
        except BaseException:
            connection.close()
            raise
    return stood


def _current() -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_SAID}")
        return str(cursor.fetchone()[0])


def when_clock_is_behind(mark: Callable[[], None]) -> None:
    """Register the function that an act runs first where the clock is behind the last cut (ADR 0243)."""
    _MARKS.append(mark)


class _Pass(NamedTuple):
    scope: str = ""
    expires: int = 0
    person: int = 0
    acts: bool = False


def _read(said: str) -> _Pass:
    """Read a pass; nothing of nobody where its signature is not ours, or it was signed for another session.

    SQL in a page writes any text there: a pass taken from the page of somebody else is signed anew by no act.
    """
    head, _, signature = said.rpartition("|")
    parts = head.split("|")
    if len(parts) != 5 or not hmac.compare_digest(_signature(head), signature):
        return _Pass()
    if parts[2] != str(connection.connection.info.backend_pid):
        return _Pass()
    return _Pass(parts[0], int(parts[1]), int(parts[3]), parts[4] == "acto")


def current_scope() -> str:
    """Return the scope of this connection as `set_scope` takes it."""
    return _read(_current()).scope


def scope_of(contabilidades: Iterable[int], sujetos: Iterable[int] = ()) -> str:
    """Return the text of a scope over these contabilidades, and every one of these subjects, and no others."""
    whole = [f"s{number}" for number in sorted(set(sujetos))]
    return ",".join(whole + [str(number) for number in sorted(set(contabilidades))])


def _standing(said: str) -> _Pass:
    """Read a pass that has not run out: what did is not signed anew."""
    here = _read(said)
    return here if here.expires >= time.time() else _Pass()


def _person_of(said: str) -> int:
    return _standing(said).person


@contextmanager
def _within(value: str, person: int | None = None, seconds: int = HOUR, *, acts: bool = False) -> Iterator[None]:
    def sign(before: str) -> str:
        who = _person_of(before) if person is None else person
        return _mint_here(value, who, seconds, acts=acts or _standing(before).acts)

    before = _exchange(sign).said
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _set(before)  # as it stood: what was not signed then is not signed now


def _to_act(before: str) -> str:
    """Sign the pass that stands as one that acts; what acts already stays as it is."""
    here = _read(before)
    if here.acts:
        return before
    left = here.expires - int(time.time()) if here.expires else HOUR  # what has run out stays so
    return _mint_here(here.scope, here.person, left, acts=True)


@contextmanager
def acting(*, savepoint: bool = True) -> Iterator[None]:
    """Run one act in a transaction under a pass that writes records; scope and person stay what they are.

    What a request holds between its acts only reads, so SQL that gets into a page writes no record (ADR 0228). The pass
    ends with the act, or with the rollback that undoes it. An act within another is a part of it that can be undone.

    savepoint: whether it can; one that is not undone alone costs two statements less.
    """
    with transaction.atomic(savepoint=savepoint):
        if _WITHIN.get() is connection.connection:
            yield
            return
        before, isolation, cut = _exchange(_to_act)
        if isolation != "read committed":
            raise NotSupportedError(f"Un acto lee lo último que se escribió; esta transacción es «{isolation}».")
        if _read(before).acts:
            yield
            return
        outer = _WITHIN.set(connection.connection)
        try:
            if cut is not None and clock.now() < cut - BEHIND:
                for mark in _MARKS:
                    mark()
            yield
        finally:
            _WITHIN.reset(outer)
        _set(before)


@contextmanager
def everything(person: int | None = None, *, acts: bool = False) -> Iterator[None]:
    """All books: for the authority's work and for jobs, half a day at most.

    person: in whose name records are written; whoever the pass names unless told. acts: for a record that is written
    by itself, with no act around it.
    """
    with _within(EVERYTHING, person, 12 * HOUR, acts=acts):
        yield


@contextmanager
def only(contabilidades: Iterable[int]) -> Iterator[None]:
    """These books alone."""
    with _within(scope_of(contabilidades)):
        yield


@contextmanager
def registering(person: int | None = None) -> Iterator[None]:
    """No books, and the tables that say who may do what and until when, for as long as one insert lasts.

    No request has this scope, not even the authority's: only the service that judged the act opens it, around its
    write. The person of the pass stays who it was, unless the act is of another `person`.
    """
    with _within(REGISTRY, person):
        yield


@contextmanager
def counting() -> Iterator[None]:
    """No books and nobody, and the table of attempts, for one statement that counts them (`registry.limits`)."""
    with _within("", DOOR):
        yield
