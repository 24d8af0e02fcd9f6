"""Convert values to cells of files: ISO dates, plain amounts, and no text that a spreadsheet would run."""

import csv
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import IO

from sif.values.money import Money

type Cell = str | int | Decimal | Money | date | datetime | time | None

_SIGNS = "=+\\-@＝＋－＠"
"""What makes a spreadsheet evaluate a text, with the wide letters of who types in Japanese or Chinese."""
_FORMULA = re.compile(rf"[\t\r]|[\s\x00\u200b-\u200d\u2060\ufeff]*'*[{_SIGNS}]")
"""How such a text begins, before or after who reads it takes away the white space and what is not seen.

One that begins with an apostrophe of its own is quoted with another: it reads otherwise than one that has only ours.
"""
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")
_SPLIT = r"(?<=[;,|\t\r\n])"
_WITHIN = re.compile(rf"{_SPLIT}(?='*[{_SIGNS}])")
_QUOTED_WITHIN = re.compile(rf"{_SPLIT}'(?='*[{_SIGNS}])")
"""Where a program that splits by another mark than the file's would begin a cell in the middle of a text of ours."""


def harmless(text: str) -> str:
    """Quote with an apostrophe a text that a spreadsheet would evaluate as a formula; a negative number is none.

    So is each place within it where one that splits by another mark, or by lines, would begin a cell: there the quotes
    of CSV are letters.
    """
    if _NUMBER.fullmatch(text):
        return text
    return ("'" if _FORMULA.match(text) else "") + _WITHIN.sub("'", text)


def as_said(text: str) -> str:
    """Take from a cell of a file of ours the apostrophes that `harmless` put, so that it is read as it was said."""
    if "'" not in text:
        return text
    said = _QUOTED_WITHIN.sub("", text)
    return next((each for each in (said[1:], said) if harmless(each) == text), text)


def csv_writer(
    stream: IO[str], *, delimiter: str = ",", ending: str = "\r\n", zone: tzinfo | None = None
) -> Callable[[Iterable[Cell]], object]:
    """Return what writes a row of CSV: every CSV that a person opens is written by it, with no text to be run."""
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=ending)
    return lambda row: writer.writerow([csv_cell(cell, zone) for cell in row])


def iso(cell: Cell, zone: tzinfo | None = None) -> str:
    """Convert a cell to text: 1234.50, 2024-05-31, an instant with the offset of the zone; '' for None."""
    if isinstance(cell, Money):
        return cell.plain()
    if isinstance(cell, datetime):
        return cell.astimezone(zone).isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat(timespec="minutes")
    return "" if cell is None else str(cell)


def csv_cell(cell: Cell, zone: tzinfo | None = None) -> str:
    """Convert a cell to text for CSV; amounts keep their sign, and what writes itself as text is quoted as text is."""
    text = iso(cell, zone)
    return text if isinstance(cell, int | Decimal | Money) else harmless(text)
