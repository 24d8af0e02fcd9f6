"""Amounts in words, as a receipt writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sif.values import Money
from sif.values.words import in_words

KNOWN = {
    "0.00": "Cero pesos 00/100 M.N.",
    "0.05": "Cero pesos 05/100 M.N.",
    "1.00": "Un peso 00/100 M.N.",
    "21.10": "Veintiún pesos 10/100 M.N.",
    "31.00": "Treinta y un pesos 00/100 M.N.",
    "100.00": "Cien pesos 00/100 M.N.",
    "101.00": "Ciento un pesos 00/100 M.N.",
    "1000.00": "Mil pesos 00/100 M.N.",
    "1,234.50": "Mil doscientos treinta y cuatro pesos 50/100 M.N.",
    "21,500.00": "Veintiún mil quinientos pesos 00/100 M.N.",
    "100,000.00": "Cien mil pesos 00/100 M.N.",
    "1,000,000.00": "Un millón de pesos 00/100 M.N.",
    "2,148,166.63": "Dos millones ciento cuarenta y ocho mil ciento sesenta y seis pesos 63/100 M.N.",
    "42,963,332.00": "Cuarenta y dos millones novecientos sesenta y tres mil trescientos treinta y dos "
    "pesos 00/100 M.N.",
    "1,000,000,000.00": "Mil millones de pesos 00/100 M.N.",
    "1,000,001,000,000.00": "Un billón un millón de pesos 00/100 M.N.",
}


@pytest.mark.parametrize(("figures", "words"), KNOWN.items())
def test_it_says_the_amount(figures: str, words: str) -> None:
    centavos = int(figures.replace(",", "").replace(".", ""))  # a sum may be more than anybody writes
    assert in_words(Money(centavos)) == words


@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_two_amounts_never_read_the_same(one: int, other: int) -> None:
    assert (in_words(Money(one)) == in_words(Money(other))) is (one == other)


def test_a_negative_has_no_words() -> None:
    with pytest.raises(ValueError, match="negativo"):
        in_words(Money(-1))
