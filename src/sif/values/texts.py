"""Tell what is text from what only looks like it: controls, halves of characters, and marks that turn the reading."""

import re
import unicodedata

NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""No letter, space, tab nor end of line. The last two spans make a text read otherwise than it is written."""
_ENDS = re.compile(r"[\r\n\x85\u2028\u2029]+")


_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks by their category that are drawn as nothing."""


def is_blank(text: str) -> bool:
    """Return whether nothing of a text is seen: no text, blanks, and marks of format that are drawn as nothing."""
    return all(
        char.isspace() or char in _FILLERS or unicodedata.category(char) in ("Cf", "Cc") or "\ufe00" <= char <= "\ufe0f"
        for char in text
    )


def legible(text: str) -> str:
    """Put the sign of what cannot be read in the place of each character that is no text."""
    return NO_TEXT.sub("\ufffd", text)


def in_one_line(text: str) -> str:
    """Put a space in the place of each end of line."""
    return _ENDS.sub(" ", text)


def capitalized(text: str) -> str:
    """Return a text with its first letter as a capital, and the others as they are."""
    return text[:1].upper() + text[1:]


def letters_of(place: int) -> str:
    """Return the letters of a place from 1 on, as the columns of a sheet have them: A to Z, then AA, AB."""
    before, last = divmod(place - 1, 26)
    return (letters_of(before) if before else "") + chr(ord("A") + last)
