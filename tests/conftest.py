"""One embedded database for the whole session: made, migrated as its owner, used as the ordinary role."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("SIF_DATOS", str(Path(__file__).resolve().parents[1] / "datos" / "pruebas"))

from sif.commands import database

database.connect_environment("sif_prueba")


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest) -> Iterator[None]:
    """A database of this worker's own, with the real tables and both roles."""
    import psycopg
    from django.conf import settings
    from django.db import connections
    from pytest_django.plugin import DjangoDbBlocker

    from config.settings import _database

    blocker: DjangoDbBlocker = request.getfixturevalue("django_db_blocker")
    name = f"sif_prueba_{os.environ.get('PYTEST_XDIST_WORKER', 'uno')}"
    owner = os.environ["DATABASE_OWNER_URL"]
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    database.grant_to_app(psycopg.conninfo.make_conninfo(owner, dbname=name))
    for alias, variable in (("default", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL")):
        # pytest-django reads the settings before this file has said where the server is
        settings.DATABASES[alias].update(_database(variable))
        settings.DATABASES[alias]["NAME"] = connections[alias].settings_dict["NAME"] = name
    with blocker.unblock():
        database.migrate()
        connections["owner"].close()
    yield
    with blocker.unblock():
        connections.close_all()
