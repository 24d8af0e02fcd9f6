"""Caps and limits against the published ones, and the official table of over-run."""

import csv
from datetime import date
from decimal import Decimal

import pytest

from public_data import public
from sif.law import caps
from sif.law.parameters import load_parameters, uma_of_year
from sif.values import Money

DAY = date(2024, 5, 1)
PRESIDENT_2018, PRESIDENT_2024 = Money.parse("429633325"), Money.parse("660978723")


def test_the_president_is_a_fifth_of_the_funding() -> None:
    assert caps.cap_president(Money.parse("3304893615"), DAY, "mx") == PRESIDENT_2024


def test_deputies_and_senators() -> None:
    deputy = caps.cap_deputy(PRESIDENT_2024, DAY, "mx")
    assert deputy == Money.parse("2203262")
    assert caps.cap_senator(deputy, 2, DAY, "mx") == Money.parse("4406524")
    assert caps.cap_senator(deputy, 20, DAY, "mx") == caps.cap_senator(deputy, 41, DAY, "mx") == Money.parse("44065240")
    with pytest.raises(ValueError, match="al menos un distrito"):
        caps.cap_senator(deputy, 0, DAY, "mx")


def test_the_midterm_cap_of_2021_is_the_one_of_the_open_data() -> None:
    computed = caps.cap_deputy_midterm(
        caps.cap_deputy(PRESIDENT_2018, DAY, "mx"), uma_of_year(2017, "mx"), uma_of_year(2020, "mx")
    )
    path = public("ine", "portal-2021", "PEFO_20-21_CAMPAÑA_G_RUBRO_210622.csv")
    with path.open(encoding="latin-1") as stream:
        rows = [row for row in csv.DictReader(stream) if row["CARGO"] == "DIPUTACION FEDERAL MR"]
    assert {Money.parse(row["TOPE DE GASTOS"]) for row in rows} == {computed} == {Money.parse("1648189")}


def test_precampaign_and_citizen_support() -> None:
    assert caps.cap_precampaign(PRESIDENT_2018, DAY, "mx") == Money.parse("85926665")
    assert caps.cap_precampaign(Money.parse("1648189"), DAY, "mx") == Money.parse("329638")
    assert caps.cap_citizen_support(PRESIDENT_2024, DAY, "mx") == Money.parse("66097872.30")


def test_contribution_limits_of_2024() -> None:
    assert caps.limit_individual(PRESIDENT_2018, DAY, "mx") == Money.parse("2148166.62")  # 429,633,325 × 0.005 = .625
    assert caps.limit_sympathisers(PRESIDENT_2018, DAY, "mx") == Money.parse("42963332.50")
    assert caps.limit_candidates(PRESIDENT_2018, DAY, "mx") == Money.parse("42963332.50")
    assert caps.limit_militants(Money.parse("6609787200"), DAY, "mx") == Money.parse("132195744")
    assert caps.limit_militants(Money.parse("6609787250.99"), DAY, "mx") == Money.parse("132195745.01")
    assert caps.limit_independent(Money.parse("2203262"), DAY, "mx") == Money.parse("220326.20")


def test_contribution_limits_of_2025() -> None:
    assert caps.limit_individual(PRESIDENT_2024, DAY, "mx") == Money.parse("3304893.61")  # 660,978,723 × 0.005 = .615
    assert caps.limit_sympathisers(PRESIDENT_2024, DAY, "mx") == Money.parse("66097872.30")


def test_the_amounts_in_the_data_are_the_formulas_applied() -> None:
    found = load_parameters("mx")
    for day, president in ((DAY, PRESIDENT_2018), (date(2026, 5, 1), PRESIDENT_2024)):
        assert (
            found["limite_simpatizante_individual"].on(day).valor
            == caps.limit_individual(president, day, "mx").centavos
        )
        assert (
            found["limite_simpatizantes_total"].on(day).valor == caps.limit_sympathisers(president, day, "mx").centavos
        )
        assert found["limite_candidatos_total"].on(day).valor == caps.limit_candidates(president, day, "mx").centavos
    assert found["tope_diputacion"].on(DAY).valor == caps.cap_deputy(PRESIDENT_2024, DAY, "mx").centavos
    assert found["tope_presidencia"].on(DAY).valor == PRESIDENT_2024.centavos


@pytest.mark.parametrize(
    ("a", "b", "d", "c", "e", "f"),
    [
        ("2012383.08", "292465.39", "2203262.00", "2304848.47", "-101586.47", "4.61"),
        ("2012383.08", "23396.84", "2203262.00", "2035779.92", "167482.08", "0.00"),
    ],
)
def test_the_official_table_of_over_run(a: str, b: str, d: str, c: str, e: str, f: str) -> None:
    row = caps.overrun(Money.parse(a), Money.parse(b), Money.parse(d), jurisdiction="mx")
    assert (row.c, row.e, row.f) == (Money.parse(c), Money.parse(e), Decimal(f))
    assert row.exceeds is e.startswith("-")
    assert not row.exceeds_5_percent


def test_five_percent_is_compared_to_the_centavo() -> None:
    cap = Money.parse("1000000.00")
    under, at, over = (
        caps.overrun(Money.parse(a), Money(0), cap, jurisdiction="mx")
        for a in ("1049999.99", "1050000.00", "1000000.01")
    )
    assert under.exceeds and not under.exceeds_5_percent
    assert at.exceeds_5_percent
    assert over.exceeds and over.excess == Money(1)
    assert not caps.overrun(cap, Money(0), cap, jurisdiction="mx").exceeds


def test_coahuila_2017_is_recomputed_on_each_ruling() -> None:
    cap = Money.parse("19242478.57")
    first = caps.overrun(Money.parse("25200000"), Money(0), cap, jurisdiction="mx")
    assert f"{first.f:.0f}" == "31"
    second = Money(cap.centavos * 10786 // 10000)
    assert caps.overrun(second, Money(0), cap, jurisdiction="mx").f == Decimal("7.86")
    third = caps.overrun(second, Money.parse("501000"), cap, jurisdiction="mx")
    assert f"{third.f:.1f}" == "10.5"
    assert third.exceeds_5_percent


def test_no_cap_no_percentage() -> None:
    assert caps.overrun(Money(100), Money(0), Money(0), jurisdiction="mx").f == Decimal("0.00")
