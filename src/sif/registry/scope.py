"""Set the scope of a database connection, which row level security enforces.

The scope is the set of books that the connection may read; without a scope, no row is visible. Selectors filter too,
but a selector without its filter shows nothing rather than the books of another party. A pass carries the scope in the
setting `sif.pase` of the session, as `scope|expires|backend|person|acts|hmac`. The pass is signed with a key that SQL
of the ordinary role cannot read, so a pass forged by SQL opens nothing. The person of the pass is the author of the
records written under the pass; 0 is nobody. A plain pass reads, and writes working state only. Records are written
under a pass that acts, which a service opens for one transaction (`acting`, ADR 0228).
"""

import hmac
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import NamedTuple
from weakref import WeakKeyDictionary

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, NotSupportedError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus

from sif.registry import clock

EVERYTHING = "todo"
REGISTRY = "registro"
WHOEVER_SIGNS = -1
"""The person of a pass that writes records of any author: demonstrations use it, and processes that serve never do."""
OPERATOR = -2
"""The person of a pass of the operator of the machine: only commands sign such a pass.

Under such a pass, invitation links without an author are inserted and the chart of accounts is changed.
"""
QUEUE = -3
"""The person of a pass that takes jobs from the queue: only queue connections of a worker use this pass (ADR 0233)."""
DOOR = -4
"""The person of a pass that counts attempts: only `limits` opens this pass, around its own statement."""
MAIL = -5
"""The person of a pass that reads the queued mail and records each delivery: only `mail` opens this pass."""
KEY_VARIABLE = "SIF_LLAVE_ALCANCE"
PATH = "public, pg_temp"
"""The search path of a session: our schema first, so that no temporary table of the same name hides a table of ours."""
HOUR = 3600
BEHIND = timedelta(minutes=30)
"""The delay of the clock behind the last cut that an act tolerates: half the tolerance of `sif verificar`."""
_MARKS = list[Callable[[], None]]()
_WITHIN: ContextVar[object] = ContextVar("_WITHIN", default=None)
"""The connection with an act in progress, so that a nested act need not query the pass again."""
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
    """Sign a pass over a scope for one backend of the database.

    acts: whether records may be written under the pass. An empty scope of nobody (0) that does not act gives '', which
    needs no signature. Raises ValueError for a malformed scope.
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

    `s5` among the numbers is every set of books of subject 5. The pass is good for this connection alone, and expires
    after `seconds` (one hour by default).
    """
    _open(value, person, seconds)


def _open(value: str, person: int, seconds: int = HOUR) -> None:
    connection.ensure_connection()
    _set(_mint_here(value, person, seconds))


def _mint_here(value: str, person: int, seconds: int, *, acts: bool = False) -> str:
    return mint(value, connection.connection.info.backend_pid, person, seconds, acts=acts)


def lend_scope(aside: BaseDatabaseWrapper) -> None:
    """Copy the scope and the person of this connection to another connection of this process, for half a day."""
    here = _read(_current())
    aside.ensure_connection()
    _set(mint(here.scope, aside.connection.info.backend_pid, here.person, 12 * HOUR, acts=here.acts), aside)


_WRITES = f"pg_catalog.set_config('sif.pase', %s, false), pg_catalog.set_config('search_path', '{PATH}', false)"
_SAID = "coalesce(pg_catalog.current_setting('sif.pase', true), '')"
OPEN_PASS = f"SELECT {_WRITES}"
"""The SQL that sets a pass and the search path on a session."""


_LEAVE = (
    "CLOSE ALL; UNLISTEN *; DEALLOCATE ALL; SELECT pg_catalog.pg_advisory_unlock_all(); RESET ALL; DISCARD TEMP;"
    " DISCARD SEQUENCES"
)


def _set(said: str, on: BaseDatabaseWrapper | None = None) -> None:
    """Set a pass and the search path on a connection.

    The pass is a parameter and not part of the statement: every session of the role reads the text of statements in
    `pg_stat_activity`, and a pass read there could be replayed by a later request on the same backend.
    """
    here = on or connection
    here.ensure_connection()
    with _beside(here) as cursor:
        cursor.execute(OPEN_PASS, [said])
    _WRITTEN[here.connection] = said


def _beside(on: BaseDatabaseWrapper) -> CursorWrapper:
    """Return a cursor that sends the parameters of a statement apart from its text."""
    made: CursorWrapper = on._prepare_cursor(psycopg.Cursor(on.connection))  # type: ignore[attr-defined]
    return made


_WRITTEN = WeakKeyDictionary[object, str]()
"""The last pass set by this process on each connection: a guess, since a rollback or injected SQL may replace it."""


def leave_session(*, closed: bool = True) -> None:
    """Reset the session of this connection, so that the next request finds a new one.

    The reset removes settings, temporary tables, locks, cursors, prepared statements, channels and sequences
    (ADR 0232). An open transaction, or an error of the database, closes the connection instead.

    closed: whether the pass is removed too; False keeps the pass.
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


class _Stood(NamedTuple):
    """The previous pass of a connection, the isolation level of its transaction, and the time of the last cut."""

    said: str
    isolation: str
    cut: datetime | None


_EXCHANGE = (
    f"WITH stood AS MATERIALIZED (SELECT {_SAID} AS said,"
    " pg_catalog.current_setting('transaction_isolation') AS isolation,"
    " (SELECT hecho_el FROM public.registry_corte ORDER BY numero DESC LIMIT 1) AS cut)"
    f" SELECT said, isolation, cut, {_WRITES} FROM stood"
)
"""The SQL that opens a pass and answers which stood, each name with its schema: an object of a page, found first in its
path, would run beside the pass."""


def _exchange(sign: Callable[[str], str]) -> _Stood:
    """Replace the current pass by the pass that `sign` builds from it, and return the previous state.

    One statement is enough if the current pass is the last pass set by this process (`_WRITTEN`). Otherwise the pass
    signed for that guess is overwritten before any other statement, or the connection is closed (ADR 0265).
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
    """Register a function that every act runs first while the clock is behind the last cut (ADR 0243)."""
    _MARKS.append(mark)


class _Pass(NamedTuple):
    scope: str = ""
    expires: int = 0
    person: int = 0
    acts: bool = False


def _read(said: str) -> _Pass:
    """Parse a pass; return an empty pass if its signature is bad or its session is another.

    SQL injected in a page may set any text as the pass, even a pass stolen from another session: such a text is read
    as the empty pass, so no act signs it again.
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
    """Return the text of a scope over some contabilidades, and over all the contabilidades of some subjects."""
    whole = [f"s{number}" for number in sorted(set(sujetos))]
    return ",".join(whole + [str(number) for number in sorted(set(contabilidades))])


def _standing(said: str) -> _Pass:
    """Parse a pass; return an empty pass for an expired one, so that no expired pass is signed again."""
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
            _set(before)  # the exact text as before, even an unsigned one


def _to_act(before: str) -> str:
    """Sign the current pass as a pass that acts; a pass that already acts is returned unchanged."""
    here = _read(before)
    if here.acts:
        return before
    left = here.expires - int(time.time()) if here.expires else HOUR  # an expired pass stays expired
    return _mint_here(here.scope, here.person, left, acts=True)


@contextmanager
def acting(*, savepoint: bool = True) -> Iterator[None]:
    """Run one act in a transaction, under a pass that writes records with the current scope and person.

    Between acts, the pass of a request only reads records, so SQL injected in a page writes no record (ADR 0228). The
    pass ends with the act, or with the rollback of the act. An act within another act is part of the outer one.

    savepoint: whether the act is a savepoint, which can be rolled back alone; False saves two statements. Raises
    NotSupportedError where the transaction is not READ COMMITTED.
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
    """Open the scope of all books, for the work of the authority and for jobs; the pass lasts half a day at most.

    person: the author of the records; by default the person of the current pass. acts: for a record written outside
    any act.
    """
    with _within(EVERYTHING, person, 12 * HOUR, acts=acts):
        yield


@contextmanager
def only(contabilidades: Iterable[int]) -> Iterator[None]:
    """Open the scope of some books alone."""
    with _within(scope_of(contabilidades)):
        yield


@contextmanager
def registering(person: int | None = None) -> Iterator[None]:
    """Open the scope of the registry: no books, but the tables of permissions and terms, for one insert.

    No request has this scope, not even a request of the authority: the service that checked the act opens the scope
    around its write. `person` is the author of the act; by default the person of the current pass.
    """
    with _within(REGISTRY, person):
        yield


@contextmanager
def counting() -> Iterator[None]:
    """Open the table of attempts, without books or person, for one statement that counts attempts (`limits`)."""
    with _within("", DOOR):
        yield
