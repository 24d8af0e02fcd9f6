"""Sharing an amount: the examples worked by hand, and what holds for every amount, cap and table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sif.ledger.prorrateo import Beneficiary, CannotShare, share
from sif.values import Money

C = {"P": 2000, "S": 5000, "D": 3000}


def _amounts(total: str, *rows: tuple[str, str], table: dict[str, int]) -> list[str]:
    beneficiaries = [Beneficiary(n, column, Money.parse(cap)) for n, (column, cap) in enumerate(rows, 1)]
    sharing = share(Money.parse(total), beneficiaries, table)
    return [part.monto.plain() for part in sharing.partes] + [sharing.diferencia.plain()]


def test_a_spot_for_president_senator_and_two_deputies() -> None:
    rows = [("P", "660978723"), ("S", "44065240"), ("D", "2203262"), ("D", "2203262")]
    assert _amounts("100000", *rows, table=C) == ["20000.00", "50000.00", "15000.00", "15000.00", "0.00"]


def test_deputies_of_different_caps_share_by_their_caps() -> None:
    rows = [("P", "660978723"), ("S", "44065240"), ("D", "2203262"), ("D", "1101631")]
    assert _amounts("100000", *rows, table=C) == ["20000.00", "50000.00", "20000.00", "10000.00", "0.00"]


def test_the_residue_stands_apart_and_nobody_carries_it() -> None:
    rows = [("L", "100"), ("L", "100"), ("L", "100")]
    assert _amounts("100.01", *rows, table={"L": 10_000}) == ["33.33", "33.33", "33.33", "0.02"]


def test_one_division_a_part_nothing_is_rounded_twice() -> None:
    # 0.03 at 50 % is 1.5 centavos: rounding the column first would give 2 and then 1 to each of two
    rows = [("D", "7"), ("L", "5"), ("L", "5")]
    assert _amounts("0.03", *rows, table={"D": 5000, "L": 5000}) == ["0.01", "0.00", "0.00", "0.02"]


@pytest.mark.parametrize(
    ("total", "rows", "table", "says"),
    [
        ("0", [("L", "1")], {"L": 10_000}, "mayor a cero"),
        ("1", [("L", "1")], {"L": 9_000}, "suman 9000"),
        ("1", [("L", "1")], {"L": 5_000, "D": 5_000}, "columnas"),
        ("1", [("L", "0")], {"L": 10_000}, "No tienen tope"),
    ],
)
def test_what_cannot_be_shared_says_why(
    total: str, rows: list[tuple[str, str]], table: dict[str, int], says: str
) -> None:
    with pytest.raises(CannotShare, match=says):
        _amounts(total, *rows, table=table)


def test_nobody_benefits_twice_from_one_expense() -> None:
    twice = [Beneficiary(7, "L", Money(5)), Beneficiary(7, "L", Money(5))]
    with pytest.raises(CannotShare, match="dos veces"):
        share(Money(100), twice, {"L": 10_000})


ALL_FOUR = {"P": 1500, "S": 3500, "D": 2500, "L": 2500}
TABLES = st.sampled_from([C, ALL_FOUR, {"P": 4000, "S": 6000}, {"D": 5000, "L": 5000}, {"L": 10_000}])


@st.composite
def _cases(draw: st.DrawFn) -> tuple[Money, list[Beneficiary], dict[str, int]]:
    table = draw(TABLES)
    caps = st.integers(1, 10**12)
    columns = [column for column in table for _ in range(draw(st.integers(1, 6)))]
    rows = [Beneficiary(n, column, Money(draw(caps))) for n, column in enumerate(columns, 1)]
    return Money(draw(st.integers(1, 10**13))), rows, table


@given(_cases())
def test_parts_and_difference_are_the_total_exactly(case: tuple[Money, list[Beneficiary], dict[str, int]]) -> None:
    total, rows, table = case
    sharing = share(total, rows, table)
    assert sharing.repartido + sharing.diferencia == total
    assert 0 <= sharing.diferencia.centavos < len(rows)


@given(_cases())
def test_each_part_is_its_exact_share_less_than_a_centavo_away(
    case: tuple[Money, list[Beneficiary], dict[str, int]],
) -> None:
    total, rows, table = case
    for part, row in zip(share(total, rows, table).partes, rows, strict=True):
        column = sum(each.tope.centavos for each in rows if each.columna == row.columna)
        exact_over = total.centavos * table[row.columna] * row.tope.centavos
        assert 0 <= exact_over - part.monto.centavos * 10_000 * column < 10_000 * column


@given(_cases())
def test_the_order_of_beneficiaries_changes_no_part(case: tuple[Money, list[Beneficiary], dict[str, int]]) -> None:
    total, rows, table = case
    forward = {part.clave: part.monto for part in share(total, rows, table).partes}
    assert forward == {part.clave: part.monto for part in share(total, rows[::-1], table).partes}
