"""Guards of the database that are not as the migrations make them are named, one by one."""

import json
import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from sif.filing import shape
from sif.filing.shape import FILE, RELEASE, shape_of, unlike, wanted
from sif.filing.verifying import SETTINGS

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
RENEW = "SIF_RENUEVA_GUARDAS"
ADDED, GONE, OTHER = "{} que ninguna migración hace", "falta: {}", "{} que no es como la hacen las migraciones"

DAMAGES = {
    "CREATE OR REPLACE FUNCTION sif_refuse_record() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$": (
        "sif_refuse_record", "", OTHER.format("función"),
    ),
    "ALTER FUNCTION sif_todo() SECURITY INVOKER": ("sif_todo", "", OTHER.format("función")),
    "ALTER FUNCTION sif_todo() RESET search_path": ("sif_todo", "", OTHER.format("función")),
    "GRANT EXECUTE ON FUNCTION sif_todo() TO pg_monitor": ("sif_todo", "", OTHER.format("función")),
    "CREATE FUNCTION ajena() RETURNS int LANGUAGE sql AS 'SELECT 1'": ("ajena", "", ADDED.format("función")),
    "CREATE FUNCTION public.convert_to(text, text) RETURNS bytea LANGUAGE sql AS 'SELECT NULL::bytea';"
    "ALTER EXTENSION btree_gist ADD FUNCTION public.convert_to(text, text)": (
        "convert_to", "text, text", ADDED.format("función"),
    ),
    "DROP TRIGGER books_pago_inmutable ON books_pago": ("books_pago", "books_pago_inmutable", GONE.format("guarda")),
    "ALTER TABLE books_evidencia DISABLE TRIGGER books_evidencia_hoja": (
        "books_evidencia", "books_evidencia_hoja", OTHER.format("guarda"),
    ),
    "ALTER TABLE books_poliza ENABLE REPLICA TRIGGER poliza_cerrada": (
        "books_poliza", "poliza_cerrada", OTHER.format("guarda"),
    ),
    "CREATE TRIGGER otra BEFORE INSERT ON books_pago FOR EACH ROW EXECUTE FUNCTION sif_refuse_record()": (
        "books_pago", "otra", ADDED.format("guarda"),
    ),
    "CREATE OR REPLACE TRIGGER books_pago_inmutable BEFORE UPDATE OR DELETE ON books_pago FOR EACH ROW"
    " EXECUTE FUNCTION sif_number_version()": ("books_pago", "books_pago_inmutable", OTHER.format("guarda")),
    "CREATE OR REPLACE TRIGGER books_pago_inmutable BEFORE DELETE ON books_pago FOR EACH ROW"
    " EXECUTE FUNCTION sif_refuse_record()": ("books_pago", "books_pago_inmutable", OTHER.format("guarda")),
    "CREATE OR REPLACE TRIGGER books_pago_inmutable BEFORE UPDATE OR DELETE ON books_pago FOR EACH ROW"
    " WHEN (false) EXECUTE FUNCTION sif_refuse_record()": (
        "books_pago", "books_pago_inmutable", OTHER.format("guarda"),
    ),
    "ALTER TABLE books_pago DISABLE ROW LEVEL SECURITY": ("books_pago", "", OTHER.format("tabla")),
    "ALTER POLICY books_pago_alcance ON books_pago USING (true)": (
        "books_pago", "books_pago_alcance", OTHER.format("muro"),
    ),
    "ALTER POLICY books_pago_alcance ON books_pago USING ((SELECT sif_todo()) OR true)": (
        "books_pago", "books_pago_alcance", OTHER.format("muro"),
    ),
    "ALTER POLICY books_pago_alcance ON books_pago WITH CHECK (true)": (
        "books_pago", "books_pago_alcance", OTHER.format("muro"),
    ),
    "ALTER POLICY books_pago_alcance ON books_pago TO pg_monitor": (
        "books_pago", "books_pago_alcance", OTHER.format("muro"),
    ),
    "DROP POLICY books_pago_alcance ON books_pago": ("books_pago", "books_pago_alcance", GONE.format("muro")),
    "CREATE POLICY abierto ON books_pago USING (true)": ("books_pago", "abierto", ADDED.format("muro")),
    "CREATE RULE nada AS ON INSERT TO books_pago DO INSTEAD NOTHING": ("books_pago", "nada", ADDED.format("regla")),
    "GRANT UPDATE ON proceedings_voto TO sif_app": ("proceedings_voto", "", OTHER.format("tabla")),
    "GRANT UPDATE (sentido) ON proceedings_voto TO sif_app": ("proceedings_voto", "sentido", OTHER.format("columna")),
    "GRANT INSERT ON registry_hoja TO sif_app": ("registry_hoja", "", OTHER.format("tabla")),
    "GRANT SELECT ON sif_privado.llave TO sif_app": ("sif_privado.llave", "", OTHER.format("tabla")),
    "GRANT CREATE ON SCHEMA sif_privado TO sif_app": ("sif_privado", "", OTHER.format("esquema")),
    "CREATE SCHEMA ajeno": ("ajeno", "", ADDED.format("esquema")),
    "ALTER TABLE books_pago ADD COLUMN r jsonb": ("books_pago", "r", ADDED.format("columna")),
    "ALTER TABLE books_pago ALTER COLUMN medio TYPE text": ("books_pago", "medio", OTHER.format("columna")),
    "ALTER TABLE books_evidencia DROP COLUMN nombre": ("books_evidencia", "nombre", GONE.format("columna")),
    "ALTER TABLE registry_hoja DROP CONSTRAINT hoja_de_una_fila": (
        "registry_hoja", "hoja_de_una_fila", GONE.format("restricción"),
    ),
    "CREATE TYPE ajeno AS ENUM ('a')": ("ajeno", "public", ADDED.format("tipo")),
}  # fmt: skip


@pytest.fixture
def owner(db: None) -> Iterator[Any]:
    """A connection of the owner, undone after the test."""
    with connections["owner"].cursor() as cursor:
        yield cursor.connection


def judge(owner: Any) -> list[tuple[str, str, str]]:
    """What is found with the settings of the verifier."""
    owner.execute(SETTINGS.replace("SET ", "SET LOCAL "))
    return list(unlike(owner))


def test_a_migrated_database_is_as_the_file_of_guards_says(owner: Any) -> None:
    owner.execute(SETTINGS.replace("SET ", "SET LOCAL "))
    if RENEW in os.environ:
        text = json.dumps(shape_of(owner), ensure_ascii=False, indent=0, sort_keys=True) + "\n"
        Path(str(files("sif.filing").joinpath(FILE))).write_text(text, encoding="utf-8")
        wanted.cache_clear()
    assert len(wanted()["función"]) > 20 and len(wanted()["guarda"]) > 100 and len(wanted()["muro"]) > 20
    assert judge(owner) == [], f"Si una migración nueva lo hizo, renueve {FILE}: repita esta prueba con {RENEW}=1."


@pytest.mark.parametrize("order", DAMAGES)
def test_each_damage_to_a_guard_is_named(owner: Any, order: str) -> None:
    owner.execute(order)
    assert DAMAGES[order] in judge(owner)


def test_another_release_of_postgresql_is_not_compared(owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert owner.info.server_version // 10_000 == RELEASE
    owner.execute("CREATE SCHEMA ajeno")
    monkeypatch.setattr(shape, "RELEASE", RELEASE - 1)
    assert judge(owner) == []
