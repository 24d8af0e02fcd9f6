"""A role that ends while an act of the review waits for its lock: the act asks again under it and writes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import models

from kept import keeps
from proceedings.world import World, at, campaign_in_review
from sif.audit import review, services
from sif.audit.models import (
    Asignacion,
    Comentario,
    Descarte,
    Observacion,
    ObservacionSinEfecto,
    Pedido,
    PedidoRespondido,
    Propuesta,
    PropuestaResuelta,
    Redaccion,
    Reparto,
)
from sif.audit.services import DecisionRefused
from sif.registry import clock
from sif.registry.models import FinNombramiento, Nombramiento
from sif.registry.scope import everything, registering

WRITTEN: tuple[type[models.Model], ...] = (
    Asignacion,
    Comentario,
    Descarte,
    Observacion,
    ObservacionSinEfecto,
    Pedido,
    PedidoRespondido,
    Propuesta,
    PropuestaResuelta,
    Redaccion,
    Reparto,
)


@pytest.fixture
@keeps(campaign_in_review)
def world(world_of: Any) -> Any:
    with everything(), at("2018-07-05 12:00"):
        yield world_of(campaign_in_review)


def assign(world: World) -> Callable[[], Any]:
    row = world.hallazgo("10.00")
    return lambda: review.assign([row], world.dario, world.elena)


def distribute(world: World) -> Callable[[], Any]:
    return lambda: review.distribute(world.etapa, "CF001", None, world.dario, world.elena)


def comment(world: World) -> Callable[[], Any]:
    row = world.hallazgo("10.00")
    return lambda: review.comment(row, "Lo vi.", world.elena)


def ask(world: World) -> Callable[[], Any]:
    row = world.hallazgo("10.00")
    return lambda: review.ask(row, "sat", "¿Está cancelado?", world.elena)


def answer(world: World) -> Callable[[], Any]:
    asked = review.ask(world.hallazgo("10.00"), "sat", "¿Está cancelado?", world.dario)
    return lambda: review.answer(asked, "Sí.", world.elena)


def reword(world: World) -> Callable[[], Any]:
    row = world.hallazgo("10.00")
    return lambda: review.reword(row, "Otras palabras.", world.elena)


def propose(world: World) -> Callable[[], Any]:
    row = world.hallazgo("10.00")
    return lambda: review.propose([row], "adoptar", "", world.elena)


def confirm(world: World) -> Callable[[], Any]:
    made = review.propose([world.hallazgo("10.00")], "adoptar", "", world.dario)
    return lambda: review.confirm(made, world.elena)


def send_back(world: World) -> Callable[[], Any]:
    made = review.propose([world.hallazgo("10.00")], "adoptar", "", world.dario)
    return lambda: review.send_back(made, "Falta la póliza.", world.elena)


def leave_without_effect(world: World) -> Callable[[], Any]:
    row = world.observacion([world.hallazgo("10.00")])
    return lambda: review.leave_without_effect(row, "Se duplicó.", world.elena)


def adopt(world: World) -> Callable[[], Any]:
    row = world.hallazgo("10.00")
    return lambda: services.adopt([row], world.elena)


def dismiss(world: World) -> Callable[[], Any]:
    row = world.hallazgo("10.00")
    return lambda: services.dismiss(row, "No procede.", world.elena)


ACTS = [
    assign,
    distribute,
    comment,
    ask,
    answer,
    reword,
    propose,
    confirm,
    send_back,
    leave_without_effect,
    adopt,
    dismiss,
]


@pytest.mark.parametrize("prepare", ACTS, ids=lambda prepare: prepare.__name__)
def test_a_role_that_ends_while_the_lock_is_awaited_writes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, prepare: Callable[[World], Callable[[], Any]]
) -> None:
    act = prepare(world)
    ended: list[str] = []
    before = {model: model.objects.count() for model in WRITTEN}

    def after_waiting(lock: Callable[..., Any]) -> Callable[..., Any]:
        def held(asked: Any) -> Any:
            got = lock(asked)
            ended.append(lock.__name__)
            for row in Nombramiento.objects.filter(usuario=world.elena, fin__isnull=True):
                with registering():
                    FinNombramiento.objects.create(
                        nombramiento=row,
                        termina_el=clock.now(),
                        motivo="Renunció",
                        hecho_el=clock.now(),
                        hecho_por=world.dario,
                    )
            return got

        return held

    for module, names in ((review, ("lock_etapa", "lock_sujeto", "lock_sujetos")), (services, ("lock_sujetos",))):
        for name in names:
            monkeypatch.setattr(module, name, after_waiting(getattr(module, name)))
    with pytest.raises(DecisionRefused, match="no tiene nombramiento"):
        act()
    assert ended, "El acto no pidió su candado: la prueba no probaría nada."
    assert {model: model.objects.count() for model in WRITTEN} == before
