"""The preflight says of some books today what the audit of the whole election would say of them."""

from dataclasses import replace
from datetime import date

from sif.audit import services
from sif.audit.models import Hallazgo
from sif.audit.preflight import Preflight, by_contabilidad, preflight
from sif.books.services import post_poliza
from sif.registry import clock
from sif.registry.models import Contabilidad
from sif.values import Money
from small_world import World


def _found(answer: Preflight) -> set[tuple[str, str, int]]:
    return {(risk.regla.id, finding.key, finding.monto or 0) for risk in answer.riesgos for finding in risk.hallazgos}


def _books(world: World) -> None:
    post_poliza(world.expense("1000.00"), world.clerk)
    post_poliza(world.expense("200.00", fecha_operacion=date(2024, 4, 15)), world.clerk)
    own = replace(world.expense("300.00"), contabilidad_id=world.other_books.pk)
    post_poliza(own, world.clerk)


def test_over_one_contabilidad_it_says_what_the_whole_audit_says(world: World) -> None:
    _books(world)
    services.run(services.freeze(world.etapa, clock.today()))
    answer = preflight(world.etapa, [world.books])
    reached = {rule.id for rule, _ in answer.cumplen}
    of_audit = Hallazgo.objects.filter(estado="hallazgo", contabilidad=world.books, regla__in=reached)
    assert _found(answer) == {(row.regla, row.clave, row.monto) for row in of_audit}
    assert {"EV001", "RE001"} <= {risk.regla.id for risk in answer.riesgos}
    wider = {rule.id for rule in services.rules_of(world.etapa) if rule.reach != "contabilidad"}
    assert {rule.id for rule in answer.esperan} == wider
    assert {"AP001", "PR001", "TR001"} <= wider


def test_over_all_the_books_of_a_subject_its_wider_rules_answer_too(world: World) -> None:
    _books(world)
    services.run(services.freeze(world.etapa, clock.today()))
    mine = list(Contabilidad.objects.filter(sujeto=world.party, etapa=world.etapa))
    answer = preflight(world.etapa, mine, whole_subject=True)
    reached = {rule.id for rule, _ in answer.cumplen}
    of_audit = Hallazgo.objects.filter(estado="hallazgo", contabilidad__in=mine, regla__in=reached)
    assert _found(answer) == {(row.regla, row.clave, row.monto) for row in of_audit}
    assert "PR001" in reached
    assert set(by_contabilidad(answer)) == {world.books.pk, world.other_books.pk}


def test_the_money_at_risk_is_that_of_its_findings(world: World) -> None:
    post_poliza(world.expense("1000.00"), world.clerk)
    post_poliza(world.expense("50.25"), world.clerk)
    (late,) = [risk for risk in preflight(world.etapa, [world.books]).riesgos if risk.regla.id == "RE001"]
    assert (late.monto, len(late.hallazgos)) == (Money(105_025), 2)
