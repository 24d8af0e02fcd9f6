"""Nobody adds to an act that is whole: what hangs from it entered with it, and SQL of later is refused."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from acts import committed
from proceedings.world import World, at, build_world
from runs import run_again
from sif.proceedings import services
from sif.registry.scope import acting, everything, registering, set_scope


def build() -> World:
    """A campaign judged until its resolución, with a hallazgo and an observación of after the oficio."""
    world = build_world()
    observed = world.observacion([world.hallazgo("100,000.00", "TP001")], criterio="rebase_tope")
    oficio = world.oficio()
    with at("2018-07-11 12:00"):
        services.answer(oficio, observed, "Se presenta.", [], world.alicia)
    world.dictamen()
    world.resolucion()
    world.voted(5, 0)
    world.observacion([world.hallazgo("5.00")])
    world.hallazgo("7.00")
    return world


@pytest.fixture(scope="module")
def judged(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with committed(django_db_blocker, build) as made:
        yield made


LAST = "(SELECT max(id) FROM audit_observacion)"
FORGED = {
    "a hallazgo to an observación": "INSERT INTO audit_observacion_hallazgos (observacion_id, hallazgo_id)"
    f" VALUES ({LAST}, (SELECT max(id) FROM audit_hallazgo))",
    "an observación to an oficio": "INSERT INTO proceedings_oficio_observaciones (oficio_id, observacion_id)"
    f" SELECT id, {LAST} FROM proceedings_oficio",
    "a póliza to an answer": "INSERT INTO proceedings_respuesta_polizas (respuesta_id, poliza_id)"
    " SELECT id, 1 FROM proceedings_respuesta",
    "an amount to a conclusión": "INSERT INTO proceedings_determinado"
    " (contabilidad_id, conclusion_id, origen, fecha, monto) SELECT {books}, id, 'revision', now(), 9"
    " FROM proceedings_conclusion",
    "a sanción to a resolución": "INSERT INTO proceedings_sancion (resolucion_id, conclusion_id, criterio,"
    " monto_involucrado, uma, umas, forma, monto, trabajo) SELECT resolucion_id, 0, criterio, monto_involucrado, uma,"
    " umas, forma, monto, trabajo FROM proceedings_sancion",
    "a part to a sanción": "INSERT INTO proceedings_partesancion (sancion_id, sujeto_id, participacion_pb, monto)"
    " SELECT id, {other}, 10000, monto FROM proceedings_sancion",
}


@pytest.mark.parametrize("name", FORGED)
def test_nobody_adds_to_an_act_of_another_once_it_is_written(judged: World, name: str) -> None:
    sql = FORGED[name].format(books=judged.contabilidades[0].pk, other=judged.otro.pk)
    with everything():
        set_scope("todo", judged.carla.pk)
        with pytest.raises(DatabaseError, match="entra con su acto"), transaction.atomic():
            connection.cursor().execute(sql)


def test_not_even_the_scope_of_the_registry_gives_books_to_an_appointment_made(judged: World) -> None:
    sql = (
        "INSERT INTO registry_nombramiento_contabilidades (nombramiento_id, contabilidad_id)"
        f" SELECT max(id), {judged.contabilidades[0].pk} FROM registry_nombramiento"
        f" WHERE sujeto_id = {judged.partido.pk}"
    )
    with registering(), pytest.raises(DatabaseError, match="entra con su acto"), transaction.atomic():
        connection.cursor().execute(sql)


NOTICE = (
    "INSERT INTO notices_notificacion (folio, sujeto_id, asunto, acto, documento_sha256, depositada_el)"
    " SELECT 'NOT-2018-000099', sujeto_id, 'x', acto, documento_sha256, now() FROM notices_notificacion"
)
UNCITED = {
    "a document": "INSERT INTO proceedings_documento (clave, titulo, pdf_sha256, docx_sha256, texto_sha256, hecho_el)"
    " SELECT 'x', 'x', pdf_sha256, docx_sha256, texto_sha256, now() FROM proceedings_documento LIMIT 1",
    "a notification of no act": "INSERT INTO notices_notificacion (folio, sujeto_id, asunto, acto, documento_sha256,"
    " depositada_el) VALUES ('NOT-2018-000099', {other}, 'x', 'x', repeat('0', 64), now())",
    "an oficio notified again": NOTICE + " WHERE acto LIKE '%/DA/%'",
    "a resolución notified again": NOTICE + " WHERE acto LIKE '%/CG%'",
}


@pytest.mark.parametrize("name", UNCITED)
def test_nothing_is_notified_nor_kept_as_a_document_without_the_act_that_cites_it(judged: World, name: str) -> None:
    def forge() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(UNCITED[name].format(other=judged.otro.pk))
            assert cursor.rowcount == 1

    with everything():
        set_scope("todo", judged.carla.pk)
        with pytest.raises(DatabaseError, match="row-level security"):
            forge()
        with pytest.raises(DatabaseError, match="no la cita ningún acto"), acting():
            forge()


def test_a_row_with_its_act_enters_from_a_savepoint_and_after_other_transactions(judged: World) -> None:
    """The number of a savepoint is later than that of its transaction, and both are in progress."""
    with everything(), transaction.atomic():
        with transaction.atomic():
            world = replace(judged, corrida=run_again(judged.corrida.instantanea))
        with transaction.atomic():
            row = world.hallazgo("11.00")
        with transaction.atomic():
            made = world.observacion([row])
        assert made.hallazgos.count() == 1
        transaction.set_rollback(True)
