"""Convert values to cells of files: ISO dates, plain amounts, and no text that a spreadsheet would run."""

from datetime import date, datetime, time, tzinfo
from decimal import Decimal

from sif.values.money import Money

type Cell = str | int | Decimal | Money | date | datetime | time | None

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First letters that make a spreadsheet evaluate a text."""


def harmless(text: str) -> str:
    """Quote with an apostrophe a text that a spreadsheet would evaluate as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


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
    """Convert a cell to text for CSV; only texts are quoted, so that amounts keep their sign."""
    text = iso(cell, zone)
    return harmless(text) if isinstance(cell, str) else text
