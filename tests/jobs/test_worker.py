"""A worker killed at any statement of a job loses nothing: another takes up, and no piece is done twice."""

import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections

from acts import committed
from jobs import pieces
from jobs.workers import as_worker, worker
from scene import Scene, make_scene
from sif.jobs import kinds, running
from sif.jobs.kinds import Kind
from sif.jobs.models import Trabajo
from sif.jobs.running import run_pieces
from sif.jobs.services import TrabajoRefused, ask, cancel, resume
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


def silence_workers() -> None:
    """Make every heartbeat a minute older, as if a minute had gone by."""
    with as_worker(), connection.cursor() as cursor:
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


def apart(act: Any) -> None:
    """Do an act in a thread, whose connection is its own, and wait until it is committed."""

    def run() -> None:
        with everything():
            act()
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


@pytest.mark.parametrize("tells", [True, False], ids=["at a word of progress", "at the next piece"])
def test_a_job_cancelled_while_it_runs_stops_and_goes_on_where_it_was(
    asked: Trabajo, world: Scene, monkeypatch: pytest.MonkeyPatch, tells: bool
) -> None:
    monkeypatch.setattr(running, "EVERY", 0)

    def cancelled_in_the_second(encargo: Any) -> Any:
        done = pieces.piece(encargo)
        if encargo.n == 2:
            apart(lambda: cancel(asked, world.bruno))
            if tells:
                encargo.tell(1)
        return done

    monkeypatch.setitem(kinds._KINDS, "prueba", Kind("prueba", cancelled_in_the_second, pieces=lambda _t: 4))
    run_pieces(asked.pk)
    asked.refresh_from_db()
    kept = [1] if tells else [1, 2]  # the piece that was running is undone; one that had ended stays
    assert (asked.estado, asked.hechas, asked.por_cancelar) == ("cancelado", len(kept), True)
    assert [n for n, _scope in effects(asked)] == kept and asked.terminado_el is not None
    with pytest.raises(TrabajoRefused, match="ya terminó"):
        cancel(asked, world.bruno)
    resume(asked, world.bruno)
    monkeypatch.setitem(kinds._KINDS, "prueba", Kind("prueba", pieces.piece, pieces=lambda _t: 4))
    run_pieces(asked.pk)
    asked.refresh_from_db()
    assert asked.estado == "hecho" and [n for n, _scope in effects(asked)] == [1, 2, 3, 4]


def test_each_job_runs_in_the_scope_of_who_asked_and_leaves_none_behind(asked: Trabajo, world: Scene) -> None:
    other = ask("prueba", "de-carla", {}, world.carla)
    assert worker() == 0
    (bruno,), (carla,) = ({scope for _n, scope in effects(each)} for each in (asked, other))
    assert bruno == str(world.libros.pk) and carla not in ("", "todo", bruno)
