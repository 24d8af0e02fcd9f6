"""Sessions of the owner that stay open from one look at the whole record to the next.

A new session of PostgreSQL reads the catalogue of two hundred tables again, which is most of what a look at a small
world takes. For tests that kill processes and look again and again: what a session of `sif verificar` begins with, a
new one shows.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest import mock

import psycopg
import pytest
from django.db import connections

from sif.filing import verifying

Lend = Callable[[str], AbstractContextManager[psycopg.Connection[Any]]]


def owner() -> str:
    """Where the tables of the test are read as their owner."""
    return psycopg.conninfo.make_conninfo(
        os.environ["DATABASE_OWNER_URL"], dbname=connections["owner"].settings_dict["NAME"]
    )


@pytest.fixture(scope="module")
def lent(django_db_setup: None) -> Iterator[Lend]:
    """Lend sessions to who asks for one, and to what verifies the record, each as it was when it was opened."""
    free: list[psycopg.Connection[Any]] = []

    @contextmanager
    def lend(conninfo: str) -> Iterator[psycopg.Connection[Any]]:
        session = free.pop() if free else psycopg.connect(conninfo, prepare_threshold=None)
        yield session  # one that fails is not lent again
        session.rollback()
        session.execute("RESET ALL")
        session.commit()
        free.append(session)

    with mock.patch.object(verifying, "connect", lend):
        yield lend
    for session in free:
        session.close()
