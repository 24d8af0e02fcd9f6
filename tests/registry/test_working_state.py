"""What acts are made of changes in an act alone: SQL under a pass that only reads changes no draft, lot or job."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from batch.lots import csv_of, poliza_rows
from sif.batch.models import FilaLote, Lote
from sif.batch.services import receive_lote
from sif.books.models import Borrador, Carga, Recepcion
from sif.books.services import begin_upload, save_borrador
from sif.registry.scope import acting, everything, set_scope
from sif.registry.selectors import scope_of_user
from sif.registry.tables import IN_ACTS, TABLES, Kind
from small_world import LEAFLETS, PAYABLE, World

pytestmark = pytest.mark.django_db
REVIEWED = 'UPDATE batch_filalote SET celdas = celdas || \'{"concepto": "Lo escribió otro"}\''


def _done(sql: str, *params: object) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return int(cursor.rowcount)


@pytest.fixture
def lote(world: World) -> Lote:
    data = csv_of(*poliza_rows(1, "100.00", LEAFLETS, PAYABLE))
    return receive_lote(world.books, "polizas", ("abril.csv", [data]), world.clerk).lote


def test_a_lot_that_was_reviewed_changes_under_no_pass_that_only_reads(
    world: World, lote: Lote, as_served: Any
) -> None:
    for person in (world.auditor, world.clerk):
        set_scope(scope_of_user(person), person.pk)
        with pytest.raises(DatabaseError, match="row-level security"):
            _done(REVIEWED)
        assert _done("DELETE FROM batch_filalote") == 0
        assert _done("DELETE FROM batch_lote WHERE id = %s", lote.pk) == 0
    with acting():
        assert _done(REVIEWED) == FilaLote.objects.filter(lote=lote).count() > 0


def test_a_draft_an_upload_and_a_job_are_of_acts(world: World, as_served: Any) -> None:
    set_scope(scope_of_user(world.clerk), world.clerk.pk)
    draft = save_borrador(world.books, {"concepto": "mío"}, world.clerk)
    upload = begin_upload(world.books, "x.pdf", 10, world.clerk)
    with pytest.raises(DatabaseError, match="row-level security"):
        _done("UPDATE books_borrador SET contenido = '{}'")
    with pytest.raises(DatabaseError, match="row-level security"):
        _done("UPDATE books_carga SET recibidos = 10")
    with pytest.raises(DatabaseError, match="row-level security"):
        _done(
            "INSERT INTO books_carga (id, contabilidad_id, nombre, clase, bytes, recibidos, iniciada_el,"
            " iniciada_por_id) VALUES (gen_random_uuid(), %s, 'x.pdf', 'f', 10, 0, now(), %s)",
            world.books.pk,
            world.clerk.pk,
        )
    assert _done("DELETE FROM books_borrador") == _done("DELETE FROM books_carga") == 0
    with everything():
        assert Borrador.objects.get(pk=draft.pk).contenido == {"concepto": "mío"}
        assert Carga.objects.filter(pk=upload.pk).exists() and not Recepcion.objects.exists()


def test_each_table_of_acts_has_the_three_policies_and_is_working_state(world: World) -> None:
    assert {TABLES[table] for table in IN_ACTS} == {Kind.WORKING}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, cmd FROM pg_policies WHERE permissive = 'RESTRICTIVE' AND policyname ~ '_acto$'"
            " AND coalesce(with_check, qual) LIKE '%%sif_autor()%%IS NOT NULL%%'",
            [],
        )
        found = set(cursor.fetchall())
    missing = {(table, cmd) for table in IN_ACTS for cmd in ("INSERT", "UPDATE", "DELETE")} - found
    assert not missing
