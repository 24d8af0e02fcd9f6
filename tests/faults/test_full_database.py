"""A database whose disk is full refuses an act whole; what was accepted stays, and the act is done once there is room.

The tables of a póliza stand on a disk of a megabyte, which only the administrator of a machine may mount: elsewhere the
test is not run, and says so.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connections

from acts import committed
from lent import owner
from sif.books.models import Poliza
from sif.books.selectors import verify_chain
from sif.books.services import post_poliza
from sif.filing.verifying import verify_rows
from sif.registry import clock
from sif.registry.scope import everything
from small_world import MOMENT, World, make_world

TABLES = ("books_poliza", "books_movimiento", "registry_hoja")
SPACE = f"sif_disco_{os.environ.get('PYTEST_XDIST_WORKER', 'uno')}"
MOST = 400  # pólizas that a page or two have no room for


def administrator() -> str:
    """Where the embedded server is looked after."""
    return psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], user="postgres")


def mount(folder: Path, about: str) -> None:
    """Mount a disk in memory on a folder, or skip the test where this user may not."""
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", about, "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"Sin permiso de montar un disco pequeño: {mounted.stderr.decode().strip()}")


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk of a megabyte that belongs to the user of the server, beside its folder."""
    with psycopg.connect(administrator(), autocommit=True) as server:
        home = Path(str(server.execute("SHOW data_directory").fetchone()[0]))  # type: ignore[index]
        folder = home.parent / SPACE
        folder.mkdir(exist_ok=True)
        mount(folder, f"size=1m,mode=700,uid={home.stat().st_uid},gid={home.stat().st_gid}")
        server.execute(f"CREATE TABLESPACE {SPACE} OWNER sif_owner LOCATION '{folder}'")
        yield folder
        server.execute(f"DROP TABLESPACE {SPACE}")  # before its disk goes: a server does not start without it
        subprocess.run(["umount", folder], check=True)


def move(place: str, tables: tuple[str, ...] = TABLES) -> None:
    """Put some tables on a disk, those of a póliza unless told."""
    with psycopg.connect(owner(), autocommit=True) as database:
        for table in tables:
            database.execute(f"ALTER TABLE {table} SET TABLESPACE {place}")


def fill(disk: Path) -> Path:
    """Take what is left of a disk; returns the file that holds it."""
    filler = disk / "relleno"
    with pytest.raises(OSError, match="No space left"), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return filler


@pytest.fixture
def world(disk: Path, django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Iterator[World]:
    settings.DATOS = tmp_path
    with committed(django_db_blocker, make_world) as made:
        connections.close_all()
        move(SPACE)
        try:
            with everything(), clock.at(MOMENT):
                yield made
        finally:
            connections.close_all()
            (disk / "relleno").unlink(missing_ok=True)
            move("pg_default")


def test_a_poliza_without_room_is_not_posted_and_those_before_it_stay(world: World, disk: Path) -> None:
    accepted = [post_poliza(world.expense(), world.clerk).numero]
    filler = fill(disk)
    with pytest.raises(OperationalError, match="No space left on device") as refused:
        for _ in range(MOST):
            accepted.append(post_poliza(world.expense(), world.clerk).numero)
    assert isinstance(refused.value.__cause__, psycopg.errors.DiskFull)
    kept = list(Poliza.objects.filter(contabilidad=world.books).order_by("eslabon").values_list("numero", flat=True))
    assert kept == accepted == list(range(1, len(accepted) + 1))
    assert verify_chain(world.books.pk) is None and verify_rows(owner())[1] == []
    filler.unlink()
    assert post_poliza(world.expense(), world.clerk).numero == len(accepted) + 1
    assert verify_chain(world.books.pk) is None and verify_rows(owner())[1] == []
