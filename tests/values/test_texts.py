"""What is text, and a text in one line."""

import pytest

from sif.values.texts import NO_TEXT, in_one_line, legible


@pytest.mark.parametrize("mark", ["\0", "\x01", "\x0b", "\x0c", "\x1f", "\x7f", "\ud800", "\u202a", "\u202e", "\u2069"])
def test_a_control_and_a_mark_that_turns_the_reading_are_no_text(mark: str) -> None:
    assert legible(f"Impresos{mark}SA") == "Impresos\ufffdSA"


@pytest.mark.parametrize("text", ["Ñandú, S.A. de C.V.", "a\tb\r\nc", "‘«—»’ $1,234.50", "𝄞 é\u0301", ""])
def test_what_people_write_is_text(text: str) -> None:
    assert NO_TEXT.search(text) is None and legible(text) == text


def test_an_end_of_line_is_a_space() -> None:
    assert in_one_line("CEP\r\nX-Otro: 1\u2028b\x85c") == "CEP X-Otro: 1 b c"
