"""Define a rule of law, and parse, check and print it; no engine is known here."""

from sif.rulebook.reading import load_rules, read_rule, rule_paths
from sif.rulebook.rule import Rule
from sif.rulebook.subset import SqlRefused, check_sql

__all__ = ["Rule", "SqlRefused", "check_sql", "load_rules", "read_rule", "rule_paths"]
