"""A process killed, or cut from its database, after any statement of an act leaves nothing of it or all of it.

Then the act can be done again, once.

SIF_PRUEBA_SEMILLA chooses the statements, SIF_PRUEBA_PUNTOS how many of each act; a failure prints what repeats it.
"""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from django.db import connection

from acts import committed
from faults import driver, worlds
from lent import Lend, lent, owner
from seeds import SEED
from sif.filing.verifying import verify_files, verify_rows
from sif.registry.tables import TABLES

__all__ = ["lent"]
POINTS = int(os.environ.get("SIF_PRUEBA_PUNTOS", "2"))
ROOT = Path(__file__).resolve().parents[2]
Rows = dict[str, tuple[int, str]]


class Act(NamedTuple):
    """What an act is done to, a table that it adds a row to, and how its answer begins when it is done again."""

    world: Callable[[], dict[str, Any]]
    table: str
    again: str
    kept: tuple[str, ...] = ()  # where the bytes received stay, for who sends them again


ACTS = {
    "registrar": Act(worlds.books, "books_poliza", "3"),
    "cargar": Act(worlds.books, "batch_polizacargada", "None", ("books_archivo", "books_entrega", "registry_hoja")),
    "presentar": Act(
        worlds.books,
        "filing_presentacion",
        "None",
        ("filing_compromiso", "registry_pruebarfc", "registry_suceso", "registry_hoja"),
    ),
    "depositar": Act(
        worlds.books,
        "filing_acusedeposito",
        "0",
        ("filing_deposito", "books_archivo", "registry_suceso", "registry_hoja"),
    ),
    "notificar": Act(worlds.oficio, "proceedings_oficio", "Refused"),
    "dictaminar": Act(worlds.judged_conclusions, "proceedings_dictamencerrado", "Refused"),
    "proyectar": Act(worlds.closed_dictamen, "proceedings_sancion", "Refused"),
    "votar": Act(worlds.discussion, "proceedings_voto", "Refused"),
    "contar": Act(worlds.ballots, "notices_notificacion", "Refused"),
    "proponer": Act(worlds.figures, "disclosure_publicacionpropuesta", "Refused"),
    "publicar": Act(worlds.proposal, "disclosure_publicacion", "Refused"),
    "retirar": Act(worlds.publication, "disclosure_publicacionretirada", "Refused"),
    "auditar": Act(worlds.judged, "audit_corrida", "None"),
}
REPEATED = frozenset({"registrar", "auditar"})  # who does them again does another


def rows(lend: Lend) -> Rows:
    """How many rows each table has and the digest of all they say."""
    with lend(owner()) as database:
        return {
            table: database.execute(
                f"SELECT count(*), md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {table} t"
            ).fetchone()  # type: ignore[misc]
            for table in TABLES
        }


def added(before: Rows, after: Rows) -> dict[str, int]:
    """How many rows more each table has."""
    return {table: after[table][0] - before[table][0] for table in after}


def unsound() -> list[Any]:
    """What `sif verificar` would name."""
    return [*verify_rows(owner())[1], *verify_files(owner()).alterados]


class Driver:
    """The process that forks the children, asked to do acts to the world of a folder."""

    def __init__(self, process: subprocess.Popen[str], folder: Path, told: dict[str, Any]) -> None:
        (folder / "mundo.json").write_text(json.dumps(told))
        self.process, self.folder = process, folder

    def ask(self, act: str, point: int | str, fault: str = driver.KILL) -> tuple[int, str]:
        """Do an act up to a point and a fault there; how the child ended and what it said."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([str(self.folder), act, point, fault]) + "\n")
        self.process.stdin.flush()
        code, said = json.loads(self.process.stdout.readline())
        return code, said


@pytest.fixture(scope="module")
def forker(django_db_setup: None) -> Iterator[subprocess.Popen[str]]:
    """A process that loads the program once and forks."""
    url = psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    process = subprocess.Popen(
        [sys.executable, "-W", "error::DeprecationWarning:faults", driver.__file__],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DATABASE_OWNER_URL": owner(), "PYTHONPATH": "src:tests"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.communicate(timeout=60)


@pytest.fixture(params=ACTS)
def stage(
    request: Any, forker: subprocess.Popen[str], django_db_blocker: Any, settings: Any, tmp_path: Path
) -> Iterator[tuple[str, Driver]]:
    """An act and the process that does it to a world really committed."""
    settings.DATOS = tmp_path
    told: dict[str, Any] = {}
    with committed(django_db_blocker, lambda: told.update(ACTS[request.param].world())):
        connection.close()
        yield request.param, Driver(forker, tmp_path, told)


def fails(process: Driver, act: str, point: int, fault: str, told: str, *, begun: bool) -> bool:
    """Do an act up to a fault, which ends it as it should; whether it said that it was done for all that.

    begun: whether an earlier fault left what the act keeps first: it goes on from there, with fewer statements, and may
    end before the last.
    """
    code, said = process.ask(act, point, fault)
    if fault == driver.KILL and not (begun and code == 0):
        assert (code, said) == (-signal.SIGKILL, ""), told
        return False
    assert code == 0 or said.startswith(("OperationalError", "InterfaceError")), f"{told}: {code} {said}"
    return code == 0


def test_a_faulty_act_left_nothing_or_all_and_can_be_done_again_once(stage: tuple[str, Driver], lent: Lend) -> None:
    act, process = stage
    code, said = process.ask(act, 0)
    assert code == 0, said
    last, whole = json.loads(said)
    assert whole[ACTS[act].table] > 0
    before = left = rows(lent)
    chosen = random.Random(f"{SEED}:{act}")  # noqa: S311 - a seed that repeats is wanted
    points = {(chosen.randint(1, last), fault) for fault in (driver.KILL, driver.CUT) for _ in range(POINTS)}
    for point, fault in sorted({*points, (last, driver.KILL)}):
        told = f"SIF_PRUEBA_SEMILLA={SEED}: {act}, {fault} tras la sentencia {point} de {last}"
        done = fails(process, act, point, fault, told, begun=left != before)
        assert unsound() == [], told
        left = rows(lent)
        moved = {table for table in left if left[table] != before[table]} - set(ACTS[act].kept)
        assert not done or moved, told  # what was said to be done is there
        if moved:  # it was past its commit: then all of it is there
            assert added(before, left) == whole, told
            break
    else:
        assert process.ask(act, driver.ENDED) == (-signal.SIGKILL, "")
        assert unsound() == []
    after = rows(lent)
    assert added(before, after) == whole
    _code, said = process.ask(act, driver.WHOLE)
    assert said.startswith(ACTS[act].again)
    if act not in REPEATED:
        assert rows(lent) == after
    assert unsound() == []
