"""Two acts at once, without sleeping: after each statement of one, the other is tried in a second connection.

`points(act, rival)` runs the act once. After every statement it runs the rival in a thread that has a second
connection, waits for a lock at most LOCK_TIMEOUT (the act, which stands still, keeps its own) and is rolled back
whatever happens. The act is rolled
back too, so that one committed world serves a module.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest import mock

from django.db import OperationalError, connection, connections, transaction

from sif.books.services import load_catalogs
from sif.registry import clock, scope

Act = Callable[[], Any]
LOCK_TIMEOUT = "5ms"
_LOCK_NOT_AVAILABLE = "55P03"


class _RolledBack(Exception):
    """Ends a transaction that must leave nothing."""


def _waits(rival: Act, moment: datetime) -> bool:
    """Whether the rival had to wait for a lock, tried whole and rolled back in this thread's connection."""
    try:
        with clock.at(moment), scope.everything(), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            rival()
            raise _RolledBack
    except _RolledBack:
        return False
    except OperationalError as refused:
        return getattr(refused.__cause__, "sqlstate", "") == _LOCK_NOT_AVAILABLE


@contextmanager
def _second_connection() -> Iterator[Callable[[Act], bool]]:
    """What tells whether a rival waits now, in a thread with one connection for all that is asked of it.

    It raises what the rival raised.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:

        def waits(rival: Act) -> bool:
            try:
                return thread.submit(_waits, rival, clock.now()).result()
            except BaseException as unexpected:
                raise AssertionError(f"El rival falló sin el otro acto: {unexpected!r}") from unexpected

        try:
            yield waits
        finally:
            thread.submit(lambda: connection.close()).result()


def rival_waits(rival: Act) -> bool:
    """Whether the rival waits now, in a second connection. Raises what the rival raised."""
    with _second_connection() as waits:
        return waits(rival)


def points(act: Act, rival: Act) -> list[tuple[str, bool]]:
    """Every statement of the act and whether the rival waited after it. Both must be able to run alone."""
    seen: list[tuple[str, bool]] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if not sql.startswith(("SAVEPOINT", "RELEASE")):
            seen.append((sql, waits(rival)))
        return done

    with _second_connection() as waits, _undone(), connection.execute_wrapper(watch):
        act()
    return seen


@contextmanager
def _undone() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise _RolledBack
    except _RolledBack:
        pass


def open_points(act: Act, rival: Act, table: str) -> list[str]:
    """The statements after which the rival could still run, from the first that reads or writes the contested table.

    Raises AssertionError when the act never names the table: then nothing was tried.
    """
    seen = points(act, rival)
    first = next((place for place, (sql, _) in enumerate(seen) if f'"{table}"' in sql), None)
    if first is None:
        raise AssertionError(f"El acto nunca tocó {table}: la prueba no probaría nada.")
    return [sql for sql, waited in seen[first:] if not waited]


def arrive_behind(hold: Act, act: Act, arrives: datetime, passes: datetime) -> Any:
    """What an act returns that arrives at one instant and waits for a lock that another connection ends at a later one.

    The act runs in a thread and asks for its first row lock while `hold` has it; both are rolled back. Raises what the
    act raised.
    """
    hour, answers, errors, asked = [arrives], list[Any](), list[BaseException](), threading.Event()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "FOR NO KEY UPDATE" in sql:
            asked.set()
        return execute(sql, params, many, context)

    def run() -> None:
        try:
            with scope.everything(), _undone(), connection.execute_wrapper(watch):
                answers.append(act())
        except BaseException as refused:
            errors.append(refused)
        finally:
            asked.set()
            connection.close()

    thread = threading.Thread(target=run)
    with mock.patch.object(clock, "now", side_effect=lambda: hour[0]):
        with _undone():
            hold()
            thread.start()
            asked.wait()
            hour[0] = passes
        thread.join()
    if errors:
        raise errors[0]
    return answers[0]


_KEPT = "^(django_(?!session)|auth_|procrastinate_)"


def empty_database() -> None:
    """Leave the tables as the template has them.

    The chart of the law went with the rest, because its table names who added accounts, and is loaded again: without it
    each world made in this database would load it for itself.
    """
    truncate_tables()
    load_catalogs("mx")


def truncate_tables() -> None:
    """Empty every table but those that migrations fill, as the owner and past the triggers that refuse it.

    What TRUNCATE does to two hundred tables takes longer than to delete the rows of the few that have some.
    """
    names = (  # of those whose file has something: to plan a question of two hundred tables takes a tenth of a second
        "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND relname !~ %s AND (relkind = 'p' OR pg_relation_size(oid) > 0)"
    )
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(names, [_KEPT])
        asked = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for (name,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(asked))
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute("".join(f"ALTER TABLE {name} DISABLE TRIGGER USER;" for name in tables))
        cursor.execute("".join(f"DELETE FROM {name};" for name in tables))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("".join(f"ALTER TABLE {name} ENABLE TRIGGER USER;" for name in tables))
    connections["owner"].close()


@contextmanager
def committed(blocker: Any, build: Callable[[], Any]) -> Iterator[Any]:
    """Commit a world for the tests of a module, with every book in sight, and empty the database after them."""
    with blocker.unblock():
        try:
            with scope.everything(), transaction.atomic():
                world = build()
            with scope.everything():
                yield world
        finally:
            empty_database()
