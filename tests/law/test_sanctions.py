"""Sanctions against the real ones of 2024, and the criteria that reproduce them."""

import csv
from datetime import date
from itertools import pairwise

import pytest

from public_data import public
from sif.law.offenders import Terms, offender_kind
from sif.law.parameters import NotInForce, uma_of_year
from sif.law.sanctions import (
    SancionCalculada,
    criterion_on,
    load_criteria,
    sanction_by_criterion,
    sanction_on_amount,
    sanction_on_units,
    split_by_share,
)
from sif.values import Money

UMA = Money.parse("108.57")
PARTY = Terms(offender_kind("partido", "mx"), date(2024, 5, 1), UMA)


def _cases() -> dict[int, dict[str, str]]:
    with public("sanciones", "casos-2024.csv").open(encoding="utf-8") as stream:
        return {int(row["n"]): row for row in csv.DictReader(stream)}


def _computed(row: dict[str, str]) -> SancionCalculada:
    if row["porcentaje"]:
        return sanction_on_amount(Money.parse(row["monto_involucrado"]), round(float(row["porcentaje"]) * 100), PARTY)
    return sanction_on_units(int(row["unidades"]), int(row["uma_por_unidad"]), PARTY)


def test_every_real_sanction_of_2024_within_one_centavo() -> None:
    cases = _cases()
    assert len(cases) == 25
    for number, row in cases.items():
        found, official = _computed(row).sancion, Money.parse(row["sancion"])
        assert abs(found.centavos - official.centavos) <= 1, f"{number}: {found} y se impuso {official}"


def test_criteria_reproduce_the_cases_they_name() -> None:
    cases, named = _cases(), set()
    for rows in load_criteria("mx").values():
        for criterion in rows:
            for number in criterion.casos:
                row = cases[number]
                found = sanction_by_criterion(
                    criterion, Money.parse(row["monto_involucrado"] or "0"), int(row["unidades"] or 0), PARTY
                )
                assert abs(found.sancion.centavos - Money.parse(row["sancion"]).centavos) <= 1, (
                    criterion.clave,
                    number,
                )
                named.add(number)
    assert named == set(cases)


def test_a_fine_is_in_whole_uma_truncated() -> None:
    found = sanction_on_amount(Money.parse("466832.53"), 10_000, PARTY)
    assert (found.sancion.plain(), found.forma, found.umas) == ("466742.43", "multa", 4299)
    assert found.trabajo[-1] == "4,299 UMA × 108.57 = 466,742.43"


def test_the_edge_of_the_maximum_fine() -> None:
    # 10,000 × 108.57 = 1,085,700.00
    assert sanction_on_amount(Money.parse("1085700.00"), 10_000, PARTY).forma == "multa"
    over = sanction_on_amount(Money.parse("1085700.01"), 10_000, PARTY)
    assert (over.sancion.plain(), over.forma, over.umas) == ("1085700.01", "reduccion", 10_000)


def test_the_exact_amount_is_rounded_half_up() -> None:
    # 784,265.83 × 150 % = 1,176,398.745, official 1,176,398.75
    assert sanction_on_amount(Money.parse("784265.83"), 15_000, PARTY).sancion.plain() == "1176398.75"


def test_units() -> None:
    assert sanction_on_units(44, 10, PARTY).sancion.plain() == "47770.80"
    assert sanction_on_units(50, 200, PARTY).forma == "multa"
    assert sanction_on_units(71, 200, PARTY).forma == "reduccion"


@pytest.mark.parametrize(("amount", "percent"), [(-1, 100), (1, -1)])
def test_negative_input_is_refused(amount: int, percent: int) -> None:
    with pytest.raises(ValueError, match="no pueden ser negativ"):
        sanction_on_amount(Money(amount), percent, PARTY)
    with pytest.raises(ValueError, match="no pueden ser negativ"):
        sanction_on_units(amount, percent, PARTY)


COAHUILA = {"PRI": 5318, "PVEM": 1272, "NA": 1187, "PSI": 1161, "PJ": 354, "PRC": 354, "PPC": 354}


def test_the_coalition_of_coahuila_2017() -> None:
    split = split_by_share(Money.parse("1366582"), COAHUILA)
    assert {member: str(part) for member, part in split.items()} == {
        "PRI": "726,748.00",
        "PVEM": "173,829.00",
        "NA": "162,213.00",
        "PSI": "158,660.00",
        "PJ": "48,377.00",
        "PRC": "48,377.00",
        "PPC": "48,377.00",
    }
    assert sum(part.centavos for part in split.values()) == 136_658_100


def test_shares_must_add_up() -> None:
    with pytest.raises(ValueError, match=r"suman 99\.99 %"):
        split_by_share(Money.parse("100"), COAHUILA | {"PRI": 5317})


@pytest.mark.parametrize(
    ("amount", "percent", "year", "expected"),
    [
        ("14026500", 20_000, 2021, "28053000.00"),
        ("27800000", 20_000, 2021, "55600000.00"),
        ("78818400", 25_000, 2018, "197046000.00"),
    ],
)
def test_multiples_of_the_amount(amount: str, percent: int, year: int, expected: str) -> None:
    terms = Terms(offender_kind("partido", "mx"), date(year, 6, 1), uma_of_year(year, "mx"))
    assert sanction_on_amount(Money.parse(amount), percent, terms).sancion.plain() == expected


def test_a_criterion_has_its_days() -> None:
    seen, after = (criterion_on("registro_extemporaneo", date(year, 5, 1), "mx") for year in (2024, 2026))
    assert (seen.casos, after.casos) == ((26, 28), ())
    assert {seen.estatus, after.estatus} == {"por confirmar"}, "casos reales no son texto de ley"
    with pytest.raises(NotInForce, match="rige desde 2023-09-01"):
        criterion_on("registro_extemporaneo", date(2023, 8, 31), "mx")
    with pytest.raises(KeyError):
        criterion_on("no_existe", date(2024, 5, 1), "mx")


def test_histories_of_criteria_have_no_gap() -> None:
    for rows in load_criteria("mx").values():
        assert rows[-1].hasta is None
        assert all(before.hasta == after.desde for before, after in pairwise(rows))
