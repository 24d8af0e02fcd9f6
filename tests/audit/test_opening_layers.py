"""What ordinary books of earlier exercises left unpaid enters the audit of the next with its own day."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow.parquet as pq
import pytest

from sif.audit import freeze
from sif.audit.opening_layers import Charge, layers, opening_layers
from sif.audit.preflight import preflight
from sif.batch.opening_files import open_from_file, read_opening
from sif.books.services import post_poliza
from sif.books.services.aperturas import adjust_books, open_books
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock
from sif.registry.models import Ambito, Contabilidad, Etapa
from sif.registry.services import create_etapa, create_proceso, open_contabilidad, open_periods
from sif.values import Money
from small_world import LEAFLETS, PAYABLE, ZONE, World

EQUITY = "3-2-01-01-0000"
Year = tuple[Etapa, Contabilidad]


def _year(world: World, year: int, ambito: str = Ambito.FEDERAL, entidad: str = "") -> Year:
    with clock.at(datetime(year, 1, 1, 9, tzinfo=ZONE)):
        proceso = create_proceso(
            clave=f"ORD-{ambito}-{year}", nombre="Ordinario", ambito=ambito, anio=year, entidad=entidad
        )
        etapa = create_etapa(proceso, Etapa.Tipo.ORDINARIO, date(year, 1, 1), date(year, 12, 31))
        open_periods(etapa)
        return etapa, open_contabilidad(etapa, world.party, Contabilidad.Clase.ORDINARIA)


def _post(world: World, year: Year, day: str, debit: str, credit: str, pesos: str) -> int:
    etapa, books = year
    when, amount = date.fromisoformat(day), Money.parse(pesos)
    period = etapa.periodos.get(desde__lte=when, hasta__gte=when)
    own: dict[str, dict[str, Any]] = {
        account: {"auxiliar_tipo": "proveedor", "auxiliar_id": world.supplier.pk} for account in (PAYABLE, LEAFLETS)
    }
    with clock.at(datetime(when.year, when.month, when.day, 18, tzinfo=ZONE)):
        lines = (
            NewLine(debit, cargo=amount, **own.get(debit, {})),
            NewLine(credit, abono=amount, **own.get(credit, {})),
        )
        row = post_poliza(NewPoliza(books.pk, period.pk, "normal", "DR", when, "Un hecho", lines), world.clerk)
    return int(row.pk)


@pytest.fixture
def years(world: World) -> tuple[World, Year, Year, int, int]:
    """Owed since May 2025 and since December 2026, both said again by the póliza that opens 2027."""
    before, middle, now = (_year(world, year) for year in (2025, 2026, 2027))
    old = _post(world, before, "2025-05-01", LEAFLETS, PAYABLE, "100.00")
    _post(world, middle, "2026-01-01", EQUITY, PAYABLE, "100.00")
    _post(world, middle, "2026-02-01", PAYABLE, EQUITY, "30.00")
    _post(world, middle, "2026-12-31", LEAFLETS, PAYABLE, "20.00")
    opening = _post(world, now, "2027-01-01", EQUITY, PAYABLE, "95.00")
    return world, middle, now, old, opening


def test_a_debt_keeps_its_day_and_an_opening_entry_adds_only_what_nobody_owed(
    years: tuple[World, Year, Year, int, int],
) -> None:
    _world, _, (etapa, books), old, opening = years
    folder, _ = freeze.freeze_tables(etapa, date(2027, 12, 31))
    rows = pq.read_table(folder / "capas_iniciales.parquet").to_pylist()
    said = [(r["poliza_id"], r["fecha"], r["original"], r["remanente"], r["apertura"]) for r in rows]
    assert said[0] == (old, date(2025, 5, 1), 10_000, 7_000, False)
    assert [cells[1:] for cells in said[1:]] == [
        (date(2026, 12, 31), 2_000, 2_000, False),
        (date(2027, 1, 1), -9_000, -9_000, True),
    ]
    assert said[-1][0] == opening
    assert {(r["contabilidad_id"], r["cuenta"], r["auxiliar_tipo"]) for r in rows} == {(books.pk, PAYABLE, "proveedor")}


def test_who_keeps_the_books_is_told_what_the_authority_will_find(years: tuple[World, Year, Year, int, int]) -> None:
    _world, _, (etapa, books), old, _opening = years
    with clock.at(datetime(2027, 12, 31, 12, tzinfo=ZONE)):
        told = preflight(etapa, [books])
    [risk] = [risk for risk in told.riesgos if risk.regla.id == "SA002"]
    assert [(case.poliza_id, case.monto) for case in risk.hallazgos] == [(old, 7_000)]
    assert [count for rule, count in told.sin_dato if rule.id == "SA002"] == [1]


def test_local_books_and_later_exercises_leave_nothing_in_federal_ones(
    years: tuple[World, Year, Year, int, int],
) -> None:
    world, (etapa, _), _, old, _ = years
    local = _year(world, 2024, Ambito.LOCAL, "NLE")
    _post(world, local, "2024-05-01", LEAFLETS, PAYABLE, "55.00")
    assert [row[4] for row in opening_layers(etapa, etapa) if not row[-1]] == [old]
    assert list(opening_layers(local[0], local[0])) == []


def _by_centavos(exercises: Sequence[Sequence[Charge]]) -> dict[int, int]:
    """What each charge leaves unpaid, one centavo at a time."""
    owed: list[int] = []
    favour = 0
    for exercise in exercises:
        before = len(owed)
        for charge in exercise:
            new = charge.crece
            while charge.abre and before and new:
                before, new = before - 1, new - 1
            owed += [charge.poliza] * new
        favour += sum(charge.baja for charge in exercise)
        paid = min(favour, len(owed))
        owed, favour = owed[paid:], favour - paid
    return {poliza: owed.count(poliza) for poliza in set(owed)} | ({0: favour} if favour else {})


def test_layers_equal_a_queue_of_centavos() -> None:
    chance = random.Random(13)  # noqa: S311
    for _ in range(300):
        number, exercises = 0, list[list[Charge]]()
        for year in range(2020, 2020 + chance.randint(1, 4)):
            exercise = []
            for place in range(chance.randint(1, 5)):
                number += 1
                day = date(year, 1, 1) + timedelta(days=place)
                grows, falls = chance.choice(((chance.randint(1, 30), 0), (0, chance.randint(1, 30))))
                exercise.append(Charge(False, number, day, "R", grows, falls, chance.random() < 0.3))
            exercises.append(exercise)
        found = {0 if row[5] else row[0]: row[5] or row[4] for row in layers(exercises)}
        assert found == _by_centavos(exercises)


def _told(etapa: Etapa, books: Contabilidad, rule: str) -> list[tuple[int | None, int | None, str]]:
    """What the rule about old balances finds in some books on the last day of their exercise."""
    with clock.at(datetime(etapa.termina_el.year, 12, 31, 12, tzinfo=ZONE)):
        found = [risk for risk in preflight(etapa, [books]).riesgos if risk.regla.id == rule]
    cases = [(case.poliza_id, case.monto, case.message) for risk in found for case in risk.hallazgos]
    return sorted(cases, key=lambda each: each[1] or 0)


def test_what_an_act_of_opening_carries_is_owed_since_its_day_and_once(world: World) -> None:
    """The year after is opened by its act and adjusted: nothing is owed twice, and the old debt is seen."""
    before, now = _year(world, 2025), _year(world, 2026)
    old = _post(world, before, "2025-03-01", LEAFLETS, PAYABLE, "100.00")
    _post(world, before, "2025-12-30", LEAFLETS, PAYABLE, "20.00")
    with clock.at(datetime(2026, 1, 10, 12, tzinfo=ZONE)):
        open_books(before[1], now[1], world.clerk)
    _post(world, before, "2025-12-31", PAYABLE, EQUITY, "10.00")
    with clock.at(datetime(2026, 1, 12, 12, tzinfo=ZONE)):
        adjust_books(now[1], "Pago que faltaba", world.clerk)
    folder, _ = freeze.freeze_tables(now[0], date(2026, 12, 31))
    rows = pq.read_table(folder / "capas_iniciales.parquet").to_pylist()
    standing = [(r["poliza_id"], r["fecha"], r["remanente"]) for r in rows if not r["apertura"]]
    assert standing[0] == (old, date(2025, 3, 1), 9_000) and [each[1:] for each in standing[1:]] == [
        (date(2025, 12, 30), 2_000)
    ]
    assert sum(r["remanente"] - r["pagado"] for r in rows if r["apertura"]) == -11_000
    found = [each[:2] for each in _told(*now, "SA002")]
    assert found == [(standing[1][0], 2_000), (old, 9_000)]


def test_what_came_in_a_file_is_judged_by_the_day_of_each_document(world: World) -> None:
    """The books of before are of another program: two documents of one supplier, one older than a year."""
    etapa, books = _year(world, 2026)
    rows = (
        f"{PAYABLE},{world.supplier.rfc},01/06/2025,F-2,,30.00",
        f"{PAYABLE},{world.supplier.rfc},01/06/2024,F-1,,70.00",
        f"{EQUITY},,,,100.00,",
    )
    content = ("cuenta,auxiliar_id,fecha_documento,documento,cargo,abono\n" + "\n".join(rows)).encode()
    with clock.at(datetime(2026, 1, 10, 12, tzinfo=ZONE)):
        read = read_opening(books, ("saldos.csv", [content]), world.clerk)
        assert not read.problemas
        opening = open_from_file(books, read.sha256, read.nombre, world.clerk).apertura
    _post(world, (etapa, books), "2026-03-01", PAYABLE, EQUITY, "50.00")
    items = {each.referencia: -each.pk for each in opening.partidas.all()}
    frozen = pq.read_table(freeze.freeze_tables(etapa, date(2026, 7, 1))[0] / "capas_iniciales.parquet").to_pylist()
    said = {
        (r["poliza_id"], r["referencia"].split(", ")[1], r["fecha"], r["remanente"])
        for r in frozen
        if not r["apertura"]
    }
    assert said == {
        (items["F-1"], "F-1", date(2024, 6, 1), 7_000),
        (items["F-2"], "F-2", date(2025, 6, 1), 3_000),
    }
    found = _told(etapa, books, "SA002")
    assert [each[:2] for each in found] == [(items["F-1"], 2_000), (items["F-2"], 3_000)]
    assert "F-1" in found[0][2] and "F-2" in found[1][2]
