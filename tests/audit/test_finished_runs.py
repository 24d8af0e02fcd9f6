"""A run that ended takes nothing more, no run enters but by its service, and what the owner puts in one is named."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from acts import committed
from sif.audit import services
from sif.audit.models import Corrida, Hallazgo
from sif.audit.verifying import strange_runs
from sif.books.services import post_poliza
from sif.filing.verifying import verify_rows
from sif.registry import clock
from sif.registry.scope import everything, set_scope
from sif.rulebook.reading import load_rules
from small_world import MOMENT, World, make_world

CUT = date(2024, 6, 10)


@dataclass
class Run:
    """A small election judged by one rule, which found one late póliza."""

    world: World
    corrida: Corrida
    late: Hallazgo


def build() -> Run:
    with clock.at(MOMENT):
        world = make_world()
        post_poliza(world.expense(), world.clerk)
        post_poliza(world.expense(contabilidad_id=world.other_books.pk), world.clerk)
        rules = [rule for rule in load_rules() if rule.id in ("RE001", "EV001")]
        corrida = services.run(services.freeze(world.etapa, CUT), rules)
    return Run(world, corrida, corrida.hallazgos.filter(regla="RE001").order_by("pk")[0])


@pytest.fixture(scope="module")
def ended(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder: Path = tmp_path_factory.mktemp("corrida")
    with override_settings(DATOS=folder), committed(django_db_blocker, build) as made:
        yield made


COPIED = {
    "audit_hallazgo": "clave = r.clave || '-otra', monto = 900000000",
    "audit_cobertura": "contabilidad_id = {foreign}",
    "audit_reglacorrida": "regla = 'ZZ999'",
}
"""The children of a run, each with what makes a copy of its first row a row that the database could take."""


def copied(table: str, ended: Run) -> str:
    """The SQL that adds to a table a row like the first of its run, but for what COPIED says."""
    changed = dict(part.split(" = ", 1) for part in COPIED[table].format(foreign=ended.world.foreign.pk).split(", "))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        )
        names = [name for (name,) in cursor.fetchall() if name != "id"]
    values = ", ".join(changed.get(name, f"r.{name}") for name in names)
    return (
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} r"
        f" WHERE r.corrida_id = {ended.corrida.pk} ORDER BY r.id LIMIT 1 RETURNING id"
    )


@pytest.mark.parametrize("table", COPIED)
def test_the_pass_of_an_auditor_adds_nothing_to_a_run_that_ended(ended: Run, table: str) -> None:
    with everything():
        set_scope("todo", ended.world.auditor.pk)
        with pytest.raises(DatabaseError, match="entra con su acto"), transaction.atomic():
            connection.cursor().execute(copied(table, ended))


WHOLE = {
    "a snapshot": "INSERT INTO audit_instantanea (etapa_id, digest, corte_el, hecha_el, manifiesto)"
    " SELECT etapa_id, repeat('a', 64), corte_el, hecha_el, manifiesto FROM audit_instantanea",
    "a run": "INSERT INTO audit_corrida (instantanea_id, inicio_el, fin_el, reglas_digest)"
    " SELECT instantanea_id, inicio_el, fin_el, reglas_digest FROM audit_corrida",
    "a version of a rule": "INSERT INTO audit_versionregla (digest, regla, archivo, compilada, guardada_el)"
    " SELECT repeat('a', 64), regla, archivo, compilada, guardada_el FROM audit_versionregla LIMIT 1",
}


@pytest.mark.parametrize("name", WHOLE)
def test_the_pass_of_an_auditor_writes_no_run_that_no_audit_ran(ended: Run, name: str) -> None:
    with everything():
        set_scope("todo", ended.world.auditor.pk)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            connection.cursor().execute(WHOLE[name])


def _owner() -> str:
    return psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], dbname=connection.settings_dict["NAME"])


@pytest.fixture
def owner(ended: Run) -> Iterator[Any]:
    """The owner of the tables, who puts aside the guard of the act alone; what it wrote is taken out at the end."""
    made: list[tuple[str, int]] = []
    with psycopg.connect(_owner(), autocommit=True) as session:

        def write(table: str, sql: str) -> int:
            session.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_de_su_acto")
            (number,) = session.execute(sql).fetchone() or (0,)
            session.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_de_su_acto")
            made.append((table, number))
            return int(number)

        yield write
        for table, number in made:
            session.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            session.execute(f"DELETE FROM {table} WHERE id = {number}")
            session.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            session.execute("ALTER TABLE registry_hoja DISABLE TRIGGER USER")
            session.execute("DELETE FROM registry_hoja WHERE tabla = %s AND fila = %s", [table, str(number)])
            session.execute("ALTER TABLE registry_hoja ENABLE TRIGGER USER")


def _named() -> set[tuple[str, str]]:
    with psycopg.connect(_owner()) as session:
        return {(table, number) for table, number, _what in strange_runs(session)}


@pytest.mark.parametrize("table", COPIED)
def test_what_the_owner_puts_in_a_run_with_its_leaf_is_named(ended: Run, owner: Any, table: str) -> None:
    assert _named() == set()
    number = owner(table, copied(table, ended))
    assert not [one for one in verify_rows(_owner())[1] if (one.tabla, one.id) == (table, str(number))]  # it has a leaf
    assert (table, str(number)) in _named()


def test_a_run_says_what_it_kept_of_each_books_and_what_is_gone_is_named(ended: Run) -> None:
    with psycopg.connect(_owner()) as session:
        for table in ("audit_hallazgo", "registry_hoja"):
            session.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        session.execute("DELETE FROM registry_hoja WHERE tabla = 'audit_hallazgo' AND fila = %s", [str(ended.late.pk)])
        session.execute("DELETE FROM audit_hallazgo WHERE id = %s", [ended.late.pk])
        found = {(table, number) for table, number, _what in strange_runs(session)}
        session.rollback()
    assert found == {("audit_corrida", str(ended.corrida.pk))}


def test_what_entered_after_a_cut_that_had_its_act_is_named(ended: Run, owner: Any) -> None:
    with psycopg.connect(_owner()) as session:
        session.execute(
            "INSERT INTO registry_corte (numero, hecho_el, hasta, raices)"
            " SELECT 1, now(), max(id), '{}' FROM registry_hoja"
        )
    number = owner("audit_hallazgo", copied("audit_hallazgo", ended))
    named = {(one.tabla, one.id, one.que) for one in verify_rows(_owner())[1]}
    assert ("audit_hallazgo", str(number), "se agregó después de su acto") in named
