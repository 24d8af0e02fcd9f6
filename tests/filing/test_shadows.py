"""Nothing that the owner of a database adds to it can answer in the place of what is verified."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from sif.filing.roots import differences
from sif.filing.verifying import SETTINGS, leaves_question
from sif.signing.acuse import leaf_of
from sif.signing.tree import tree_root

pytestmark = pytest.mark.django_db
TABLE = "filing_cabezaarbol"
QUESTION = leaves_question(TABLE, "id")
ALIASES = ("r", "n", "t", "x", "j", "h", "e", "p", "filing_cabezaarbol")


@pytest.fixture
def owner(db: None) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the verifier's, that may write; undone after the test."""
    url = psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], dbname=connection.settings_dict["NAME"])
    with psycopg.connect(url) as database:
        database.execute(SETTINGS)
        yield database
        database.rollback()


def add_head(database: psycopg.Connection[Any], size: int, root: str = "aa", column: str = "") -> None:
    names = f', "{column}"' if column else ""
    value = """, '{"id": 77}'""" if column else ""
    database.execute(
        f"INSERT INTO public.{TABLE} (tamano, raiz, publicada_el, sello_autoridad{names})"
        f" VALUES (%s, %s, now(), 'sello'{value})",
        [size, root],
    )


@pytest.mark.parametrize("column", ALIASES)
def test_a_column_does_not_answer_for_its_row(owner: psycopg.Connection[Any], column: str) -> None:
    add_head(owner, 5)
    assert owner.execute(QUESTION).fetchall() == []
    owner.execute(f'ALTER TABLE public.{TABLE} DISABLE TRIGGER USER, ADD COLUMN "{column}" jsonb')
    old = "SELECT to_jsonb(q.*) - %s::text FROM (SELECT s.* FROM public.filing_cabezaarbol s) q"
    owner.execute(f'UPDATE public.{TABLE} SET "{column}" = ({old}), raiz = %s', [column, "bb"])
    assert [what for _, what in owner.execute(QUESTION).fetchall()] == ["alterado"]


@pytest.mark.parametrize("column", ALIASES)
def test_a_column_does_not_give_the_leaf_of_its_row(owner: psycopg.Connection[Any], column: str) -> None:
    owner.execute(f'ALTER TABLE public.{TABLE} ADD COLUMN "{column}" jsonb')
    add_head(owner, 6, column=column)
    assert owner.execute(QUESTION).fetchall() == []


@pytest.mark.parametrize("name", ["convert_to(text, text)", "jsonb_strip_nulls(jsonb)", "sha256(bytea)"])
def test_a_function_of_the_database_is_not_asked(owner: psycopg.Connection[Any], name: str) -> None:
    add_head(owner, 5)
    gives = "jsonb" if "jsonb" in name else "bytea"
    owner.execute(f"CREATE FUNCTION public.{name} RETURNS {gives} LANGUAGE sql AS $$ SELECT NULL::{gives} $$")
    assert owner.execute(QUESTION).fetchall() == []


def test_a_tree_of_more_than_ten_acuses_is_read_in_their_order(owner: psycopg.Connection[Any]) -> None:
    cadenas = [f"||{place}||" for place in range(12)]
    for place, cadena in enumerate(cadenas):
        owner.execute(
            "INSERT INTO public.filing_presentacion (informe_id, recibida_el, preparada_el, cadena, sello, certificado,"
            " rfc, nombre, serie, emisor_sha256, revocacion, acuse, hoja) VALUES (%s, now(), now(), %s, '', '', '', '',"
            " '', '', '', jsonb_build_object('cadena', %s::text), %s)",
            [900 + place, cadena, cadena, place],
        )
    add_head(owner, 12, tree_root(leaf_of({"cadena": cadena}) for cadena in cadenas).hex())
    assert differences(owner) == []
