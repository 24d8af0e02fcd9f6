"""What is text, and a text in one line."""

import pytest

from sif.values.texts import NO_TEXT, in_one_line, is_blank, legible


@pytest.mark.parametrize("mark", ["\0", "\x01", "\x0b", "\x0c", "\x1f", "\x7f", "\ud800", "\u202a", "\u202e", "\u2069"])
def test_a_control_and_a_mark_that_turns_the_reading_are_no_text(mark: str) -> None:
    assert legible(f"Impresos{mark}SA") == "Impresos\ufffdSA"


@pytest.mark.parametrize("text", ["Ñandú, S.A. de C.V.", "a\tb\r\nc", "‘«—»’ $1,234.50", "𝄞 é\u0301", ""])
def test_what_people_write_is_text(text: str) -> None:
    assert NO_TEXT.search(text) is None and legible(text) == text


@pytest.mark.parametrize(
    "text", ["", "  \t", "\u200e", "\u200b \u2060", "\ufeff", "\u3164", "\u00ad\u200f", "\u2800", "\ufe0f"]
)
def test_marks_that_are_drawn_as_nothing_are_a_blank(text: str) -> None:
    assert is_blank(text)
    assert not is_blank(f"{text}Ñ") and not is_blank(f"1{text}")


def test_an_end_of_line_is_a_space() -> None:
    assert in_one_line("CEP\r\nX-Otro: 1\u2028b\x85c") == "CEP X-Otro: 1 b c"
