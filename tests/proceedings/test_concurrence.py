"""One fact has one consequence: what one conclusion sanctions another does not, and distinct duties add."""

from datetime import date
from typing import Any

import pytest

from proceedings.world import World, at, codes, open_of_2024
from rulebook.meeting import TABLE, reached
from sif.law.concurrence import Charge
from sif.proceedings import concurrence, resolving, services
from sif.proceedings.concurrence import bound_of, meetings_of
from sif.proceedings.models import Conclusion, Dictamen
from sif.proceedings.selectors import conclusiones_of
from sif.values import Refused

SHARED = {"poliza_id": 500, "evento_id": 600, "contrato_id": 700}
FALTA = "falta_formal"


def _observe(world: World, charge: Charge, monto: str, **named: Any) -> None:
    fact = world.hallazgo(monto, charge.regla, **(named or SHARED))
    world.observacion([fact], criterio=charge.conducta)


def _close(world: World, row: Conclusion, left: str | None = None) -> None:
    with at("2024-07-01 12:00"):
        services.close_conclusion(world.judge(row, "no_atendida" if left != "0" else "sin_efectos", left), world.elena)


def _sanctioned(world: World, dictamen: Dictamen) -> list[int]:
    """What each sanction of the resolución is of, in centavos."""
    with at("2024-07-01 12:00"):
        services.close_dictamen(dictamen, world.bruno)
        resolucion = resolving.draft_resolucion(dictamen, date(2024, 7, 22), world.gloria)
    return [row.monto_involucrado for row in resolucion.sanciones.order_by("pk")]


@pytest.mark.parametrize("number", [pair.numero for pair in TABLE.pares if pair.modo != "consecuencia"])
def test_each_declared_pair_gives_one_sanction_or_two(of_2024: World, number: int) -> None:
    one, other = reached()[number]
    settled = TABLE.settle(one, other)
    assert settled is not None
    winner, loser = (other, one) if settled.gana == 1 else (one, other)
    _observe(of_2024, winner, "100.00")
    _observe(of_2024, loser, "100.00")
    dictamen = open_of_2024(of_2024)
    first, second = conclusiones_of(dictamen)
    _close(of_2024, first)
    if not settled.par.yields:
        _close(of_2024, second)
        assert _sanctioned(of_2024, dictamen) == [100_00, 100_00]
        return
    with pytest.raises(Refused) as refused:
        _close(of_2024, second)
    assert codes(refused) == ["DOBLE_SANCION"]
    assert first.clave in str(refused.value)
    _close(of_2024, second, "0")
    assert _sanctioned(of_2024, dictamen) == [100_00]


def test_who_yields_waits_for_the_other_and_keeps_what_is_not_of_both(of_2024: World) -> None:
    _observe(of_2024, Charge("CF001", "sin_xml"), "100.00", poliza_id=500)
    _observe(of_2024, Charge("CF003", "egreso_no_comprobado"), "60.00", poliza_id=500, cfdi_id=1)
    dictamen = open_of_2024(of_2024)
    yields, wins = conclusiones_of(dictamen)
    with pytest.raises(Refused) as early:
        _close(of_2024, yields)
    assert codes(early) == ["CONCURRENCIA_PENDIENTE"]
    assert wins.clave in str(early.value)
    _close(of_2024, wins)
    with pytest.raises(Refused, match=r"a lo más \$40\.00"):
        _close(of_2024, yields, "40.01")
    _close(of_2024, yields, "40.00")
    assert _sanctioned(of_2024, dictamen) == [40_00, 60_00]


def test_who_wins_takes_no_more_than_it_left_unattended(of_2024: World) -> None:
    _observe(of_2024, Charge("CF003", "egreso_no_comprobado"), "100.00", poliza_id=500)
    _observe(of_2024, Charge("CF001", "sin_xml"), "100.00", poliza_id=500)
    dictamen = open_of_2024(of_2024)
    wins, yields = conclusiones_of(dictamen)
    _close(of_2024, wins, "30.00")
    with pytest.raises(Refused, match=r"a lo más \$70\.00"):
        _close(of_2024, yields)
    _close(of_2024, yields, "70.00")
    assert _sanctioned(of_2024, dictamen) == [30_00, 70_00]


def test_what_was_attended_takes_nothing(of_2024: World) -> None:
    _observe(of_2024, Charge("CF003", "egreso_no_comprobado"), "100.00", poliza_id=500)
    _observe(of_2024, Charge("CF001", "sin_xml"), "100.00", poliza_id=500)
    dictamen = open_of_2024(of_2024)
    wins, yields = conclusiones_of(dictamen)
    _close(of_2024, wins, "0")
    _close(of_2024, yields)
    assert _sanctioned(of_2024, dictamen) == [100_00]


def test_two_parts_of_one_fact_take_both_and_the_same_part_once(of_2024: World) -> None:
    for rule, amount, invoice in (("CF003", "30.00", 1), ("CF004", "20.00", 2), ("CF009", "30.00", 1)):
        _observe(of_2024, Charge(rule, "egreso_no_comprobado"), amount, poliza_id=500, cfdi_id=invoice)
    _observe(of_2024, Charge("CF001", "sin_xml"), "100.00", poliza_id=500)
    dictamen = open_of_2024(of_2024)
    first, second, again, yields = conclusiones_of(dictamen)
    _close(of_2024, first)
    _close(of_2024, second)
    with pytest.raises(Refused) as refused:  # the third is the first again
        _close(of_2024, again)
    assert codes(refused) == ["DOBLE_SANCION"]
    _close(of_2024, again, "0")
    last = next(row for row in conclusiones_of(dictamen) if row.pk == yields.pk)
    bound = bound_of(last, meetings_of(conclusiones_of(dictamen)))
    assert (bound.monto, bound.hechos) == (50_00, 1)
    assert [row.clave for row in bound.de] == [first.clave, second.clave]


def test_what_is_sanctioned_by_unit_counts_only_the_facts_that_are_its_own(of_2024: World) -> None:
    _observe(of_2024, Charge("CF003", "egreso_no_comprobado"), "100.00", poliza_id=500, cfdi_id=1)
    facts = [of_2024.hallazgo("100.00", "CF012", poliza_id=p, cfdi_id=c) for p, c in ((500, 1), (501, 2))]
    of_2024.observacion(facts, criterio="sin_complemento_ine")
    dictamen = open_of_2024(of_2024)
    wins, yields = conclusiones_of(dictamen)
    _close(of_2024, wins)
    with pytest.raises(Refused, match="Deje sin atender 1 hecho"):
        _close(of_2024, yields)
    with at("2024-07-01 12:00"):
        services.count_unattended(of_2024.judge(yields), 1, of_2024.elena)
        services.close_conclusion(yields, of_2024.elena)
    assert len(_sanctioned(of_2024, dictamen)) == 2


def test_a_formal_fault_of_the_same_file_is_no_second_sanction(of_2024: World) -> None:
    _observe(of_2024, Charge("EV001", "egreso_no_comprobado"), "100.00", poliza_id=500)
    _observe(of_2024, Charge("EV002", FALTA), "100.00", poliza_id=500)
    _observe(of_2024, Charge("RE002", FALTA), "100.00", poliza_id=500)
    dictamen = open_of_2024(of_2024)
    wins, yields, apart = conclusiones_of(dictamen)
    _close(of_2024, wins)
    with pytest.raises(Refused, match="sin efectos"):
        _close(of_2024, yields)
    _close(of_2024, yields, "0")
    _close(of_2024, apart)
    assert len(_sanctioned(of_2024, dictamen)) == 2


def test_a_pair_that_nobody_declared_keeps_the_dictamen_open(of_2024: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _observe(of_2024, Charge("CF001", "sin_xml"), "100.00")
    _observe(of_2024, Charge("RE001", "registro_extemporaneo"), "100.00")
    dictamen = open_of_2024(of_2024)
    monkeypatch.setattr(concurrence, "load_concurrence", lambda _: type(TABLE)(TABLE.comunes, TABLE.partes, {}, {}, ()))
    for row in conclusiones_of(dictamen):
        _close(of_2024, row)
    with at("2024-07-01 12:00"), pytest.raises(Refused) as refused:
        services.close_dictamen(dictamen, of_2024.bruno)
    assert codes(refused) == ["CONCURRENCIA_SIN_DECLARAR"]
