"""Amounts are exact, and what is not an amount is refused with a reason."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sif.values import InvalidMoney, Money
from sif.values.money import MOST


@pytest.mark.parametrize(
    ("text", "centavos"),
    [("1234.5", 123450), ("1,234.50", 123450), ("$0.01", 1), ("-20", -2000), ("−20.00", -2000), (".5", 50)],
)
def test_it_reads_what_people_write(text: str, centavos: int) -> None:
    assert Money.parse(text) == Money(centavos)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "0.005",
        "12,34.00",
        "1e3",
        "NaN",
        "doce",
        "1.2.3",
        "1,2345.00",
        "--1",
        "١٢",
        "１２.00",
        "9" * 5_000,
        "9" * 5_000 + ".99",
        "1." + "0" * 5_000,
    ],
)
def test_it_refuses_what_is_no_amount(text: str) -> None:
    with pytest.raises(InvalidMoney):
        Money.parse(text)


def test_it_refuses_to_lose_a_fraction_of_a_centavo() -> None:
    with pytest.raises(InvalidMoney, match="centavo"):
        Money.of(Decimal("0.005"))


@given(st.integers(-(10**13), 10**13))
def test_what_is_shown_reads_back(centavos: int) -> None:
    amount = Money(centavos)
    assert Money.parse(str(amount)) == amount == Money.parse(amount.plain())


@given(st.integers(-(10**12), 10**12), st.integers(0, 10_000))
def test_two_portions_of_the_whole_miss_it_by_a_centavo_at_most(centavos: int, basis_points: int) -> None:
    amount = Money(centavos)
    parts = amount.portion(basis_points) + amount.portion(10_000 - basis_points)
    assert abs(parts.centavos - centavos) <= 1


@pytest.mark.parametrize(("centavos", "said"), [(-3251151, "−$32,511.51"), (3251151, "$32,511.51"), (0, "$0.00")])
def test_a_sentence_says_the_sign_before_the_currency(centavos: int, said: str) -> None:
    assert Money(centavos).in_pesos() == said


def test_a_sum_may_be_more_than_anybody_writes_and_nobody_writes_more() -> None:
    """What one person types must not make the sums of everybody's books impossible."""
    most = Money(MOST)
    assert sum((most.centavos for _ in range(900_000)), 0) == (most * 900_000).centavos
    for text in ("100,000,000,000.01", "-100000000000.01", "99999999999999.00"):
        with pytest.raises(InvalidMoney, match="excede lo que el sistema registra"):
            Money.parse(text)
    with pytest.raises(InvalidMoney, match="excede lo que el sistema registra"):
        Money.of(10**12)
    assert Money.parse("100,000,000,000.00") == most
    assert not Money(MOST + 1).is_writable and Money(-MOST).is_writable
