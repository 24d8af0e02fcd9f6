"""How far the review has come, its pace against the term, and what is at risk and where."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kept import keeps
from proceedings.world import World, at, campaign_in_review
from sif.audit import review
from sif.audit.models import Hallazgo
from sif.audit.review_progress import (
    STATE,
    SUBJECT,
    Advance,
    advance_by,
    days_left,
    done_by_day,
    review_counts,
    risk_by,
    whole,
)
from sif.audit.review_selectors import standings, with_review
from sif.audit.review_totals import BOOKS, PERSON, RULE, totals_of
from sif.audit.services import dismiss
from sif.registry import clock
from sif.registry.scope import everything

TODAY = date(2018, 7, 5)


@pytest.fixture
@keeps(campaign_in_review)
def world(world_of: Any) -> Any:
    with everything(), at("2018-07-05 12:00"):
        yield world_of(campaign_in_review)


def line(pendientes: int, hechos: int) -> Advance:
    return Advance("x", 100, 0, 0, pendientes, 0, hechos, 7)


@pytest.mark.parametrize(
    ("pendientes", "hechos", "due", "said"),
    [
        (0, 0, 0, "cumplido"),
        (5, 0, 3, "sin_ritmo"),
        (5, 7, -1, "vencido"),
        (5, 7, 5, "en_plazo"),
        (5, 7, 4, "no_alcanza"),
        (6, 7, 5, "no_alcanza"),
    ],
)
def test_the_verdict_is_the_pace_against_the_term(pendientes: int, hechos: int, due: int, said: str) -> None:
    assert line(pendientes, hechos).verdict(TODAY + timedelta(days=due), TODAY) == said


def test_what_is_needed_each_day_is_rounded_up() -> None:
    assert line(10, 0).needed(3) == 4
    assert line(10, 0).needed(0) is None
    assert days_left(TODAY, TODAY) == 1
    assert days_left(TODAY - timedelta(days=1), TODAY) == 0


def test_every_hallazgo_is_counted_once_and_by_whoever_has_it(world: World) -> None:
    rows = [world.hallazgo(pesos) for pesos in ("10.00", "20.00", "30.00", "40.00")]
    rows.append(world.hallazgo("5.00", regla="EV001", book=1))
    review.assign(rows[:2], world.dario, world.elena)
    review.confirm(review.propose(rows[:1], "adoptar", "", world.dario), world.elena)
    review.propose(rows[1:2], "desechar", "No procede.", world.dario)
    dismiss(rows[2], "Se aclaró.", world.elena)
    review.ask(rows[3], "sat", "¿Vigente?", world.dario)
    counted = review_counts(totals_of(world.corrida))
    names = ("hallazgos", "adoptados", "desechados", "propuestos", "pendientes", "esperan", "sin_asignar", "monto")
    assert [counted[name] for name in names] == [5, 1, 1, 1, 2, 1, 2, 10_500]
    by_rule = {each.clave: each for each in advance_by(world.corrida, RULE, totals_of(world.corrida))}
    cf = by_rule["CF001"]
    assert (cf.hallazgos, cf.decididos, cf.propuestos, cf.pendientes, cf.monto_pendiente) == (4, 2, 1, 1, 4_000)
    assert (cf.hechos, cf.dias) == (3, 7)
    by_person = {each.clave: each for each in advance_by(world.corrida, PERSON, totals_of(world.corrida))}
    assert (by_person[str(world.dario.pk)].hallazgos, by_person[str(world.dario.pk)].hechos) == (2, 2)
    assert (by_person["0"].pendientes, by_person[str(world.elena.pk)].hechos) == (2, 1)
    (subject,) = advance_by(world.corrida, SUBJECT, totals_of(world.corrida))
    assert whole(by_rule.values()).hallazgos == subject.hallazgos == 5
    by_day = done_by_day(world.corrida, 14, totals_of(world.corrida))
    assert by_day[clock.today()] == sum(by_day.values()) == sum(each.hechos for each in by_person.values()) == 3
    assert min(by_day) == max(clock.legal_day(world.corrida.instantanea.hecha_el), clock.today() - timedelta(days=13))


def test_the_days_in_which_nobody_decides_are_zero(world: World) -> None:
    rows = [world.hallazgo(pesos) for pesos in ("10.00", "20.00")]
    before = done_by_day(world.corrida, 3, totals_of(world.corrida))
    assert set(before.values()) == {0}
    review.propose(rows, "adoptar", "", world.dario)
    assert done_by_day(world.corrida, 3, totals_of(world.corrida)) == before | {clock.today(): 2}


def test_risk_leaves_out_what_was_dismissed(world: World) -> None:
    rows = [world.hallazgo("10.00"), world.hallazgo("20.00", book=1), world.hallazgo("30.00")]
    dismiss(rows[2], "Se aclaró.", world.elena)
    world.observacion(rows[:1])
    first, second = risk_by(totals_of(world.corrida), BOOKS)
    assert (first.clave, first.por_decidir, first.adoptado) == ("8803", 2_000, 0)
    assert (second.clave, second.por_decidir, second.adoptado) == ("8802", 0, 1_000)
    (state,) = risk_by(totals_of(world.corrida), STATE)
    assert (state.clave, state.monto, state.hallazgos) == ("MEX", 3_000, 2)


def test_many_hallazgos_ask_the_database_as_little_as_few(world: World, django_assert_max_num_queries: Any) -> None:
    rows = [world.hallazgo(f"{n}.00") for n in range(1, 41)]
    review.assign(rows[:20], world.dario, world.elena)
    review.distribute(world.etapa, "", world.partido, world.elena, world.elena)
    with django_assert_max_num_queries(25):
        review.propose(rows[:10], "adoptar", "", world.dario)
    with django_assert_max_num_queries(5):
        counted = review_counts(totals_of(world.corrida))
    assert (counted["pendientes"], counted[f"de {world.dario.pk}"], counted[f"de {world.elena.pk}"]) == (30, 10, 20)
    shown = list(Hallazgo.objects.select_related("contabilidad", "corrida__instantanea__etapa"))
    with django_assert_max_num_queries(12):
        known = standings(shown)
    found = with_review(Hallazgo.objects.filter(corrida=world.corrida), world.etapa)
    held = {row.pk: row.asignado for row in found}  # both ways of reading say the same of each
    assert {pk: stands.asignado.pk if stands.asignado else 0 for pk, stands in known.items()} == held


def test_the_sums_of_a_run_are_those_of_each_hallazgo_and_are_kept_until_somebody_acts(world: World) -> None:
    rows = [world.hallazgo(f"{n}.00", regla=("CF001", "EV001")[n % 2], book=n % 2) for n in range(1, 13)]
    review.assign(rows[:5], world.dario, world.elena)
    share = review.distribute(world.etapa, "CF001", world.partido, world.elena, world.elena)
    review.distribute(world.etapa, "CF001", None, world.dario, world.elena)
    review.confirm(review.propose(rows[1:2], "adoptar", "", world.dario), world.elena)
    dismiss(rows[2], "Se aclaró.", world.elena)
    review.propose(rows[3:5], "desechar", "No procede.", world.dario)
    review.ask(rows[6], "sat", "¿Vigente?", world.dario)

    def counted() -> dict[tuple[str, str, str], tuple[int, int]]:
        found = (each for field in (RULE, BOOKS, PERSON) for each in totals_of(world.corrida).by(field))
        return {(each.por, each.clave, each.estado): (each.cuantos, each.monto) for each in found}

    def seen() -> dict[tuple[str, str, str], tuple[int, int]]:
        told: dict[tuple[str, str, str], tuple[int, int]] = {}
        for row in with_review(Hallazgo.objects.filter(corrida=world.corrida), world.etapa):
            stands = ("adoptado", "desechado", "propuesto", "en_espera")
            state = next((name for name in stands if getattr(row, name)), "pendiente")
            keys = ((RULE, row.regla), (BOOKS, row.contabilidad_id), (PERSON, row.asignado))  # type: ignore[attr-defined]
            for field, key in keys:
                many, amount = told.get((field, str(key), state), (0, 0))
                told[field, str(key), state] = many + 1, amount + row.monto
        return told

    assert counted() == seen()
    with CaptureQueriesContext(connection) as again:
        counted()
    assert len(again) == 3  # how many acts there are, and nothing else
    review.end_distribution(share, world.elena)
    review.assign(rows[:1], None, world.dario)
    dismiss(rows[5], "Se aclaró.", world.elena)
    assert counted() == seen()
