"""Functions of the database: none takes a temporary table for the real one, nor serves a trigger of the connection."""

import os

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from sif.banks.models import Enlace
from sif.registry import clock
from sif.registry.models import Hoja
from small_world import World


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


OURS = (
    " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
    " WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')"
    " AND (p.prosecdef OR p.proname NOT LIKE 'procrastinate%%')"
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid"
    " AND d.deptype = 'e')"
)
"""Every function but those of extensions, and those of the queue that run with the rights of who calls."""


def test_every_function_looks_for_temporary_tables_last(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT p.proname, p.proconfig" + OURS)
        found = {name: list(config or []) for name, config in cursor.fetchall()}
    assert {"banks_check_enlace", "sif_check_prorrateo", "sif_close_polizas", "sif_pase", "sif_guard_oficio"} <= set(
        found
    )
    wrong = {
        name
        for name, config in found.items()
        if not any(each.startswith("search_path=pg_catalog, ") and each.endswith(", pg_temp") for each in config)
    }
    assert not wrong, (
        f"{sorted(wrong)} buscan las tablas temporales primero: SET search_path = pg_catalog, public, pg_temp"
    )


def test_no_function_takes_the_day_of_the_zone_of_the_session(world: World) -> None:
    """SQL in a page sets that zone as it likes: a day is that of an instant AT TIME ZONE."""
    session = r"\m(current_date|current_time|localtime|localtimestamp|timeofday)\M"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, p.prosrc ~* %s OR p.prosrc ~* %s" + OURS,
            [session, r"(now|clock_timestamp|statement_timestamp)\(\)\s*::\s*(date|time\M|timestamp\M)"],
        )
        found = dict(cursor.fetchall())
    assert {"sif_gives_role", "sif_rfc_probado", "sif_guard_funcion"} <= set(found)
    assert not {name for name, wrong in found.items() if wrong}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename || '.' || policyname FROM pg_policies"
            " WHERE coalesce(qual, '') || coalesce(with_check, '') ~* %s",
            [session],
        )
        assert cursor.fetchall() == []


def test_the_ordinary_role_hangs_no_function_of_ours_from_a_table_of_its_own(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, has_function_privilege('sif_app', p.oid, 'EXECUTE')"
            + OURS
            + " AND p.prorettype = 'trigger'::regtype"
        )
        found = dict(cursor.fetchall())
    assert {"sif_log_rows", "sif_guard_oficio", "sif_close_polizas"} <= set(found)
    lent = sorted(name for name, allowed in found.items() if allowed)
    assert not lent, f"sif_app cuelga {lent} de sus tablas temporales: `sif migrar` las cierra con CLOSE_TRIGGERS"


FORGERY = (
    "CREATE TEMP TABLE books_archivo (id bigint);"
    "CREATE TRIGGER falsa AFTER INSERT ON pg_temp.books_archivo REFERENCING NEW TABLE AS nuevas"
    " FOR EACH STATEMENT EXECUTE FUNCTION public.sif_log_rows('id');"
    "INSERT INTO pg_temp.books_archivo VALUES (987654321)"
)


def test_a_temporary_table_named_as_a_record_writes_no_leaf(world: World) -> None:
    with pytest.raises(DatabaseError, match=r"permission denied|permiso denegado"), transaction.atomic():
        run(FORGERY)
    assert not Hoja.objects.filter(tabla="books_archivo", fila="987654321").exists()


def test_a_leaf_is_of_a_table_of_the_record_even_if_the_function_is_lent_again(world: World) -> None:
    name = connection.settings_dict["NAME"]
    owner = psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], dbname=name)
    with psycopg.connect(owner) as session:  # nothing of it is committed
        with pytest.raises(psycopg.Error, match="no es una tabla del registro"):
            session.execute(FORGERY)
        session.rollback()


def test_a_shadow_of_its_sides_does_not_make_a_bank_link_balance(world: World) -> None:
    link = Enlace(contabilidad=world.books, cuenta=world.bank, hecho_el=clock.now(), hecho_por=world.clerk)
    with pytest.raises(DatabaseError, match="no cuadra"), transaction.atomic():
        link.save()
        books, bank = f"{world.books.pk} AS contabilidad_id", world.bank.pk
        shadows = {
            "banks_ladobanco": f"{link.pk} AS enlace_id, 1 AS linea_id, {books}",
            "banks_lineabancaria": f"1 AS id, 5::bigint AS monto, {bank} AS cuenta_id",
            "banks_ladolibros": f"{link.pk} AS enlace_id, 1 AS movimiento_id, {books}",
            "books_movimiento": "1 AS id, 5::bigint AS cargo, 0::bigint AS abono,"
            f" 'cuenta_bancaria' AS auxiliar_tipo, {bank} AS auxiliar_id, {books}",
        }
        for table, columns in shadows.items():
            run(f"CREATE TEMP TABLE {table} AS SELECT {columns}; GRANT SELECT ON {table} TO PUBLIC")
        connection.check_constraints()
