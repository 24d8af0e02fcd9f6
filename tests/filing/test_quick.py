"""What asks quickly whether all is whole writes what its digest covers, and what it counts is judged as ever."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from sif.filing.quick import polizas_question, rows_question
from sif.filing.verifying import SETTINGS
from sif.registry.plain import columns_of, digest_of_columns
from sif.registry.protection import digest_of_row

pytestmark = pytest.mark.django_db
VALUES: dict[str, tuple[str, ...]] = {
    "smallint": ("-32768", "0"),
    "integer": ("-2147483648", "2147483647"),
    "bigint": ("-9223372036854775808", "9223372036854775807"),
    "text": ("", 'comillas " y \\ y / </script>', "\x01\b\f\n\r\t\x1f\x7f", "ñ\u2028\ufeff\U0001f5f3", "\\u0041"),
    "varchar(80)": ("null", "a, b", "  "),
    "boolean": ("true", "false"),
    "date": ("0044-03-15 BC", "12024-01-01", "-infinity", "infinity"),
    "timestamptz": ("2024-04-10 09:00:00.100001-06", "0044-03-15 00:00 BC", "infinity", "12024-01-01"),
    "numeric": ("-0.00", "1.50", "1e30", "0.0000001", "NaN", "-Infinity"),
    "uuid": ("00000000-0000-0000-0000-00000000000a",),
    "bytea": ("", "\\x00ff22"),
}
JSON = ("null", '"null"', '{"b": 1, "aa": null, "\\u00e1": [1.50, null, {}]}', "[]", "false")


@pytest.fixture
def owner(db: None) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the verifier's, that may write; undone after the test."""
    url = psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], dbname=connection.settings_dict["NAME"])
    with psycopg.connect(url) as database:
        database.execute(SETTINGS)
        yield database
        database.rollback()


def _digests(database: psycopg.Connection[Any]) -> list[tuple[bytes, bytes]]:
    quick = digest_of_columns("prueba", "r", columns_of(database)["prueba"])
    slow = digest_of_row("'prueba'", "'public.prueba'::regclass", "to_jsonb(r.*)")
    return database.execute(f"SELECT {quick}, {slow} FROM public.prueba r").fetchall()


@pytest.mark.parametrize("values", [VALUES, {**VALUES, "jsonb": JSON}], ids=["without_json", "with_json"])
def test_a_row_is_written_as_its_digest_has_it(
    owner: psycopg.Connection[Any], values: dict[str, tuple[str, ...]]
) -> None:
    """Each value of each type, beside nulls and alone, in columns that take nulls and that do not."""
    names = {kind: f"c{n}_{'x' * (n % 3)}" for n, kind in enumerate(values)}
    columns = ", ".join(f'"{names[kind]}" {kind}, "{names[kind]}z" {kind} NOT NULL' for kind in values)
    owner.execute(f"CREATE TABLE public.prueba (id bigint NOT NULL, {columns})")
    whole = {f"{names[kind]}z": said[0] for kind, said in values.items()}
    rows = [whole] + [
        {**whole, **row}
        for kind, said in values.items()
        for value in said
        for row in ({names[kind]: value}, {f"{names[kind]}z": value})
    ]
    for row in rows:
        into, marks = ", ".join(f'"{name}"' for name in row), ", ".join(["%s"] * len(row))
        owner.execute(f"INSERT INTO public.prueba (id, {into}) VALUES (7, {marks})", list(row.values()))
    digests = _digests(owner)
    assert len(digests) == len(rows) and all(quick == slow for quick, slow in digests)
    told = {tuple(sorted(row.items())) for row in rows}
    assert len({quick for quick, _ in digests}) == len(told) - ("jsonb" in values)  # a null of JSON alone is no value


def test_a_row_of_more_columns_than_a_call_takes_is_written(owner: psycopg.Connection[Any]) -> None:
    columns = ", ".join(f"columna_{n} bytea" for n in range(120))
    owner.execute(f"CREATE TABLE public.prueba (id bigint NOT NULL, {columns})")
    owner.execute("INSERT INTO public.prueba (id, columna_0, columna_77, columna_119) VALUES (1, 'a', 'b', 'c')")
    assert len({*_digests(owner)[0]}) == 1


@pytest.mark.parametrize("kind", ["double precision", "bigint[]", "json", "time", "propio"])
def test_a_table_with_a_column_of_another_type_is_judged_row_by_row(owner: psycopg.Connection[Any], kind: str) -> None:
    owner.execute("CREATE DOMAIN public.propio AS text")
    owner.execute(f"CREATE TABLE public.prueba (id bigint NOT NULL, otra {kind})".replace("propio", "public.propio"))
    assert rows_question("prueba", "id", columns_of(owner)["prueba"]) is None


@pytest.mark.parametrize("name", ['a"b', "a'b", "a%b", "ñ", "A"])
def test_a_table_with_a_column_of_a_strange_name_is_judged_row_by_row(
    owner: psycopg.Connection[Any], name: str
) -> None:
    said = '"{}"'.format(name.replace('"', '""'))
    owner.execute("CREATE TABLE public.prueba (id bigint NOT NULL)")
    owner.execute(f"ALTER TABLE public.prueba ADD COLUMN {said} text")
    assert rows_question("prueba", "id", columns_of(owner)["prueba"]) is None


def test_polizas_with_a_column_that_is_not_plain_are_judged_one_by_one(owner: psycopg.Connection[Any]) -> None:
    assert polizas_question(columns_of(owner)) is not None
    owner.execute("ALTER TABLE public.books_pago ALTER COLUMN medio TYPE varchar(20)[] USING ARRAY[medio]")
    assert polizas_question(columns_of(owner)) is None


def test_no_cast_of_the_database_is_asked(owner: psycopg.Connection[Any]) -> None:
    """Who owns the cluster can make casts; `::text` would ask them."""
    columns = columns_of(owner)
    asked = rows_question("books_evidencia", "id", columns["books_evidencia"])
    assert asked is not None and "::" not in asked
