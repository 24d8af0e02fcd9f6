"""Load the explained mutants that no case catches."""

from fnmatch import fnmatchcase
from pathlib import Path

from sif.law.sources import read_data
from sif.rulebook.reading import JURISDICTIONS

EVERY_RULE = "todas"


def survivors_path(jurisdiction: str) -> Path:
    """Return the path of the file of explained surviving mutants of a jurisdiction."""
    return JURISDICTIONS / jurisdiction / "rules" / "sobrevivientes.yaml"


def explained_survivors(rule: str, jurisdiction: str) -> dict[str, str]:
    """Pattern of mutant (with * for any text) to the reason it survives, for every rule and for that one."""
    path = survivors_path(jurisdiction)
    entries = read_data(path) if path.exists() else {}
    return (entries.get(EVERY_RULE) or {}) | (entries.get(rule) or {})


def explanation(mutant: str, explained: dict[str, str]) -> str | None:
    """Return the reason why that mutant survives, or None when nobody has given one."""
    return next((reason for pattern, reason in explained.items() if _stands_for(pattern, mutant)), None)


def _stands_for(pattern: str, mutant: str) -> bool:
    return fnmatchcase(mutant, pattern.replace("[", "[[]"))
