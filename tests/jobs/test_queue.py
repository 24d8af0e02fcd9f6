"""The queue is of its workers: who asks for a job puts in it the row of that job, in that act, and touches no other."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.testing import InMemoryConnector

from jobs.workers import as_worker
from scene import Scene, make_scene
from sif.jobs import kinds
from sif.jobs.kinds import Kind
from sif.jobs.models import Trabajo
from sif.jobs.selectors import has_worker
from sif.jobs.services import ask
from sif.jobs.worker import _open_to_the_queue, _Queue
from sif.registry.scope import QUEUE, acting, everything, mint, registering, set_scope
from sif.registry.selectors import scope_of_user

QUEUED = "procrastinate_jobs"
TABLES = (QUEUED, "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers")


@pytest.fixture
def scene(db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """People with a job of Carla's that waits, one of every night, and the worker that will do them."""
    settings.DATOS, settings.TRABAJOS_EN_LINEA = tmp_path, False
    monkeypatch.setitem(kinds._KINDS, "prueba", Kind("prueba", lambda _encargo: {}))
    with everything():
        made = make_scene(tmp_path)
        ask("prueba", "de-carla", {}, made.carla)
    with as_worker():
        _run("SELECT procrastinate_register_worker_v1()")
        _run(
            "SELECT procrastinate_defer_periodic_job_v2"
            "('default', NULL, 'sif.corte', 'sif.corte', 0, '', 1, '{\"timestamp\": 1}')"
        )
    yield made
    set_scope("")


def _run(sql: str, *params: object) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return int(cursor.rowcount)


def _count(table: str) -> int:
    return _run(f"SELECT FROM {table}")


def enter(person: Any) -> None:
    set_scope(scope_of_user(person), person.pk)


CHANGES = {
    QUEUED: "status = 'cancelled'",
    "procrastinate_events": "at = now()",
    "procrastinate_periodic_defers": "defer_timestamp = 9999999999",
    "procrastinate_workers": "last_heartbeat = now() - interval '1 day'",
}
ROWS = {
    QUEUED: "(queue_name, task_name, args) VALUES ('default', 'sif.barrer', '{}')",
    "procrastinate_events": "(job_id, type) SELECT 1, 'succeeded'",
    "procrastinate_periodic_defers": "(task_name, defer_timestamp) VALUES ('sif.corte', 9999999999)",
    "procrastinate_workers": "(last_heartbeat) VALUES (now() + interval '1 year')",
}


@pytest.mark.parametrize("acts", [False, True], ids=["that reads", "that acts"])
@pytest.mark.parametrize("who", ["nobody", "bruno", "carla", "dario", "registro"])
def test_no_pass_of_a_person_reads_or_changes_the_queue(scene: Scene, as_served: Any, who: str, acts: bool) -> None:
    with as_worker():
        whole = {table: _count(table) for table in TABLES}
    assert min(whole.values()) > 0

    def try_all() -> None:
        for table in TABLES:
            breathes = table == "procrastinate_workers" and who not in ("nobody", "registro")
            assert _count(table) == (1 if breathes else 0), table
            assert _run(f"DELETE FROM {table}") == 0 == _run(f"UPDATE {table} SET {CHANGES[table]}"), table
            with pytest.raises(DatabaseError, match=r"row-level security|en el acto en que lo pide"):
                _run(f"INSERT INTO {table} {ROWS[table]}")

    if who == "registro":
        with registering():
            try_all()
    else:
        set_scope("") if who == "nobody" else enter(getattr(scene, who))
        if acts:
            with acting():
                try_all()
        try_all()
    with as_worker():
        assert {table: _count(table) for table in TABLES} == whole


def test_the_pass_of_a_worker_does_in_the_queue_what_it_must_and_sees_nothing_else(scene: Scene) -> None:
    with as_worker():
        assert not Trabajo.objects.exists()
        for table in TABLES:
            assert _run(f"UPDATE {table} SET {CHANGES[table]}") == _count(table) > 0
        for table in reversed(TABLES):
            assert _run(f"DELETE FROM {table}") >= 0 == _count(table)
        with pytest.raises(DatabaseError, match="row-level security"):
            _run("INSERT INTO registry_proveedor (rfc, nombre) VALUES ('ABC010203AB1', 'Forjada')")


DEFER = "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(%s, %s, %s, %s, %s, %s, %s)]::procrastinate_job_to_defer_v1[])"
FORGED: dict[str, dict[str, object]] = {
    "another task": {"task": "sif.barrer"},
    "another queue": {"queue": "otra"},
    "before the others": {"priority": 9},
    "later": {"at": "2099-01-01"},
    "with the lock of other books": {"lock": "contabilidad:999"},
    "without the lock of its books": {"lock": None},
    "twice": {"unique": "otra"},
    "the job of another": {"args": "carla"},
    "with something else": {"args": "more"},
}


def _put(job: Trabajo, **changes: object) -> int:
    row: dict[str, object] = {
        "queue": "default",
        "task": "sif.trabajo",
        "priority": 0,
        "lock": f"contabilidad:{job.contabilidad_id}",
        "unique": f"trabajo:{job.pk}",
        "args": json.dumps({"trabajo": job.pk}),
        "at": None,
        **changes,
    }
    return _run(DEFER, *row.values())


@pytest.mark.parametrize("name", FORGED)
def test_the_door_of_the_queue_takes_the_row_of_the_job_of_who_acts_alone(
    scene: Scene, as_served: Any, name: str
) -> None:
    enter(scene.alicia)
    mine = ask("prueba", "mío", {}, scene.alicia, contabilidad=scene.libros)
    with as_worker():
        _run(f"DELETE FROM {QUEUED} WHERE queueing_lock = %s", f"trabajo:{mine.pk}")
    with everything():
        others = {
            "carla": json.dumps({"trabajo": Trabajo.objects.get(persona=scene.carla).pk}),
            "more": json.dumps({"trabajo": mine.pk, "x": 1}),
        }
    changes = {key: others.get(str(value), value) for key, value in FORGED[name].items()}
    with acting(), pytest.raises(DatabaseError, match="en el acto en que lo pide"):
        _put(mine, **changes)
    with pytest.raises(DatabaseError, match="en el acto en que lo pide"):
        _put(mine)  # in no act
    with acting():
        assert _put(mine) == 1


def test_a_job_that_is_not_waiting_is_not_put_in_the_queue_again(scene: Scene, as_served: Any) -> None:
    enter(scene.alicia)
    mine = ask("prueba", "mío", {}, scene.alicia, contabilidad=scene.libros)
    with acting():
        Trabajo.objects.filter(pk=mine.pk).update(estado="en_curso")
        with pytest.raises(DatabaseError, match="en el acto en que lo pide"):
            _put(mine, unique=f"trabajo:{mine.pk}")


def test_what_is_asked_in_an_act_that_is_undone_leaves_no_job(scene: Scene, as_served: Any) -> None:
    enter(scene.alicia)
    with pytest.raises(LookupError), acting():
        undone = ask("prueba", "mío", {}, scene.alicia)
        raise LookupError
    kept = ask("prueba", "mío", {}, scene.alicia)
    with as_worker():
        assert [job.args for job in ProcrastinateJob.objects.filter(args__trabajo__gte=undone.pk)] == [
            {"trabajo": kept.pk}
        ]


def test_what_a_worker_asks_for_enters_by_its_own_transaction(scene: Scene) -> None:
    with everything(), app.replace_connector(InMemoryConnector()):
        made = ask("prueba", "de un trabajador", {}, scene.carla)
    with as_worker():
        assert ProcrastinateJob.objects.filter(args={"trabajo": made.pk}).exists()


def test_what_was_in_the_queue_already_is_told_apart_from_other_faults(scene: Scene) -> None:
    """The library reads in the detail of the error which lock was taken, and the walls would keep it from saying so."""
    with as_worker(), pytest.raises(AlreadyEnqueued), transaction.atomic():
        app.configure_task("sif.corte", queueing_lock="sif.corte").defer(timestamp=2)


def test_a_pass_of_a_worker_written_by_hand_or_of_another_session_opens_nothing(scene: Scene) -> None:
    backend = connection.connection.info.backend_pid
    signed = mint("", backend + 1, QUEUE)
    for said in (f"|9999999999|{backend}|-3||" + "0" * 64, signed, signed.replace(f"|{backend + 1}|", f"|{backend}|")):
        _run("SELECT set_config('sif.pase', %s, false)", said)
        assert not any(_count(table) for table in TABLES)


def test_a_worker_that_breathes_is_seen_and_one_that_stopped_is_pruned(scene: Scene) -> None:
    enter(scene.bruno)
    assert has_worker()
    with as_worker():
        _run("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    assert not has_worker()
    with as_worker():
        _run("SELECT procrastinate_update_heartbeat_v1(id) FROM procrastinate_workers")
    assert has_worker()
    with as_worker():
        _run("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
        assert _run("SELECT procrastinate_prune_stalled_workers_v1(45)") == 1 != _count("procrastinate_workers")


GARBAGE = ("garbage", "[]", '{"type": "abort_job_requested", "job_id": 7}', '{"type": "abort_job_requested"}', "{}")


@pytest.mark.django_db(transaction=False)
@pytest.mark.parametrize("payload", GARBAGE)
def test_a_notice_of_any_session_makes_a_worker_look_and_nothing_else(db: None, payload: str) -> None:
    params = connector_params()
    assert asyncio.run(_heard(params, payload)) == {"type": "job_inserted", "job_id": 0}


async def _heard(params: dict[str, Any], payload: str) -> object:
    """What a worker is told of a notice, which is repeated until it listens; raises what stopped its listening."""
    told: asyncio.Queue[object] = asyncio.Queue()

    async def hear(*, channel: str, notification: Any) -> None:
        told.put_nowait(notification)

    queue = app.with_connector(_Queue(kwargs=params, configure=_open_to_the_queue))
    async with queue.open_async(), await psycopg.AsyncConnection.connect(**params, autocommit=True) as other:
        listening = asyncio.create_task(queue.job_manager.listen_for_jobs(on_notification=hear))
        hearing = asyncio.create_task(told.get())
        while not (listening.done() or hearing.done()):
            await other.execute("SELECT pg_notify('procrastinate_any_queue_v1', %s)", [payload])
            await asyncio.wait([listening, hearing], timeout=0.05, return_when=asyncio.FIRST_COMPLETED)
        if listening.done():
            hearing.cancel()
            listening.result()
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        return hearing.result()


def test_the_connections_of_a_worker_open_to_the_queue_and_those_of_others_do_not(db: None) -> None:
    params = connector_params()

    async def registered(**more: Any) -> object:
        queue = app.with_connector(_Queue(kwargs=params, **more))
        async with queue.open_async():
            number = await queue.job_manager.register_worker()
            await queue.job_manager.unregister_worker(number)
            return number

    assert asyncio.run(registered(configure=_open_to_the_queue))
    with pytest.raises(ConnectorException):
        asyncio.run(registered())
