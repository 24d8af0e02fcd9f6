"""An oficio rests on a run that has seen the last reports of what it reviews [LGPP 80.1.d.III]."""

from datetime import date

import pytest

from proceedings.presented import audited, presented
from proceedings.world import World, at, codes
from sif.proceedings import services
from sif.proceedings.proposing import propose_oficio
from sif.proceedings.unseen import NAMED, check_seen
from sif.registry.models import SujetoObligado
from sif.values import Refused

FROZEN, ARRIVED, ISSUED = "2018-07-02 09:00", "2018-07-03 10:30", "2018-07-10 12:00"


def proposed(world: World, moment: str = ISSUED, by_period: int | None = None) -> None:
    with at(moment):
        period = world.etapa.periodos.get(numero=by_period) if by_period else None
        propose_oficio(world.etapa, world.partido, world.dario, period)


def test_a_report_that_arrived_after_the_books_were_frozen_stops_the_oficio_until_they_are_audited_again(
    world: World,
) -> None:
    world.observacion([world.hallazgo("100.00", dia=date(2018, 6, 20))])
    audited(world, FROZEN)
    late = presented(world, ARRIVED)
    with pytest.raises(Refused) as refused:
        proposed(world)
    assert codes(refused) == ["OFICIO_SIN_VER_INFORMES"]
    (problem,) = refused.value.problems
    assert late.informe.folio in problem.mensaje
    assert "desde el 3 de julio de 2018 a las 10:30 horas" in problem.mensaje
    assert "se congelaron el 2 de julio de 2018 a las 09:00 horas" in problem.mensaje
    assert "Congelar y correr" in problem.cura
    audited(world, "2018-07-05 09:00")
    proposed(world)
    with at(ISSUED):
        assert services.issue_oficio(world.etapa, world.partido, world.elena).numero


def test_what_arrives_between_the_proposal_and_the_issue_stops_the_issue(world: World) -> None:
    world.observacion([world.hallazgo("100.00", dia=date(2018, 6, 20))])
    audited(world, FROZEN)
    proposed(world, "2018-07-09 12:00")
    presented(world, "2018-07-10 09:00", version=2)
    with at(ISSUED), pytest.raises(Refused) as refused:
        services.issue_oficio(world.etapa, world.partido, world.elena)
    assert codes(refused) == ["OFICIO_SIN_VER_INFORMES"]


def test_a_run_of_other_rules_has_not_seen_what_the_oficio_tells(world: World) -> None:
    world.observacion([world.hallazgo("100.00", dia=date(2018, 6, 20))])
    presented(world, ARRIVED)
    audited(world, "2018-07-05 09:00", frozenset({"EV001"}))
    with pytest.raises(Refused) as refused:
        proposed(world)
    assert codes(refused) == ["OFICIO_SIN_VER_INFORMES"]
    audited(world, "2018-07-06 09:00", frozenset({"CF001"}))
    proposed(world)


def test_a_report_of_a_period_that_it_does_not_review_nor_of_another_subject_does_not_stop_it(world: World) -> None:
    world.observacion([world.hallazgo("100.00", dia=date(2018, 4, 10))])
    audited(world, "2018-05-05 09:00")
    presented(world, "2018-05-08 09:00", period=2)
    proposed(world, "2018-05-11 12:00", by_period=1)
    other = SujetoObligado.objects.get(pk=world.otro.pk)
    assert not check_seen(world.etapa, other, None, [world.observacion([world.hallazgo("1.00")], sujeto=other)])


def test_it_names_some_reports_and_says_how_many_more(world: World) -> None:
    row = world.observacion([world.hallazgo("100.00", dia=date(2018, 6, 20))])
    audited(world, FROZEN)
    for version in range(1, NAMED + 3):
        presented(world, f"2018-07-03 1{version}:00", version=version)
    (problem,) = check_seen(world.etapa, world.partido, None, [row])
    assert f"no ha visto {NAMED + 2} informes" in problem.mensaje
    assert "y 2 más" in problem.mensaje


def test_what_arrives_at_the_very_instant_of_the_snapshot_was_seen(world: World) -> None:
    row = world.observacion([world.hallazgo("100.00", dia=date(2018, 6, 20))])
    audited(world, FROZEN)
    presented(world, FROZEN)
    assert not check_seen(world.etapa, world.partido, None, [row])
