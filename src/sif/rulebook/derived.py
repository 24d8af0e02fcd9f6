"""Define the tables computed once for each snapshot, which rules read as published ones."""

from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import exp

from sif.law.sources import read_data
from sif.rulebook.published import Table, read_tables

_FILE = Path(__file__).with_name("derived.yaml")


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived table: its columns, its definition (None when a function computes it) and the tables it reads.

    pieces: a póliza by póliza answer, which an engine may compute some pólizas at a time.
    """

    table: Table
    sql: str | None
    reads: frozenset[str]
    pieces: bool = False


def _load() -> dict[str, Derived]:
    tables = read_tables(_FILE)
    entries = read_data(_FILE)
    return {name: _derived(table, entries[name]) for name, table in tables.items()}


def _derived(table: Table, entry: dict[str, object]) -> Derived:
    sql = entry.get("sql")
    if not isinstance(sql, str):
        reads = entry["reads"]
        assert isinstance(reads, list)
        return Derived(table, None, frozenset(reads))
    tree = sqlglot.parse_one(sql, read="duckdb")
    hidden = {cte.alias for cte in tree.find_all(exp.CTE)}
    reads = frozenset(t.name for t in tree.find_all(exp.Table)) - hidden
    return Derived(table, sql, reads, pieces=bool(entry.get("pieces")))


DERIVED = _load()
"""Every derived table with its definition, by name."""

TABLES = {name: entry.table for name, entry in DERIVED.items()}
"""Every derived table by name, as rules see it."""
