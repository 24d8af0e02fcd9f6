"""The review before an observación: who has what, two people for each decision, and what stays written."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from kept import keeps
from proceedings.world import World, at, campaign_in_review
from rfcs import new_rfc
from runs import find, run_again
from sif.audit import review, saved_views
from sif.audit.models import (
    Asignacion,
    Asunto,
    Comentario,
    Descarte,
    Hallazgo,
    Observacion,
    Propuesta,
    PropuestaResuelta,
    Redaccion,
)
from sif.audit.review_selectors import history_of, similar_to, standings, trail_of, views_of, with_review
from sif.audit.services import DecisionRefused
from sif.registry import clock
from sif.registry import services as registry
from sif.registry.models import Usuario
from sif.registry.scope import everything


@pytest.fixture
@keeps(campaign_in_review)
def world(world_of: Any) -> Any:
    with everything(), at("2018-07-05 12:00"):
        yield world_of(campaign_in_review)


def other_reviewer() -> Usuario:
    """A second reviewer, Nora."""
    nora = registry.create_usuario("nora", "Nora Gil", "", password_hash="!", rfc=new_rfc())
    registry.appoint(nora, "revisor", desde=date(2018, 1, 1))
    return nora


def state(hallazgo: Hallazgo) -> str:
    return standings([Hallazgo.objects.select_related("corrida__instantanea__etapa").get(pk=hallazgo.pk)])[
        hallazgo.pk
    ].estado


def again(world: World, hallazgo: Hallazgo) -> Hallazgo:
    """The same finding in a second run."""
    run = run_again(world.corrida.instantanea)
    return find(
        corrida=run,
        regla=hallazgo.regla,
        regla_digest="0" * 64,
        parametros=[],
        clave=hallazgo.clave,
        contabilidad=hallazgo.contabilidad,
        estado="hallazgo",
        resultado=hallazgo.resultado,
        monto=hallazgo.monto,
        fila=hallazgo.fila,
        mensaje=hallazgo.mensaje,
    )


def now(row: Observacion) -> Observacion:
    return Observacion.objects.get(identidad=row.identidad, reemplazada_por=None)


def version(row: Observacion, by: Usuario, **changed: Any) -> Observacion:
    names = [field.name for field in row._meta.concrete_fields if field.editable and field.name != "id"]
    kept = {name: getattr(row, name) for name in names}
    return Observacion.objects.create(**{**kept, **changed, "motivo": "Cambio."}, reemplaza_a=row, registrada_por=by)


def test_the_notified_text_stays_and_an_oficio_is_of_the_version_in_force(world: World) -> None:
    first, row = world.observacion([world.hallazgo("100.00")]), world.hallazgo("50.00")
    review.confirm(review.propose([row], "unir", "Mismo hecho.", world.dario, observacion=first), world.elena)
    last = now(first)
    with pytest.raises(DatabaseError), transaction.atomic():
        version(first, world.elena)  # only the version in force is replaced
    oficio = world.oficio()
    assert list(oficio.observaciones.all()) == [last]
    assert last.motivo_de_adopcion == first.motivo
    with pytest.raises(DatabaseError), transaction.atomic():
        Observacion.objects.filter(pk=last.pk).update(texto="Otro.")


def test_a_proposal_to_join_an_older_version_joins_the_one_in_force(world: World) -> None:
    target, first, second = (
        world.observacion([world.hallazgo("100.00")]),
        world.hallazgo("50.00"),
        world.hallazgo("7.00"),
    )
    late = review.propose([second], "unir", "", world.dario, observacion=target)
    review.confirm(review.propose([first], "unir", "", world.dario, observacion=target), world.elena)
    review.confirm(late, world.elena)
    assert (now(target).monto, now(target).hallazgos.count(), now(target).version) == (15_700, 3, 3)
    assert Observacion.objects.filter(identidad=target.pk).count() == 3


def resolved(proposal: Propuesta, sentido: str, by: Usuario) -> PropuestaResuelta:
    return PropuestaResuelta.objects.create(propuesta=proposal, sentido=sentido, hecho_el=clock.now(), hecho_por=by)


def test_two_people_adopt_and_the_second_signs(world: World) -> None:
    found = [world.hallazgo("100.00"), world.hallazgo("50.00")]
    made = review.propose(found, "adoptar", "Del cruce.", world.dario)
    assert [state(row) for row in found] == ["propuesto", "propuesto"]
    assert not Observacion.objects.exists()
    done = review.confirm(made, world.elena, "De acuerdo.")
    (observacion,) = done.observaciones
    assert (observacion.adoptada_por, observacion.motivo, observacion.monto) == (world.elena, "Del cruce.", 15_000)
    assert state(found[0]) == "adoptado"
    kept = Propuesta.objects.get(hallazgo=found[0]).resuelta
    assert (kept.sentido, kept.hecho_por, kept.observacion) == ("confirmada", world.elena, observacion)


def test_nobody_confirms_their_own_and_the_database_refuses_it_too(world: World) -> None:
    made = review.propose([world.hallazgo("10.00")], "adoptar", "", world.elena)
    with pytest.raises(DecisionRefused, match="la confirma otra persona"):
        review.confirm(made, world.elena)
    with pytest.raises(DatabaseError, match="devuelve otra persona"), transaction.atomic():
        resolved(made[0], "confirmada", world.elena)
    with pytest.raises(DatabaseError, match="retira quien la hizo"), transaction.atomic():
        resolved(made[0], "retirada", world.dario)
    with pytest.raises(DecisionRefused, match="no tiene nombramiento para confirmar"):
        review.confirm(made, world.dario)
    assert not Observacion.objects.exists()


def test_what_was_resolved_or_said_does_not_change(world: World) -> None:
    row = world.hallazgo("10.00")
    made = review.propose([row], "desechar", "Se aclaró.", world.dario)
    review.comment(row, "Lo vi con el responsable.", world.dario)
    with pytest.raises(DatabaseError, match="ya tiene una propuesta que espera"), transaction.atomic():
        Propuesta.objects.create(
            asunto=made[0].asunto, hallazgo=row, decision="adoptar", propuesta_el=clock.now(), propuesta_por=world.elena
        )
    assert review.confirm(made, world.elena).desechados == 1
    assert Descarte.objects.get().motivo == "Se aclaró."
    for change in (
        lambda: Propuesta.objects.update(motivo="otro"),
        lambda: PropuestaResuelta.objects.update(comentario="otro"),
        lambda: Comentario.objects.update(texto="otro"),
        lambda: Propuesta.objects.all().delete(),
        lambda: resolved(made[0], "devuelta", world.elena),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(DecisionRefused, match="ya se resolvió"):
        review.confirm(made, world.elena)


def test_all_or_none(world: World) -> None:
    first, second = world.hallazgo("10.00"), world.hallazgo("20.00")
    review.propose([second], "adoptar", "", world.dario)
    with pytest.raises(DecisionRefused, match="ya tiene una propuesta de Darío Salas"):
        review.propose([first, second], "adoptar", "", world.dario)
    assert Propuesta.objects.count() == 1
    with pytest.raises(DecisionRefused, match="pide un motivo"):
        review.propose([first], "desechar", "  ", world.dario)
    with pytest.raises(DecisionRefused, match="nombramiento"):
        review.propose([first], "adoptar", "", world.alicia)


def test_what_was_decided_is_not_proposed_again(world: World) -> None:
    adopted, dropped = world.hallazgo("10.00"), world.hallazgo("20.00")
    review.confirm(review.propose([adopted], "adoptar", "", world.dario), world.elena)
    review.confirm(review.propose([dropped], "desechar", "No procede.", world.dario), world.elena)
    for decision in ("adoptar", "desechar"):
        with pytest.raises(DecisionRefused, match="ya fue adoptado en una observación"):
            review.propose([adopted], decision, "Otra razón.", world.dario)
        with pytest.raises(DecisionRefused, match=r"fue desechado: No procede\."):
            review.propose([dropped], decision, "Otra razón.", world.dario)


def test_returned_or_withdrawn_it_may_be_proposed_again(world: World) -> None:
    row = world.hallazgo("10.00")
    made = review.propose([row], "adoptar", "", world.dario)
    with pytest.raises(DecisionRefused, match="qué corregir"):
        review.send_back(made, " ", world.elena)
    assert review.send_back(made, "Falta citar el RF.", world.elena) == 1
    assert state(row) == "sin_revisar"
    (second,) = review.propose([row], "adoptar", "", world.dario)
    with pytest.raises(DecisionRefused, match="es de Darío"):
        review.withdraw(second, world.elena)
    review.withdraw(second, world.dario)
    assert [each.resuelta.sentido for each in trail_of(row).propuestas] == ["devuelta", "retirada"]


def test_joining_adds_to_the_observacion_until_it_is_notified(world: World) -> None:
    target = world.observacion([world.hallazgo("100.00")])
    row, foreign = world.hallazgo("50.00"), world.observacion([world.hallazgo("1.00")], sujeto=world.otro)
    with pytest.raises(DecisionRefused, match="otro sujeto"):
        review.propose([row], "unir", "", world.dario, observacion=foreign)
    with pytest.raises(DecisionRefused, match="pide la observación"):
        review.propose([row], "unir", "", world.dario)
    made = review.propose([row], "unir", "Mismo hecho.", world.dario, observacion=target)
    assert review.confirm(made, world.elena).unidos == 1
    joined = now(target)
    assert (joined.monto, joined.hallazgos.count(), joined.version, joined.motivo) == (15_000, 2, 2, "Mismo hecho.")
    assert row.mensaje in joined.texto
    target.refresh_from_db()
    assert (target.monto, target.hallazgos.count(), target.version) == (10_000, 1, 1)  # what it said stays
    assert row.mensaje not in target.texto
    assert state(row) == "adoptado"
    late = world.hallazgo("5.00")
    world.oficio()
    with pytest.raises(DecisionRefused, match="ya se notificó"):
        review.propose([late], "unir", "", world.dario, observacion=target)
    with pytest.raises(DecisionRefused, match="ya se notificó"):
        review.reword(row, "Otras palabras.", world.dario)


def test_words_of_people_go_into_the_observacion(world: World) -> None:
    row = world.hallazgo("10.00")
    review.reword(row, "La póliza carece de XML.\r\nSe revisó dos veces.", world.dario)
    (made,) = review.confirm(review.propose([row], "adoptar", "", world.dario), world.elena).observaciones
    assert made.texto == "La póliza carece de XML.\nSe revisó dos veces."
    changed = review.reword(row, "La póliza no tiene XML.", world.dario)
    assert now(made).texto == "La póliza carece de XML.\nSe revisó dos veces."
    assert isinstance(changed, Propuesta)
    with pytest.raises(DecisionRefused, match="ya tiene una propuesta de Darío"):
        review.reword(row, "Otras palabras.", world.elena)
    review.confirm([changed], world.elena)
    assert now(made).texto == "La póliza no tiene XML."
    made.refresh_from_db()
    assert made.texto == "La póliza carece de XML.\nSe revisó dos veces."


def test_who_confirmed_does_not_reword_alone(world: World) -> None:
    row = world.hallazgo("10.00")
    (made,) = review.confirm(review.propose([row], "adoptar", "", world.dario), world.elena).observaciones
    changed = review.reword(row, "Palabras de Elena.", world.elena)
    assert isinstance(changed, Propuesta)
    with pytest.raises(DecisionRefused, match="la confirma otra persona"):
        review.confirm([changed], world.elena)
    assert review.send_back([changed], "No consta.", other_reviewer()) == 1
    assert now(made) == made
    assert made.texto == row.mensaje
    assert not Redaccion.objects.exists()


@pytest.mark.parametrize("hand", ["reword", "comment"])
def test_who_reworded_or_annotated_a_proposal_does_not_confirm_it_nor_does_the_database(
    world: World, hand: str
) -> None:
    row = world.hallazgo("10.00")
    made = review.propose([row], "adoptar", "", world.dario)
    getattr(review, hand)(row, "Palabras de Elena.", world.elena)
    with pytest.raises(DecisionRefused, match="no haya puesto mano"):
        review.confirm(made, world.elena)
    with pytest.raises(DatabaseError, match="no puso mano"), transaction.atomic():
        resolved(made[0], "confirmada", world.elena)
    assert not Observacion.objects.exists()
    assert review.confirm(made, other_reviewer()).observaciones


def test_what_was_notified_does_not_change_in_the_database(world: World) -> None:
    target = world.observacion([world.hallazgo("100.00")])
    with pytest.raises(DatabaseError, match="solo cambia su texto"), transaction.atomic():
        version(target, world.elena, adoptada_por=world.elena)
    with pytest.raises(DatabaseError), transaction.atomic():
        Observacion.objects.update(monto=1)
    world.oficio()
    with pytest.raises(DatabaseError, match="ya se notificó"), transaction.atomic():
        version(target, world.elena, monto=1)
    with pytest.raises(DatabaseError, match="no recibe hallazgos"), transaction.atomic():
        target.hallazgos.add(world.hallazgo("1.00"))
    for break_it in (target.hallazgos.clear, Observacion.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            break_it()


def test_the_most_particular_share_out_wins_and_a_person_over_all(world: World) -> None:
    def who(row: Hallazgo) -> Any:
        return with_review(Hallazgo.objects.filter(pk=row.pk), world.etapa).get().asignado  # type: ignore[attr-defined]

    row = world.hallazgo("10.00")
    assert who(row) == 0
    review.distribute(world.etapa, "CF001", None, world.dario, world.elena)
    assert who(row) == world.dario.pk
    subject = review.distribute(world.etapa, "", world.partido, world.elena, world.elena)
    assert who(row) == world.elena.pk
    review.distribute(world.etapa, "CF001", world.partido, world.dario, world.elena)
    assert who(row) == world.dario.pk
    review.end_distribution(subject, world.elena)
    assert review.assign([row], world.elena, world.dario) == 1
    assert who(row) == world.elena.pk
    assert review.assign([row], world.elena, world.dario) == 0
    assert review.assign([row], None, world.dario) == 1
    assert who(row) == world.dario.pk
    assert Asignacion.objects.filter(retirada_el__isnull=False).count() == 1
    with pytest.raises(DecisionRefused, match="no audita"):
        review.assign([row], world.alicia, world.dario)
    with pytest.raises(DecisionRefused, match="al menos uno"):
        review.distribute(world.etapa, "", None, world.dario, world.elena)


def test_a_second_run_finds_what_was_done(world: World) -> None:
    row = world.hallazgo("10.00")
    review.assign([row], world.dario, world.elena)
    review.comment(row, "Visto.", world.dario)
    second = again(world, row)
    assert trail_of(second).comentarios[0].texto == "Visto."
    assert standings([second])[second.pk].asignado == world.dario
    review.confirm(review.propose([row], "adoptar", "", world.dario), world.elena)
    assert state(second) == "adoptado"
    assert Asunto.objects.count() == 1
    with pytest.raises(DecisionRefused, match="ya fue adoptado"):
        review.propose([second], "adoptar", "", world.dario)


def test_what_is_asked_waits_until_answered_once(world: World) -> None:
    row = world.hallazgo("10.00")
    pedido = review.ask(row, "sat", "¿Está cancelado?", world.dario)
    assert state(row) == "en_espera"
    review.answer(pedido, "Cancelado el 9 de mayo.", world.elena)
    assert state(row) == "sin_revisar"
    with pytest.raises(DecisionRefused, match="ya tiene respuesta"):
        review.answer(pedido, "Otra.", world.elena)
    with pytest.raises(DecisionRefused, match="no es a quien se pida"):
        review.ask(row, "nadie", "¿?", world.dario)
    with pytest.raises(DecisionRefused, match="vacío"):
        review.ask(row, "sat", " ", world.dario)


def test_similar_are_of_the_same_result_and_near_in_amount(world: World) -> None:
    row, far, near = (world.hallazgo(pesos) for pesos in ("100.00", "9000.00", "101.00"))
    world.hallazgo("100.00", regla="EV001")
    assert similar_to(row) == [near, far]
    world.observacion([far])
    (only,) = history_of(row)
    assert (only.observaciones, only.misma_regla, only.monto) == (1, 1, 900_000)


def test_views_are_of_a_person_and_shared_when_they_say(world: World) -> None:
    own = saved_views.save_view(world.dario, "Mayores", "monto=100000", compartida=False)
    assert views_of(world.elena) == []
    saved_views.save_view(world.dario, "Mayores", "monto=200000", compartida=True)
    assert [view.consulta for view in views_of(world.elena)] == ["monto=200000"]
    with pytest.raises(DecisionRefused, match="otra persona"):
        saved_views.drop_view(own, world.elena)
    saved_views.drop_view(own, world.dario)
    assert views_of(world.dario) == []
    with pytest.raises(DecisionRefused, match="nombre"):
        saved_views.save_view(world.dario, " ", "", compartida=False)
