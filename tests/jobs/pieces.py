"""A kind of job for tests, and the process that forks the workers which do it.

Each piece inserts one row in a table that would keep a second one too.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from django.db import connection, connections

PIECES = 4
TABLE = "prueba_efecto"


def piece(encargo: Any) -> Mapping[str, Any]:
    """Insert the effect of a piece with the scope that is open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('sif.pase', true), '')")
        scope = str(cursor.fetchone()[0]).split("|")[0]
        cursor.execute(f"INSERT INTO {TABLE} VALUES (%s, %s, %s)", [encargo.trabajo.pk, encargo.n, scope])
    return {"n": encargo.n}


class DieAt:
    """Kill this process before its k-th statement of the default connection."""

    def __init__(self, k: int) -> None:
        self.left = k

    def __call__(self, execute: Any, *args: Any) -> Any:
        """Run a statement, or die in its place."""
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*args)


def _judge_only(few: frozenset[str]) -> None:
    """Audit with these rules of the rulebook and no others."""
    from sif.audit import tasks

    every = tasks.rules_of
    tasks.rules_of = lambda etapa: [rule for rule in every(etapa) if rule.id in few]


def work(die_at: int, few: list[str]) -> None:
    """Run a worker in this process until its queue is empty, or until it dies at a statement of its job."""
    from sif.jobs import running
    from sif.jobs.kinds import Kind, register
    from sif.jobs.worker import Pulse, run_worker

    if few:
        _judge_only(frozenset(few))
    register(Kind("prueba", piece, pieces=lambda _job: PIECES))
    if die_at:
        whole = running._all_pieces

        def dying(*given: Any) -> None:
            with connection.execute_wrapper(DieAt(die_at)):
                whole(*given)

        running._all_pieces = dying
    run_worker(1, Pulse(gracia=1.0), until_empty=True)


def fork(folder: str, die_at: int, few: list[str]) -> int:
    """Run a worker in a child, with its files in a folder; returns how it ended (minus the signal)."""
    from django.conf import settings

    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.alarm(120)  # a worker that hangs ends, and its test fails
            settings.DATOS = Path(folder)
            work(die_at, few)
            code = 0
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def main() -> None:
    """Load the program and its rules once and fork a worker for each line of JSON, without threads nor connection."""
    from django.conf import settings

    from sif.commands import database
    from sif.rulebook import load_rules

    database.setup_django()
    for name in ("sif.jobs.running", "sif.jobs.worker", *settings.PROCRASTINATE_IMPORT_PATHS):
        import_module(name)
    load_rules("mx")
    connections.close_all()
    for line in sys.stdin:
        print(json.dumps(fork(*json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
