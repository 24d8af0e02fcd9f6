"""Workers of a process of their own, forked by one that loads the program once for every test."""

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

from jobs import pieces
from sif.registry import scope

ROOT = Path(__file__).resolve().parents[2]


@cache
def _forker() -> subprocess.Popen[str]:
    url = psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    process = subprocess.Popen(
        [sys.executable, "-W", "error::DeprecationWarning:__main__", pieces.__file__],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DATABASE_OWNER_URL": url, "PYTHONPATH": "src:tests"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.communicate)
    return process


def worker(die_at: int = 0, few: frozenset[str] = frozenset()) -> int:
    """Run a worker until the queue is empty, or until it dies at a statement; it audits with few rules, if given.

    Returns how it ended, minus the signal that killed it.
    """
    process = _forker()
    assert process.stdin and process.stdout
    process.stdin.write(json.dumps([str(settings.DATOS), die_at, sorted(few)]) + "\n")
    process.stdin.flush()
    return int(json.loads(process.stdout.readline()))


@contextmanager
def as_worker() -> Iterator[None]:
    """See and change the queue, as the connections of a worker do."""
    with scope._within("", scope.QUEUE):
        yield
