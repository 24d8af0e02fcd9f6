"""What a rule of law is, and how to read, check and print one; it knows no engine."""

from sif.rulebook.reading import load_rules, read_rule, rule_paths
from sif.rulebook.rule import Rule, RuleRefused
from sif.rulebook.subset import SqlRefused, check_sql

__all__ = ["Rule", "RuleRefused", "SqlRefused", "check_sql", "load_rules", "read_rule", "rule_paths"]
