"""Walls of what no person's scope opens: attempts are of who counts them, a leaf of whose books it is of."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from sif.registry import limits
from sif.registry.scope import acting, registering, set_scope
from small_world import World

ONCE = limits.Rate("prueba", 1, 60)
FORGED = {
    "close the door of a person": "UPDATE registry_limite SET n = 1000000, desde = '2999-01-01'",
    "close it beforehand": "INSERT INTO registry_limite VALUES ('entrada:0', 1000000, '2999-01-01')",
    "give attempts back": "DELETE FROM registry_limite",
}


@contextmanager
def tried(scope: str, person: int, *, acts: bool) -> Iterator[None]:
    """SQL under the page of somebody, or in an act of theirs."""
    set_scope(scope, person)
    with transaction.atomic():
        if acts:
            with acting():
                yield
        else:
            yield
    set_scope("")


@pytest.mark.parametrize("acts", [False, True])
@pytest.mark.parametrize("scope", ["", "s{party}", "todo", "registro"])
@pytest.mark.parametrize("forged", FORGED)
def test_sql_of_a_page_neither_locks_out_nor_gives_attempts_back(
    world: World, forged: str, scope: str, acts: bool
) -> None:
    assert [limits.take(ONCE, "alicia"), limits.take(ONCE, "alicia") > 0] == [0, True]
    with (
        tried(scope.format(party=world.party.pk), world.clerk.pk if scope else 0, acts=acts),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT count(*) FROM registry_limite")
        assert cursor.fetchone() == (0,)
        try:
            with transaction.atomic():
                cursor.execute(FORGED[forged])
                assert cursor.rowcount == 0
        except DatabaseError as refused:
            assert "row-level security" in str(refused)
    assert 0 < limits.waiting(ONCE, "alicia") <= ONCE.seconds
    assert limits.take(ONCE, "beto") == 0


def test_to_count_leaves_the_pass_that_was(world: World) -> None:
    set_scope(f"s{world.party.pk}", world.clerk.pk)
    limits.take(ONCE, "alicia")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sif_persona(), array_agg(n) FROM sif_sujetos() n")
        assert cursor.fetchone() == (world.clerk.pk, [world.party.pk])


def leaves(of: int | None = None) -> int:
    with connection.cursor() as cursor:
        where = "" if of is None else f" WHERE contabilidad_id = {of}"
        cursor.execute(f"SELECT count(*) FROM registry_hoja{where}")
        return int(cursor.fetchone()[0])


def test_a_leaf_is_read_by_whose_books_it_is_of_by_the_authority_and_by_the_cut(world: World) -> None:
    set_scope("todo", world.clerk.pk)
    whole, own = leaves(), leaves(world.books.pk)
    assert whole > leaves(world.other_books.pk) > 0 < own
    set_scope(str(world.books.pk), world.clerk.pk)
    assert leaves() == leaves(world.books.pk) == own
    set_scope("")
    assert leaves() == 0
    with registering():
        assert leaves() == whole
