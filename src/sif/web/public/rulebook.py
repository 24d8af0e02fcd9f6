"""Read the rules that a jurisdiction has."""

from functools import cache

from sif.rulebook import load_rules
from sif.rulebook.rule import Rule


@cache
def known_rules(jurisdiction: str) -> dict[str, Rule]:
    """Return the rules of the rulebook by id; read once a process, since they change only with the program."""
    return {rule.id: rule for rule in load_rules(jurisdiction)}
