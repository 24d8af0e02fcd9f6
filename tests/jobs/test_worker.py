"""A worker killed at any statement of a job loses nothing: another takes up, and no piece is done twice."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections

from acts import committed
from jobs import pieces
from scene import Scene, make_scene
from sif.jobs import kinds
from sif.jobs.kinds import Kind
from sif.jobs.models import Trabajo
from sif.jobs.services import ask
from sif.registry.scope import everything

PIECES_OF = "SELECT n, alcance FROM prueba_efecto WHERE trabajo = %s ORDER BY n"
CLEAN = "DROP TABLE prueba_efecto; DELETE FROM procrastinate_jobs; DELETE FROM procrastinate_workers"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    def owner(statement: str) -> None:
        with django_db_blocker.unblock(), connections["owner"].cursor() as cursor:
            cursor.execute(statement)
            connections["owner"].close()

    owner("CREATE TABLE prueba_efecto (trabajo bigint, n int, alcance text)")
    folder = tmp_path_factory.mktemp("datos")
    try:
        with committed(django_db_blocker, lambda: make_scene(folder)) as scene:
            yield scene
    finally:
        owner(CLEAN)


@pytest.fixture
def asked(world: Scene, django_db_blocker: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trabajo]:
    settings.TRABAJOS_EN_LINEA = False
    monkeypatch.setitem(kinds._KINDS, "prueba", Kind("prueba", pieces.piece))
    with django_db_blocker.unblock(), everything():
        yield ask("prueba", f"prueba:{os.urandom(4).hex()}", {}, world.bruno)


def worker(die_at: int = 0) -> int:
    """Run a worker of its own process against the database of this test; returns how it ended."""
    url = psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    environment = {**os.environ, "DATABASE_URL": url, "DATABASE_OWNER_URL": url, "PYTHONPATH": "src:tests"}
    command = [sys.executable, pieces.__file__, str(die_at)]
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(command, env=environment, cwd=root, timeout=120, check=False).returncode


def silence_workers() -> None:
    """Make every heartbeat a minute older, as if a minute had gone by."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'")


def effects(trabajo: Trabajo) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(PIECES_OF, [trabajo.pk])
        return cursor.fetchall()


@pytest.mark.parametrize("statement", [1, 3, 6, 14])
def test_a_worker_killed_at_a_statement_loses_nothing_and_repeats_nothing(asked: Trabajo, statement: int) -> None:
    assert worker(die_at=statement) == -signal.SIGKILL
    asked.refresh_from_db()
    assert asked.estado == "en_curso" and len(effects(asked)) < pieces.PIECES
    silence_workers()
    assert worker() == 0
    asked.refresh_from_db()
    assert (asked.estado, asked.intentos, asked.hechas) == ("hecho", 2, pieces.PIECES)
    assert [n for n, _scope in effects(asked)] == [1, 2, 3, 4]


def test_each_job_runs_in_the_scope_of_who_asked_and_leaves_none_behind(asked: Trabajo, world: Scene) -> None:
    other = ask("prueba", "de-carla", {}, world.carla)
    assert worker() == 0
    (bruno,), (carla,) = ({scope for _n, scope in effects(each)} for each in (asked, other))
    assert bruno == str(world.libros.pk) and carla not in ("", "todo", bruno)
