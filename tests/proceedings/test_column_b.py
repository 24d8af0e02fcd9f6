"""What is determined fixes the total of a candidacy: who carried it is relieved, and the overrun follows from it."""

from datetime import date
from typing import Any

import pytest

from proceedings.world import World, at, codes, open_of_2024
from sif.apportionment.models import ParteProrrateo
from sif.audit.freeze import freeze_tables
from sif.catalogs.models import CargaDeTabla, RenglonDeTabla
from sif.notices.sheet import plain_text
from sif.proceedings import determining, services
from sif.proceedings.concurrence import closing_order
from sif.proceedings.determining import overruns_of, share_out
from sif.proceedings.dictamen_sheet import dictamen_data
from sif.proceedings.models import Conclusion, Dictamen
from sif.proceedings.selectors import conclusiones_of, determined_by_contabilidad
from sif.registry import clock
from sif.values import Money, Refused

CAP = 1_648_189_00
EXCESS = "rebase_tope"
UNREPORTED = "egreso_no_reportado"


def _close(world: World, row: Conclusion, left: str | None = None) -> None:
    with at("2024-07-01 12:00"):
        services.close_conclusion(world.judge(row, left=left), world.elena)


def _text(dictamen: Dictamen, world: World) -> str:
    return plain_text(dictamen_data(dictamen, (clock.now(), world.bruno)))


def test_undervalued_spending_is_added_to_column_b_and_a_debt_is_not(of_2024: World) -> None:
    of_2024.observacion([of_2024.hallazgo("70.00", "VA001")], criterio="ingreso_no_reportado")
    of_2024.observacion([of_2024.hallazgo("9.00", "SA002")], criterio="ingreso_no_reportado")
    for row in conclusiones_of(open_of_2024(of_2024)):
        _close(of_2024, row)
    assert determined_by_contabilidad(of_2024.etapa) == {8802: 70_00}


def test_what_a_prorrateo_did_not_charge_is_taken_from_who_carried_it(of_2024: World) -> None:
    of_2024.hallazgo("15.00", "PO001", 1, resultado="de_mas", prorrateo_id=14)
    of_2024.hallazgo("99.00", "PO001", 1, resultado="de_mas", prorrateo_id=15)  # nothing is taken for another one
    short = of_2024.hallazgo("15.00", "PO001", 0, prorrateo_id=14)
    of_2024.observacion([short], criterio="distribucion_incorrecta")
    (row,) = conclusiones_of(open_of_2024(of_2024))
    _close(of_2024, row)
    assert determined_by_contabilidad(of_2024.etapa) == {8802: 15_00, 8803: -15_00}


def test_a_direct_expense_is_taken_from_the_others_that_shared_it(
    of_2024: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    fact = of_2024.hallazgo("60.00", "PO004", 0, prorrateo_id=14)
    of_2024.observacion([fact], criterio="distribucion_incorrecta")

    class Parts:
        """The parts of prorrateo 14 beside that of the candidacy it was of."""

        def filter(self, **asked: Any) -> "Parts":
            assert asked == {"prorrateo": 14}
            return self

        def exclude(self, **asked: Any) -> "Parts":
            assert asked == {"contabilidad": 8802}
            return self

        def values_list(self, *_: str) -> list[tuple[int, int]]:
            return [(8803, 60_00)]

    monkeypatch.setattr(ParteProrrateo, "objects", Parts())
    (row,) = conclusiones_of(open_of_2024(of_2024))
    _close(of_2024, row, "20.00")
    assert determined_by_contabilidad(of_2024.etapa) == {8802: 20_00, 8803: -20_00}


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, {1: 1, 2: 1, 3: 1}, {1: 3, 2: 3, 3: 4}),
        (7, {5: 2, 9: 5}, {5: 2, 9: 5}),
        (0, {1: 4}, {1: 0}),
        (7, {}, {}),
    ],
)
def test_a_total_is_shared_out_to_the_centavo(total: int, weights: dict[int, int], parts: dict[int, int]) -> None:
    assert share_out(total, weights) == parts


def _overrun(world: World, observed: int, seen: str) -> Dictamen:
    """An unreported expense and the overrun that follows if all of it is confirmed, notified together."""
    world.observacion([world.hallazgo(f"{observed / 100:.2f}", "TE001")], criterio=UNREPORTED)
    row = world.hallazgo(seen, "TO001", observado=observed, reportado=0)
    world.observacion([row], criterio=EXCESS, titulo="Rebase del tope de gastos")
    return open_of_2024(world)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({8802: 110_00, 8803: -20_00}, id="a relief that no rule gives"),
        pytest.param({8802: 61_00, 8803: 29_00}, id="more than was observed of it"),
        pytest.param({8803: 40_00, 8804: 50_00}, id="books that were not observed"),
    ],
)
def test_parts_given_by_hand_are_of_what_was_observed(of_2024: World, parts: dict[int, int]) -> None:
    facts = [of_2024.hallazgo("60.00", "TE001", 0), of_2024.hallazgo("40.00", "TE001", 1)]
    of_2024.observacion(facts, criterio=UNREPORTED)
    (row,) = conclusiones_of(open_of_2024(of_2024))
    with at("2024-07-01 12:00"):
        judged = of_2024.judge(row, left="90.00")
        with pytest.raises(Refused) as caught:
            services.close_conclusion(judged, of_2024.elena, {n: Money(amount) for n, amount in parts.items()})
        assert codes(caught)[0] == "DETERMINADO_NO_OBSERVADO"
        assert determined_by_contabilidad(of_2024.etapa) == {}
        services.close_conclusion(judged, of_2024.elena, {8802: Money(60_00), 8803: Money(30_00)})
    assert determined_by_contabilidad(of_2024.etapa) == {8802: 60_00, 8803: 30_00}


def test_an_overrun_closes_last_and_for_what_was_determined(of_2024: World) -> None:
    dictamen = _overrun(of_2024, CAP + 25_00, "25.00")
    unreported, excess = conclusiones_of(dictamen)
    assert [row.pk for row in closing_order([excess, unreported])] == [unreported.pk, excess.pk]
    with pytest.raises(Refused) as early:
        _close(of_2024, excess)
    assert codes(early) == ["REBASE_SIN_DETERMINAR"]
    assert unreported.clave in str(early.value)
    _close(of_2024, unreported, f"{(CAP + 10_00) / 100:.2f}")
    with pytest.raises(Refused, match=r"excede \$10\.00"):
        _close(of_2024, excess)
    _close(of_2024, excess, "10.00")
    found = overruns_of(dictamen)[8802]
    assert (found.a.centavos, found.b.centavos, found.excess.centavos) == (0, CAP + 10_00, 10_00)


def test_an_overrun_that_vanished_closes_without_effects(of_2024: World) -> None:
    dictamen = _overrun(of_2024, CAP + 25_00, "25.00")
    unreported, excess = conclusiones_of(dictamen)
    _close(of_2024, unreported, "1.00")
    with pytest.raises(Refused) as refused:
        _close(of_2024, excess, "0.01")
    assert codes(refused) == ["REBASE_MAYOR"]
    with at("2024-07-01 12:00"):
        services.close_conclusion(of_2024.judge(excess, "sin_efectos"), of_2024.elena)
        assert services.close_dictamen(dictamen, of_2024.bruno).cerrado_el is not None


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        (None, "No se ha cargado el cómputo"),
        ((8803, 500, 400, 1000), "No consta que haya ganado"),
        ((8802, 500, 450, 1000), "no es menor al cinco por ciento"),
        ((8802, 500, 451, 1000), "se presume determinante"),
    ],
)
def test_the_dictamen_prints_the_table_and_what_the_margin_makes_of_it(
    of_2024: World, votes: tuple[int, int, int, int] | None, said: str
) -> None:
    if votes is not None:
        load = CargaDeTabla.objects.create(
            tabla="computos",
            etapa=of_2024.etapa,
            al=date(2024, 6, 9),
            sha256="0" * 64,
            renglones=1,
            secreta=False,
            cargada_el=clock.now(),
            cargada_por=of_2024.elena,
        )
        names = ("contabilidad_id", "votos_primero", "votos_segundo", "votos_total")
        RenglonDeTabla.objects.create(carga=load, numero=1, secreta=False, valores=dict(zip(names, votes, strict=True)))
    dictamen = _overrun(of_2024, CAP * 2, "1648189.00")
    for row in closing_order(conclusiones_of(dictamen)):
        _close(of_2024, row)
    with at("2024-07-01 12:00"):
        text = _text(dictamen, of_2024)
    assert "B. No reportado" in text
    assert "1,648,189.00" in text
    assert said in text
    assert "No reportar y rebasar el tope son infracciones distintas" in text


def test_the_snapshot_holds_what_is_observed_and_not_concluded(of_2024: World, settings: Any, tmp_path: Any) -> None:
    import pyarrow.parquet as pq

    settings.DATOS = tmp_path
    of_2024.observacion([of_2024.hallazgo("30.00", "TE001")], criterio=UNREPORTED)
    of_2024.observacion([of_2024.hallazgo("4.00", "VA001")], criterio="ingreso_no_reportado")
    of_2024.observacion([of_2024.hallazgo("5.00", "SA002")], criterio="ingreso_no_reportado")
    folder, _ = freeze_tables(of_2024.etapa, date(2024, 6, 10))
    assert [r["monto"] for r in pq.read_table(folder / "observados.parquet").to_pylist()] == [30_00, 4_00]
    first, *_ = conclusiones_of(open_of_2024(of_2024))
    _close(of_2024, first)
    folder, _ = freeze_tables(of_2024.etapa, date(2024, 7, 1))
    assert [r["monto"] for r in pq.read_table(folder / "observados.parquet").to_pylist()] == [4_00]
    assert determining.determines(first)
