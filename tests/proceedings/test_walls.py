"""What a subject reads of the proceedings in the database itself, act by act; another subject never reads any of it."""

import pytest
from django.db import DatabaseError, connection, transaction

from proceedings.world import World, at
from sif.audit.models import Descarte, Hallazgo, Observacion
from sif.notices.models import LecturaNotificacion, Notificacion
from sif.proceedings import services
from sif.proceedings.models import (
    Conclusion,
    Dictamen,
    Documento,
    Oficio,
    OficioPropuesto,
    Resolucion,
    Respuesta,
    Sancion,
    Voto,
)
from sif.proceedings.proposing import propose_oficio
from sif.registry.models import SujetoObligado, Usuario
from sif.registry.scope import everything, scope_of, set_scope

HEARING = (Observacion, Hallazgo, Oficio, Documento, Notificacion, Respuesta)
OUTCOME = (Dictamen, Conclusion, Resolucion, Sancion, Voto)


def seen_by(sujeto: SujetoObligado, *tables: type) -> list[int]:
    """How many rows of each table the people of a subject read."""
    with everything():  # gives back the scope of the test
        set_scope(scope_of([], [sujeto.pk]))
        return [table.objects.count() for table in tables]  # type: ignore[attr-defined]


def test_a_subject_reads_an_observacion_and_its_facts_once_an_oficio_notifies_them(world: World) -> None:
    told, kept = world.hallazgo("1,000.00"), world.hallazgo("2,000.00")
    world.observacion([told])
    day, by = world.corrida.fin_el, world.dario
    Descarte.objects.create(hallazgo=kept, motivo="Es otro gasto.", hecho_el=day, hecho_por=by)
    with at("2018-07-10 12:00"):
        propose_oficio(world.etapa, world.partido, world.bruno)
        world.observacion([world.hallazgo("10.00")])
        propose_oficio(world.etapa, world.partido, world.dario)  # it stands over the other
        assert seen_by(world.partido, *HEARING, OficioPropuesto) == [0] * 7
        services.issue_oficio(world.etapa, world.partido, world.elena)
        world.observacion([kept])  # adopted after, and in no oficio
    assert seen_by(world.partido, *HEARING) == [2, 2, 1, 1, 1, 0]
    assert seen_by(world.partido, OficioPropuesto, Descarte) == [1, 0]  # that of the oficio, not the one withdrawn
    assert seen_by(world.otro, *HEARING, OficioPropuesto) == [0] * 7


def test_a_subject_reads_its_dictamen_and_its_votes_once_the_resolucion_is_approved(world: World) -> None:
    world.observacion([world.hallazgo("100,000.00", "TP001")], criterio="rebase_tope")
    world.oficio()
    world.dictamen()
    world.resolucion()
    assert seen_by(world.partido, *OUTCOME) == [0] * 5
    world.voted(4, 1)
    assert seen_by(world.partido, *OUTCOME) == [1, 1, 1, 1, 5]
    assert seen_by(world.partido, Documento, Notificacion) == [3, 2]
    assert seen_by(world.otro, *OUTCOME, Documento, Notificacion) == [0] * 7


def test_a_resolucion_that_was_voted_down_is_shown_to_no_subject(world: World) -> None:
    world.observacion([world.hallazgo("100,000.00", "TP001")], criterio="rebase_tope")
    world.oficio()
    world.dictamen()
    world.resolucion()
    world.voted(1, 4)
    assert seen_by(world.partido, *OUTCOME) == [0] * 5


def _as(person: Usuario, sujeto: SujetoObligado) -> None:
    set_scope(scope_of([], [sujeto.pk]), person.pk)


def test_the_responsable_answers_and_reads_in_their_own_name_alone(world: World) -> None:
    observed = world.observacion([world.hallazgo("1,000.00")])
    oficio = world.oficio()
    with at("2018-07-11 12:00"), everything():
        _as(world.alicia, world.partido)
        services.answer(oficio, observed, "Se presenta el XML.", [], world.alicia)
        assert Respuesta.objects.get().presentada_por_id == world.alicia.pk
        _as(world.dario, world.partido)
        for forged in (
            Respuesta(
                oficio=oficio,
                observacion=observed,
                version=2,
                texto="Otra",
                presentada_por=world.alicia,
                presentada_el=oficio.notificado_el,
            ),
            LecturaNotificacion(notificacion=oficio.notificacion, usuario=world.alicia, leida_el=oficio.notificado_el),
        ):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                forged.save()


def test_no_party_writes_what_the_authority_decides(world: World) -> None:
    world.observacion([world.hallazgo("1,000.00")])
    world.oficio()
    with everything():
        _as(world.alicia, world.partido)
        with connection.cursor() as cursor:
            for order in (
                "INSERT INTO proceedings_oficio_observaciones (oficio_id, observacion_id)"
                " SELECT oficio_id, observacion_id FROM proceedings_oficio_observaciones",
                "INSERT INTO notices_notificacion (folio, sujeto_id, asunto, acto, documento_sha256, depositada_el)"
                " SELECT 'NOT-0', sujeto_id, asunto, acto, documento_sha256, depositada_el FROM notices_notificacion",
            ):
                with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                    cursor.execute(order)
