"""Worlds that stand while the tests that follow one another ask for the same one.

Making a world takes longer than most of what is asked of it. A fixture that says `@keeps(make)` finds what `make` made
already standing in a transaction around those of the tests: each has a copy of it, with a copy of its files, and what
it does is undone with it. The first test that does not ask for that world finds the database without it.
"""

import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test import override_settings

Make = Callable[[], Any]


def keeps[**P, R](make: Make) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Say, below the `@pytest.fixture` of a function, which world it gives; it takes its copy with `world_of(make)`."""

    def said(function: Callable[P, R]) -> Callable[P, R]:
        function.keeps = make  # type: ignore[attr-defined]
        return function

    return said


@dataclass
class _Standing:
    """The world that stands, the folder of its files, and the transaction that holds it in a connection."""

    make: Make
    made: Any
    files: TemporaryDirectory[str]
    held: transaction.Atomic
    inside: Any
    number: int
    blocker: Any

    def is_whole(self) -> bool:
        """Whether no test closed its connection, or ended its transaction, which undid it."""
        if connection.connection is not self.inside or connection.needs_rollback or not connection.in_atomic_block:
            return False
        return self.number == _transaction_of(self.inside)


class Worlds:
    """Put up the world a test asks for before its transaction begins, and take it down before one that does not ask."""

    def __init__(self) -> None:
        self._standing: _Standing | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Take down what the test does not ask for, or what the one before left without its connection."""
        if self._standing and (self._standing.make is not world_asked_by(item) or not self._standing.is_whole()):
            self.take_down()

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: pytest.FixtureRequest) -> None:
        """Put up the world when the database is there and pytest-django has not begun the transaction of the test.

        What serves several tests may open a transaction of its own, which must not end around a world nor within it;
        that of a plugin (without a base) opens none.
        """
        if fixturedef.scope != "function":
            if fixturedef.baseid and self._standing and connection.atomic_blocks[-1:] == [self._standing.held]:
                self.take_down()
            return
        begins = fixturedef.argname == "_django_db_helper" and not self._standing and not connection.in_atomic_block
        if begins and (make := world_asked_by(request.node)):
            self._put_up(make, request)

    def pytest_sessionfinish(self) -> None:
        """Leave nothing standing."""
        self.take_down()

    def copy_of(self, make: Make, folder: Path) -> Any:
        """A copy of the world of `make`, with a copy of its files in a folder; None where it does not stand."""
        if not self._standing or self._standing.make is not make:
            return None
        copytree(self._standing.files.name, folder, dirs_exist_ok=True, ignore=ignore_patterns("*.sock"))
        return deepcopy(self._standing.made)

    def _put_up(self, make: Make, request: pytest.FixtureRequest) -> None:
        blocker = request.getfixturevalue("django_db_blocker")
        files, held = TemporaryDirectory(prefix="sif-mundo-"), transaction.atomic()
        with blocker.unblock(), override_settings(DATOS=Path(files.name)):
            held.__enter__()
            try:
                made = make()
                connection.check_constraints()  # now, and not again after each test
            except BaseException:
                held.__exit__(*sys.exc_info())
                raise
        self._standing = _Standing(
            make, made, files, held, connection.connection, _transaction_of(connection.connection), blocker
        )

    def take_down(self) -> None:
        """Undo what stands, if anything does; whoever closes the connections asks for it first."""
        standing, self._standing = self._standing, None
        if standing is None:
            return
        standing.files.cleanup()
        with standing.blocker.unblock():
            if connection.connection is standing.inside and connection.in_atomic_block:
                transaction.set_rollback(True)
                standing.held.__exit__(None, None, None)


def _transaction_of(inside: Any) -> int:
    """The number of the transaction open on a connection of psycopg; 0 where none has written, or it failed."""
    try:
        with psycopg.Cursor(inside) as cursor:
            found = cursor.execute("SELECT pg_current_xact_id_if_assigned()::text").fetchone()
    except psycopg.Error:
        return 0
    return int((found and found[0]) or 0)


def world_asked_by(item: pytest.Item) -> Make | None:
    """The world that a test asks for through its fixtures; one that commits makes its own."""
    marker = item.get_closest_marker("django_db")
    if "transactional_db" in item.fixturenames or (marker and marker.kwargs.get("transaction")):
        return None
    used = (item._fixtureinfo.name2fixturedefs.get(name) for name in item.fixturenames)
    makes = (getattr(definitions[-1].func, "keeps", None) for definitions in used if definitions)
    return next(filter(None, makes), None)


@pytest.fixture
def world_of(db: None, settings: Any, tmp_path: Path) -> Callable[[Make], Any]:
    """Give the test its copy of a world, and the folder of its files; a world that does not stand is made."""
    settings.DATOS = tmp_path

    def give(make: Make) -> Any:
        copied = WORLDS.copy_of(make, tmp_path)
        return make() if copied is None else copied

    return give


WORLDS = Worlds()
