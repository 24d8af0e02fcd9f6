"""Guards of the database that are not as the migrations make them are named, one by one."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from sif.filing.shape import shape_of_migrations, unlike

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

DAMAGES = {
    "CREATE OR REPLACE FUNCTION sif_refuse_record() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$": (
        "sif_refuse_record", "", "la función no es como la hacen las migraciones",
    ),
    "CREATE FUNCTION ajena() RETURNS int LANGUAGE sql AS 'SELECT 1'": (
        "ajena", "", "es una función que ninguna migración hace",
    ),
    "DROP TRIGGER books_pago_inmutable ON books_pago": (
        "books_pago", "books_pago_inmutable", "su guarda falta o está desactivada",
    ),
    "ALTER TABLE books_evidencia DISABLE TRIGGER books_evidencia_hoja": (
        "books_evidencia", "books_evidencia_hoja", "su guarda falta o está desactivada",
    ),
    "ALTER TABLE books_poliza ENABLE REPLICA TRIGGER poliza_cerrada": (
        "books_poliza", "poliza_cerrada", "su guarda falta o está desactivada",
    ),
    "CREATE TRIGGER otra BEFORE INSERT ON books_pago FOR EACH ROW EXECUTE FUNCTION sif_refuse_record()": (
        "books_pago", "otra", "es una guarda que ninguna migración hace",
    ),
    "CREATE OR REPLACE TRIGGER books_pago_inmutable BEFORE UPDATE OR DELETE ON books_pago FOR EACH ROW"
    " EXECUTE FUNCTION sif_number_version()": ("books_pago", "books_pago_inmutable", "su guarda llama a otra función"),
    "ALTER TABLE books_pago DISABLE ROW LEVEL SECURITY": (
        "books_pago", "books_pago_alcance", "su muro está desactivado",
    ),
    "ALTER POLICY books_pago_alcance ON books_pago USING (true)": (
        "books_pago", "books_pago_alcance", "su muro no pide el pase",
    ),
    "DROP POLICY books_pago_alcance ON books_pago": ("books_pago", "books_pago_alcance", "falta su muro"),
    "CREATE POLICY abierto ON books_pago USING (true)": (
        "books_pago", "abierto", "es un muro que ninguna migración hace",
    ),
    "CREATE RULE nada AS ON INSERT TO books_pago DO INSTEAD NOTHING": (
        "books_pago", "nada", "tiene una regla que ninguna migración hace",
    ),
}  # fmt: skip


@pytest.fixture
def owner(db: None) -> Iterator[Any]:
    """A connection of the owner, undone after the test."""
    with connections["owner"].cursor() as cursor:
        yield cursor.connection


def test_a_migrated_database_is_as_its_migrations_make_it(owner: Any) -> None:
    shape = shape_of_migrations()
    assert len(shape.functions) > 20 and len(shape.triggers) > 100 and len(shape.policies) > 20
    assert list(unlike(owner)) == []


@pytest.mark.parametrize("order", DAMAGES)
def test_each_damage_to_a_guard_is_named(owner: Any, order: str) -> None:
    owner.execute(order)
    assert list(unlike(owner)) == [DAMAGES[order]]
