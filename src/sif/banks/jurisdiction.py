"""Locate the bank data of a jurisdiction."""

from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[1] / "jurisdictions"


def data_file(name: str, jurisdiction: str = "mx") -> Path:
    """The path of a data file of banks of a jurisdiction."""
    return _FOLDER / jurisdiction / "banks" / name
