"""What a file brought is as the file said: nobody adds to it afterwards, and nobody changes what an invoice says."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from acts import committed
from commands.test_historico import LOCAL
from proceedings.world import World, build_world
from sif.disclosure.history import load_history
from sif.registry.scope import everything, set_scope
from sif.statutes.loading import load_text
from statutes.texts import as_text

HANG = {
    "books_hojaine": "comprobante_id",
    "books_conceptocomprobante": "comprobante_id",
    "books_pagodocumento": "comprobante_id",
    "books_relacioncomprobante": "comprobante_id",
    "books_nominacomprobante": "comprobante_id",
    "banks_lineabancaria": "estado_id",
    "banks_ladobanco": "enlace_id",
    "banks_ladolibros": "enlace_id",
    "apportionment_parteprorrateo": "prorrateo_id",
    "catalogs_renglondetabla": "carga_id",
    "catalogs_situacion69b": "lista_id",
    "catalogs_acto69b": "lista_id",
    "statutes_articulodeley": "texto_id",
    "disclosure_cuentahistorica": "carga_id",
}
FORGED = {
    "an article to a law": "INSERT INTO statutes_articulodeley (texto_id, numero, contenido)"
    " SELECT id, '999', 'Se puede todo.' FROM statutes_textodeley",
    "an account to a past process": "INSERT INTO disclosure_cuentahistorica (carga_id, renglon, identificador, nombre,"
    " sujeto, siglas, asociacion, cargo, entidad, lugar, estatus, ajustes_negativos, rubros, origenes, gasto)"
    " SELECT carga_id, 999, '', 'Inventada', sujeto, siglas, '', '', '', '', '', 0, '{}', '{}', 9"
    " FROM disclosure_cuentahistorica ORDER BY id LIMIT 1",
}


def build() -> World:
    world = build_world()
    load_text("RF", as_text().encode(), date(2023, 8, 22), world.gloria)
    load_history(LOCAL.encode("latin-1"), "local.csv", None)
    return world


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with committed(django_db_blocker, build) as made:
        yield made


@pytest.mark.parametrize("name", FORGED)
def test_nobody_adds_to_what_another_loaded(loaded: World, name: str) -> None:
    with everything():
        set_scope("todo", loaded.carla.pk)
        with pytest.raises(DatabaseError, match="entra con su acto"), transaction.atomic():
            connection.cursor().execute(FORGED[name])


@pytest.mark.django_db
@pytest.mark.parametrize(("table", "column"), HANG.items())
def test_a_row_without_what_brought_it_is_refused_before_anything_else_of_it(table: str, column: str) -> None:
    with everything(), pytest.raises(DatabaseError, match="entra con su acto"), transaction.atomic():
        connection.cursor().execute(f"INSERT INTO {table} ({column}) VALUES (0)")


@pytest.mark.django_db
@pytest.mark.parametrize("table", [table for table, column in HANG.items() if column == "comprobante_id"])
@pytest.mark.parametrize("order", ["UPDATE {0} SET comprobante_id = comprobante_id", "DELETE FROM {0}"])
def test_what_an_invoice_says_is_changed_by_no_request(table: str, order: str) -> None:
    with everything(), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(order.format(table))
