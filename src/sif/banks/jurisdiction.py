"""Locate the bank data of a jurisdiction."""

from pathlib import Path

_FOLDER = Path(__file__).resolve().parents[1] / "jurisdictions"


def data_file(name: str, jurisdiction: str) -> Path:
    """Return the path of a data file of banks of a jurisdiction."""
    return _FOLDER / jurisdiction / "banks" / name


def data_files(name: str) -> list[Path]:
    """Return the paths of a data file of banks, of every jurisdiction that has it."""
    return sorted(_FOLDER.glob(f"*/banks/{name}"))
