"""Keys of persons and documents cannot exist malformed; Ñ and & are letters like any other."""

import pytest

from sif.values import Clabe, Curp, InvalidKey, Rfc, Uuid


@pytest.mark.parametrize("text", ["EKU9003173C9", "cañf770131pa3", "Ñ&A010101AAA", "XAXX010101000"])
def test_an_rfc_is_read_in_capitals(text: str) -> None:
    assert str(Rfc(text)) == text.upper()


@pytest.mark.parametrize(
    ("text", "reason"), [("ABC0101", "7 caracteres"), ("ABC991301AA1", "forma"), ("1BC010101AA1", "forma")]
)
def test_a_bad_rfc_says_what_was_seen(text: str, reason: str) -> None:
    with pytest.raises(InvalidKey, match=reason):
        Rfc(text)


def test_a_company_has_twelve_characters() -> None:
    assert Rfc("EKU9003173C9").is_company
    assert not Rfc("CAÑF770131PA3").is_company


def test_the_check_digit_of_a_clabe_counts() -> None:
    assert str(Clabe("032180000118359719")) == "032180000118359719"
    with pytest.raises(InvalidKey, match="control"):
        Clabe("032180000118359718")


def test_the_check_digit_of_a_curp_counts() -> None:
    assert Curp.maybe("XEXX010101HNEXXXA4") is not None
    assert Curp.maybe("XEXX010101HNEXXXA5") is None


def test_a_uuid_is_kept_in_capitals() -> None:
    assert str(Uuid("ad662d33-6934-459c-a128-bdf0393f0f44")) == "AD662D33-6934-459C-A128-BDF0393F0F44"
    assert Uuid.maybe("no") is None
