"""Functions that run as the owner of the tables: none takes a temporary table of the connection for the real one."""

import pytest
from django.db import DatabaseError, connection, transaction

from sif.banks.models import Enlace
from sif.registry import clock
from small_world import World


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_every_function_of_the_owner_looks_for_temporary_tables_last(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace"
            " WHERE prosecdef AND nspname NOT IN ('pg_catalog', 'information_schema')"
        )
        found = {name: list(config or []) for name, config in cursor.fetchall()}
    assert {"banks_check_enlace", "sif_check_prorrateo", "sif_close_polizas", "sif_pase"} <= set(found)
    wrong = {
        name
        for name, config in found.items()
        if not any(each.startswith("search_path=pg_catalog, ") and each.endswith(", pg_temp") for each in config)
    }
    assert not wrong, (
        f"{sorted(wrong)} buscan las tablas temporales primero: SET search_path = pg_catalog, public, pg_temp"
    )


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
