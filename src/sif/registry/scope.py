"""Whose books a connection may see: the second wall, which row level security enforces in the database.

Nothing is visible until a scope is opened. The selectors filter as well; if one forgets, the database shows nothing
rather than the books of another party.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

EVERYTHING = "todo"


def set_scope(value: str) -> None:
    """Set the scope of this connection: '' nothing, 'todo' everything, or numbers of contabilidad with commas."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sif.alcance', %s, false)", [value])


def current_scope() -> str:
    """The scope of this connection as `set_scope` takes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('sif.alcance', true), '')")
        return str(cursor.fetchone()[0])


def scope_of(contabilidades: Iterable[int]) -> str:
    """The text of a scope over these contabilidades and no others."""
    return ",".join(str(number) for number in sorted(set(contabilidades)))


@contextmanager
def _within(value: str) -> Iterator[None]:
    before = current_scope()
    set_scope(value)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            set_scope(before)


@contextmanager
def everything() -> Iterator[None]:
    """All books: for the authority's work and for jobs."""
    with _within(EVERYTHING):
        yield


@contextmanager
def only(contabilidades: Iterable[int]) -> Iterator[None]:
    """These books alone."""
    with _within(scope_of(contabilidades)):
        yield
