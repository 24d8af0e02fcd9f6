"""Every table with somebody's data has a wall, and each wall opens to its books alone, to read and to write."""

import os
import re
from functools import cache
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from conditions import passes
from sif.registry import walls
from sif.registry.scope import KEY_VARIABLE, set_scope
from sif.registry.walls import OF_A_PROGRAM, READ, WRITTEN_BY, problems, tables, walled
from small_world import World

PUBLISHED = {name for name in tables() if re.fullmatch(r"disclosure_[a-z]+publicad[oa]", name)} | {
    "filing_cabezaarbol",
    "registry_cabeza",
    "registry_corte",
    "registry_sellocorte",
    "registry_sellobitacora",
    *READ,
}
BY_SOMEBODY = {name for name, who in WRITTEN_BY.items() if who == "alguien"}
BY_THE_REGISTRY = {name for name, who in WRITTEN_BY.items() if who in ("registro", "su persona", "un acto")}
RESERVED = {"catalogs_cargadetabla", "catalogs_renglondetabla"}
WALLED = sorted(tables() - set(OF_A_PROGRAM))
NOBODY = 999_999_999_999


def policies(cursor: Any, table: str) -> dict[str, list[str]]:
    """The conditions of the policies of a table by what they govern: of any one that holds, the row passes."""
    found: dict[str, list[str]] = {"read": [], "write": []}
    cursor.execute(
        "SELECT cmd, permissive, qual, with_check FROM pg_policies"
        " WHERE tablename = %s AND policyname !~ '_(autor|acto)$'",  # who signs, and in an act: test_signed_records
        [table],
    )
    for cmd, permissive, qual, check in cursor.fetchall():
        assert permissive == "PERMISSIVE"
        if cmd in ("ALL", "SELECT"):
            found["read"].append(qual)
        if cmd not in ("SELECT", "UPDATE"):  # one of UPDATE alone adds locks: test_policies asks of them
            found["write"] += [qual, check or qual]
    return found


@cache
def columns(table: str) -> tuple[tuple[str, str], ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            [table],
        )
        return tuple((name, kind) for name, kind in cursor.fetchall())


def row_of(table: str, contabilidad: int, sujeto: int) -> dict[str, object]:
    """A row of those books and that subject, whose other keys are of nobody."""
    row: dict[str, object] = {}
    for name, kind in columns(table):
        if name == "contabilidad_id":
            row[name] = contabilidad
        elif name == "sujeto_id":
            row[name] = sujeto
        elif kind in ("bigint", "integer", "smallint") and (name == "id" or name.endswith("_id")):
            row[name] = NOBODY if kind == "bigint" else 32_000
        elif name == "secreta":
            row[name] = True
    return row


def test_each_table_has_a_wall_or_a_reason_to_stand_without_one(world: World) -> None:
    bare = sorted(tables() - walled())
    assert not bare, f"{bare} están sin muro. Levántelo en una migración con sif.registry.protection.wall."
    assert not (set(OF_A_PROGRAM) | set(READ)) - tables(), "OF_A_PROGRAM o READ nombran tablas que ya no están"
    assert all(len(reason) > 10 for reason in (*OF_A_PROGRAM.values(), *READ.values()))


def test_what_anybody_reads_is_listed_with_its_reason_and_nothing_else_is(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE cmd IN ('ALL', 'SELECT') AND qual = 'true'")
        assert {name for (name,) in cursor.fetchall()} == PUBLISHED


def test_a_wall_shows_and_takes_no_row_of_another(world: World) -> None:
    with connection.cursor() as cursor:
        found = {table: policies(cursor, table) for table in WALLED}
        rows = {table: row_of(table, world.foreign.pk, world.rival.pk) for table in WALLED}
        assert not [table for table in WALLED if not found[table]["read"] or not found[table]["write"]]
        for scope in ("", f"{world.books.pk},{world.other_books.pk}", f"s{world.party.pk}"):
            set_scope(scope, world.clerk.pk if scope else 0)
            for table in WALLED:
                writes = [] if table in BY_SOMEBODY and scope != "" else found[table]["write"]
                for condition in writes + ([] if table in PUBLISHED else found[table]["read"]):
                    assert not passes(cursor, table, condition, rows[table]), f"{table}, «{scope}»: {condition}"
        for table in WALLED:
            set_scope("registro" if table in BY_THE_REGISTRY else "todo")
            for what, conditions in found[table].items():
                assert any(passes(cursor, table, each, rows[table]) for each in conditions), f"{table}, {what}"


def test_a_wall_of_books_or_of_a_subject_opens_to_its_own(world: World) -> None:
    with connection.cursor() as cursor:
        # of two policies, that of the scope, and not «true»
        conditions = {table: min(policies(cursor, table)["read"]) for table in WALLED}
        for table, condition in conditions.items():
            row = row_of(table, world.books.pk, world.party.pk)
            set_scope(f"s{world.party.pk}")
            column = re.search(r"@> (contabilidad_id|sujeto_id)\)", condition)
            assert passes(cursor, table, condition, row) is bool(column), table
            set_scope(f"{world.other_books.pk}")  # other books of the same subject
            assert passes(cursor, table, condition, row) is ("sif_rangos_sujetos" in condition), table


@pytest.mark.parametrize("scope", ["", "s{party}", "todo"])
def test_what_anybody_reads_of_roots_and_publications_no_scope_of_a_request_writes(world: World, scope: str) -> None:
    set_scope(scope.format(party=world.party.pk), world.clerk.pk if scope else 0)
    forged = {
        "registry_corte": "(numero, hecho_el, hasta, raices) VALUES (1, now(), 999999999, '{}')",
        "filing_cabezaarbol": "(tamano, raiz, publicada_el, sello_autoridad) VALUES (999999, '', now(), '')",
        "disclosure_procesopublicado": "(clave, nombre, ambito, entidad, inicia_el, termina_el, datos_al)"
        " VALUES ('FALSO', 'Falso', 'local', '', now(), now(), now())",
    }
    for table, row in forged.items():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                cursor.execute(f"INSERT INTO {table} {row}")


MUTANTS = {
    "a policy that admits all": "ALTER POLICY {policy} ON {table} USING (true) WITH CHECK (true)",
    "a policy that shows all": "ALTER POLICY {policy} ON {table} USING (true)",
    "a policy that takes all": "ALTER POLICY {policy} ON {table} WITH CHECK (true)",
    "no policy": "DROP POLICY {policy} ON {table}",
    "no wall": "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
}


def stands(cursor: Any, table: str) -> bool:
    """Whether the table is as the tests above ask, for a row of nobody and a scope of nothing."""
    cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", [table])
    (enabled,) = cursor.fetchone()
    found, row = policies(cursor, table), row_of(table, NOBODY, NOBODY)
    if not enabled or not found["read"] or not found["write"]:
        return False
    conditions = found["write"] + ([] if table in PUBLISHED else found["read"])
    return not any(passes(cursor, table, each, row) for each in conditions)


@pytest.mark.parametrize("damage", MUTANTS)
def test_every_damage_to_every_wall_is_seen(db: None, damage: str) -> None:
    survived = []
    owner = psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], dbname=connection.settings_dict["NAME"])
    with psycopg.connect(owner) as session, session.cursor() as cursor:
        for table in WALLED:
            kind = "reserva" if table in RESERVED else "alcance"
            assert stands(cursor, table), table
            cursor.execute(MUTANTS[damage].format(table=table, policy=f"{table}_{kind}"))
            survived += [table] if stands(cursor, table) else []
            session.rollback()
    assert not survived


def test_the_web_role_is_bound_and_the_walls_stand(db: None) -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("order", "says"),
    [
        ("ALTER ROLE sif_app BYPASSRLS", "tiene BYPASSRLS"),
        ("ALTER ROLE sif_app SUPERUSER", "es superusuario"),
        ("ALTER ROLE sif_app CREATEROLE", "puede crear roles"),
        ("GRANT sif_owner TO sif_app", "es dueño de"),
    ],
)
def test_a_role_that_no_wall_binds_is_named(db: None, monkeypatch: pytest.MonkeyPatch, order: str, says: str) -> None:
    name = connection.settings_dict["NAME"]
    admin = psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], dbname=name, user="postgres")
    with psycopg.connect(admin) as session:  # nothing of it is committed
        monkeypatch.setattr(walls, "connection", session)
        session.execute("SET ROLE sif_app")
        assert walls._role_problems() == []
        session.execute("RESET ROLE")
        session.execute(order)
        session.execute("SET ROLE sif_app")
        assert [each for each in walls._role_problems() if says in each]
        session.rollback()


def test_a_key_that_the_database_does_not_know_is_named(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "cd" * 32)
    assert [each for each in problems() if "SIF_LLAVE_ALCANCE" in each]
