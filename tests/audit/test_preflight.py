"""The preflight says of some books today what the audit of the whole election would say of them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sif.audit import preflight as preflight_module
from sif.audit import services
from sif.audit.models import Hallazgo
from sif.audit.preflight import Preflight, is_large, preflight
from sif.books.services import NewEvidencia, Support, post_poliza, store_file
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
    assert set(answer.por_libros) == {world.books.pk, world.other_books.pk}
    found = [each for risk in answer.riesgos for each in risk.hallazgos if each.contabilidad_id == world.books.pk]
    assert answer.por_libros[world.books.pk] == (len(found), Money(sum(abs(each.monto or 0) for each in found)))


def test_the_money_at_risk_is_that_of_its_findings(world: World) -> None:
    post_poliza(world.expense("1000.00"), world.clerk)
    post_poliza(world.expense("50.25"), world.clerk)
    (late,) = [risk for risk in preflight(world.etapa, [world.books]).riesgos if risk.regla.id == "RE001"]
    assert late.monto == Money(105_025)
    assert [each.monto for each in late.hallazgos] == [100_000, 5_025]


def test_a_movement_and_a_piece_of_evidence_count_until_the_books_are_large(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = Support(evidencias=(NewEvidencia("muestra", "muestra.txt", store_file(b"un volante").sha256),))
    post_poliza(world.expense("1000.00"), world.clerk, support=proof)
    post_poliza(replace(world.expense("300.00"), contabilidad_id=world.other_books.pk), world.clerk)
    large = {rows: _is_large(monkeypatch, rows, world.books) for rows in (2, 3)}
    assert large == {2: True, 3: False}  # two movements and their evidence
    assert _is_large(monkeypatch, 4, world.books, world.other_books)
    assert not _is_large(monkeypatch, 5, world.books, world.other_books)


def _is_large(monkeypatch: pytest.MonkeyPatch, rows: int, *books: Any) -> bool:
    monkeypatch.setattr(preflight_module, "MOST_ROWS", rows)
    return is_large(books)
