"""A whole filter of hallazgos as a job: just what was looked at, all or none, and no observación cut by a batch."""

from typing import Any

import pytest

from kept import keeps
from proceedings.world import World, at, campaign_in_review
from sif.audit import mass_tasks, review
from sif.audit.mass_tasks import Mass, ask_for_mass, keep_mass
from sif.audit.models import Asignacion, Descarte, Hallazgo, Observacion, Propuesta, PropuestaResuelta
from sif.audit.services import DecisionRefused
from sif.jobs.models import Trabajo
from sif.jobs.running import run_pieces
from sif.registry.models import Usuario
from sif.registry.scope import everything


@pytest.fixture
@keeps(campaign_in_review)
def world(world_of: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.TRABAJOS_EN_LINEA = False
    monkeypatch.setattr(mass_tasks, "AT_ONCE", 2)
    with everything(), at("2018-07-05 12:00"):
        yield world_of(campaign_in_review)


def many(world: World, count: int = 5) -> list[Hallazgo]:
    return [world.hallazgo(f"{n}00.00") for n in range(1, count + 1)]


def done(acto: str, motivo: str, rows: Any, by: Usuario, asignado: int | None = None) -> Trabajo:
    trabajo = ask_for_mass(keep_mass(Mass(acto, motivo, [row.pk for row in rows], asignado)), by)
    run_pieces(trabajo.pk)
    run_pieces(trabajo.pk)
    trabajo.refresh_from_db()
    return trabajo


def test_a_filter_larger_than_a_batch_is_adopted_as_one_observacion(world: World) -> None:
    rows = many(world)
    assert done("adoptar", "Del cruce.", rows, world.dario).resultado["cuantos"] == 5
    ended = done("confirmar", "", Propuesta.objects.all(), world.elena)
    assert ended.resultado == {
        "acto": "confirmar",
        "cuantos": 5,
        "observaciones": 1,
        "unidos": 0,
        "desechados": 0,
    }
    (made,) = Observacion.objects.all()
    assert set(made.hallazgos.all()) == set(rows) and made.monto == sum(row.monto for row in rows)
    left = PropuestaResuelta.objects.values_list("observacion", "sentido", "hecho_por").distinct()
    assert list(left) == [(made.pk, "confirmada", world.elena.pk)]


def test_a_filter_is_dismissed_sent_back_and_shared_out(world: World) -> None:
    rows = many(world)
    done("desechar", "No procede.", rows, world.dario)
    assert done("devolver", "Falta citar.", Propuesta.objects.all(), world.elena).resultado["cuantos"] == 5
    assert set(PropuestaResuelta.objects.values_list("sentido", "comentario")) == {("devuelta", "Falta citar.")}
    done("desechar", "Ya obra la muestra.", rows, world.dario)
    waiting = Propuesta.objects.filter(resuelta__isnull=True)
    assert done("confirmar", "", waiting, world.elena).resultado["desechados"] == 5
    assert set(Descarte.objects.values_list("hallazgo", "motivo")) == {(row.pk, "Ya obra la muestra.") for row in rows}
    assert done("asignar", "", rows, world.dario, world.elena.pk).resultado["cuantos"] == 5
    assert Asignacion.objects.filter(usuario=world.elena, retirada_el__isnull=True).count() == 5


def test_one_that_was_decided_meanwhile_leaves_nothing_of_the_rest(world: World) -> None:
    rows = many(world)
    review.confirm(review.propose(rows[-1:], "desechar", "Antes.", world.dario), world.elena)
    refused = done("adoptar", "", rows, world.dario)
    assert refused.estado == "fallido" and "fue desechado: Antes." in refused.problemas[0]["mensaje"]
    assert not Propuesta.objects.exclude(hallazgo=rows[-1]).exists()


def test_who_may_not_is_told_before_anything_is_asked(world: World) -> None:
    rows = many(world, 1)
    (proposal,) = review.propose(rows, "adoptar", "", world.elena)
    with pytest.raises(DecisionRefused, match="no tiene nombramiento"):
        ask_for_mass(keep_mass(Mass("confirmar", "", [proposal.pk])), world.dario)
    with pytest.raises(DecisionRefused, match="no tiene nombramiento"):
        ask_for_mass(keep_mass(Mass("adoptar", "", [rows[0].pk])), world.alicia)
    assert not Trabajo.objects.exists()
