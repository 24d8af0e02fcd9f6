"""A run that ended takes nothing more, no run enters but by its service, and what the owner puts in one is named."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
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
from sif.filing.verifying import SETTINGS, leaves_question, verify_rows
from sif.registry import clock
from sif.registry.protection import digest_of_row
from sif.registry.scope import everything, set_scope
from sif.rulebook.reading import load_rules
from small_world import MOMENT, World, make_world

CUT = date(2024, 6, 10)


@dataclass
class Run:
    """A small election judged by one rule, which found one late póliza, and then by two."""

    world: World
    corrida: Corrida
    late: Hallazgo


def build() -> Run:
    with clock.at(MOMENT):
        world = make_world()
        post_poliza(world.expense(), world.clerk)
        post_poliza(world.expense(contabilidad_id=world.other_books.pk), world.clerk)
        late, bare = (rule for name in ("RE001", "EV001") for rule in load_rules("mx") if rule.id == name)
        corrida = services.run(services.freeze(world.etapa, CUT), [late])
        services.run(corrida.instantanea, [late, bare])
    return Run(world, corrida, corrida.hallazgos.filter(regla="RE001").order_by("pk")[0])


@pytest.fixture(scope="module")
def ended(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder: Path = tmp_path_factory.mktemp("corrida")
    with override_settings(DATOS=folder), committed(django_db_blocker, build) as made:
        yield made


COPIED = {
    "audit_hallazgo": "asunto_id = (SELECT max(id) FROM audit_asunto), clave = r.clave || '-otra', monto = 900000000",
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


def _altered() -> set[tuple[str, str, str]]:
    return {(one.tabla, one.id, one.que) for one in verify_rows(_owner())[1]}


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


def test_two_runs_find_one_matter_and_each_hallazgo_hangs_from_its_own(ended: Run) -> None:
    same = Hallazgo.objects.filter(regla="RE001", clave=ended.late.clave)
    assert same.count() == 2
    assert {row.asunto_id for row in same} == {ended.late.asunto_id}
    asunto = ended.late.asunto
    assert (asunto.etapa, asunto.regla, asunto.clave) == (ended.world.etapa, "RE001", ended.late.clave)


def test_a_hallazgo_moved_to_the_matter_of_another_is_named_with_its_leaf_or_without(ended: Run) -> None:
    late = str(ended.late.pk)
    move = "UPDATE audit_hallazgo SET asunto_id = (SELECT max(id) FROM audit_asunto) WHERE id = %s"
    with psycopg.connect(_owner(), autocommit=True) as session:
        session.execute("ALTER TABLE audit_hallazgo DISABLE TRIGGER USER")
        try:
            session.execute(move, [late])
            assert ("audit_hallazgo", late, "alterado") in _altered()
            assert ("audit_hallazgo", late) in _named()
        finally:
            session.execute("UPDATE audit_hallazgo SET asunto_id = %s WHERE id = %s", [ended.late.asunto_id, late])
            session.execute("ALTER TABLE audit_hallazgo ENABLE TRIGGER USER")
    assert _named() == set()
    assert not [one for one in _altered() if one[0] == "audit_hallazgo"]


def test_the_leaf_of_before_bears_out_a_hallazgo_that_was_given_its_matter_and_no_other(ended: Run) -> None:
    late = str(ended.late.pk)
    question = leaves_question("audit_hallazgo", "id")
    old = digest_of_row("'audit_hallazgo'", "'public.audit_hallazgo'::regclass", "(to_jsonb(r.*) - 'asunto_id')")
    with psycopg.connect(_owner()) as session:
        session.execute(SETTINGS)
        session.execute("ALTER TABLE public.registry_hoja DISABLE TRIGGER USER")
        session.execute(
            f"UPDATE public.registry_hoja SET huella = (SELECT {old}"
            " FROM public.audit_hallazgo r WHERE r.id = %s) WHERE tabla = 'audit_hallazgo' AND fila = %s",
            [late, late],
        )
        assert session.execute(question).fetchall() == []
        session.execute("ALTER TABLE public.audit_hallazgo DISABLE TRIGGER USER")
        session.execute("UPDATE public.audit_hallazgo SET monto = monto + 1 WHERE id = %s", [late])
        assert session.execute(question).fetchall() == [(late, "alterado")]
        session.rollback()


def test_hallazgos_of_before_are_given_the_matters_they_have_now_and_no_leaf_of_theirs_changes(ended: Run) -> None:
    fill = import_module("sif.audit.migrations.0014_matters_of_hallazgos").FILL
    question = (
        "SELECT h.id, a.etapa_id, a.regla, a.clave FROM audit_hallazgo h JOIN audit_asunto a ON a.id = h.asunto_id"
        " ORDER BY h.id"
    )
    with psycopg.connect(_owner()) as session:
        before = session.execute(question).fetchall()
        session.execute("SET CONSTRAINTS ALL IMMEDIATE")
        session.execute("ALTER TABLE audit_hallazgo ALTER asunto_id DROP NOT NULL, DISABLE TRIGGER USER")
        session.execute("ALTER TABLE audit_asunto DISABLE TRIGGER audit_asunto_inmutable")
        session.execute("UPDATE audit_hallazgo SET asunto_id = NULL")
        session.execute("ALTER TABLE audit_hallazgo ENABLE TRIGGER USER")
        session.execute("DELETE FROM audit_asunto WHERE id <> (SELECT min(id) FROM audit_asunto)")
        session.execute("SET CONSTRAINTS ALL DEFERRED")
        session.execute(fill)
        # as the migration goes on, which a key of the new rows still to be asked would stop
        session.execute("ALTER TABLE audit_hallazgo ALTER asunto_id SET NOT NULL")
        session.execute("ALTER TABLE audit_asunto ENABLE TRIGGER audit_asunto_inmutable")
        assert session.execute(question).fetchall() == before
        assert list(strange_runs(session)) == []
        with pytest.raises(psycopg.errors.RestrictViolation):
            session.execute("UPDATE audit_hallazgo SET asunto_id = asunto_id")
        session.rollback()


def test_the_pass_of_an_auditor_makes_no_matter_that_no_run_found(ended: Run) -> None:
    made = (
        "INSERT INTO audit_asunto (etapa_id, contabilidad_id, regla, clave)"
        " SELECT etapa_id, contabilidad_id, regla, 'de nadie' FROM audit_asunto LIMIT 1"
    )
    with everything(acts=True):
        set_scope("todo", ended.world.auditor.pk)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            connection.cursor().execute(made)
    with psycopg.connect(_owner()) as session:
        session.execute(made)
        (number,) = session.execute("SELECT max(id) FROM audit_asunto").fetchone() or (0,)
        found = {(table, row) for table, row, _what in strange_runs(session)}
        session.rollback()
    assert found == {("audit_asunto", str(number))}


def test_what_entered_after_a_cut_that_had_its_act_is_named(ended: Run, owner: Any) -> None:
    with psycopg.connect(_owner()) as session:
        session.execute(
            "INSERT INTO registry_corte (numero, hecho_el, hasta, raices)"
            " SELECT 1, now(), max(id), '{}' FROM registry_hoja"
        )
    number = owner("audit_hallazgo", copied("audit_hallazgo", ended))
    named = {(one.tabla, one.id, one.que) for one in verify_rows(_owner())[1]}
    assert ("audit_hallazgo", str(number), "se agregó después de su acto") in named
