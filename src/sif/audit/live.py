"""Evaluate rules over the live books of one contabilidad within a request."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb
from django.conf import settings

from sif.audit.derived import build_derived, load_rows
from sif.audit.engine import (
    KEPT,
    RuleRun,
    coverage_of,
    finding_of,
    judge,
    locked_engine,
    set_parameters,
    tables_of,
    time_limit,
    verdict_rows,
)
from sif.rulebook import published
from sif.rulebook.binding import tables_read
from sif.rulebook.derived import DERIVED
from sif.rulebook.rule import REACHES, Rule

AT_FILING = "Se revisa al presentar."

Tables = Mapping[str, Sequence[Sequence[object]]]
_read_by = lru_cache(maxsize=512)(tables_read)


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """The result of a rule on live books: its run, or a notice that a rule of wider reach is judged at filing."""

    rule: str
    run: RuleRun | None
    says: str


def within(rules: Iterable[Rule], scope: str) -> list[Rule]:
    """Return the rules that answer over rows that cover that reach whole (contabilidad, sujeto, proceso, nacional)."""
    covered = REACHES.index(scope)
    return [rule for rule in rules if REACHES.index(rule.reach) <= covered]


def run_live(tables: Tables, rules: Sequence[Rule], scope: str, *, work: Path | None = None) -> Iterator[LiveAnswer]:
    """Yield what each rule says of the rows at hand, in their order, tables not given being empty.

    `scope` is the reach that those rows cover whole: a rule of wider reach does not answer, because half a transfer
    looks like a false one. A rule with nothing to judge in these books is not asked at all.
    `work`: a folder that it makes, where what does not fit in memory goes meanwhile.
    """
    able = {rule.id: rule for rule in within(rules, scope)}
    with locked_engine(work=work) as engine:
        there = set[str]()
        _make(engine, tables, frozenset().union(*(_read_by(rule.universe) for rule in able.values())), there)
        sizes = _sizes(engine, able.values())
        asked = [rule for rule in able.values() if sizes[rule.universe]]
        _make(engine, tables, frozenset().union(*(tables_of(rule) for rule in asked)), there)
        for rule in rules:
            if rule.id not in able:
                yield LiveAnswer(rule.id, None, AT_FILING)
            else:
                yield LiveAnswer(rule.id, _run(engine, rule) if sizes[rule.universe] else _nothing(rule), "")


def _make(engine: duckdb.DuckDBPyConnection, tables: Tables, names: frozenset[str], there: set[str]) -> None:
    """Make those tables that are not there yet: from the rows at hand, empty, or computed when they are derived."""
    new = sorted(names - there)
    there |= names
    bare = [published.TABLES[name] for name in new if name not in DERIVED and not tables.get(name)]
    if bare:
        engine.execute(";".join(f"CREATE TABLE {table.name} ({_columns(table)})" for table in bare))
    for name in new:
        if tables.get(name):
            load_rows(engine, DERIVED[name].table if name in DERIVED else published.TABLES[name], tables[name])
    build_derived(engine, [name for name in new if name in DERIVED and not tables.get(name)], settings.JURISDICTION)


def _columns(table: published.Table) -> str:
    return ", ".join(f"{column.name} {column.sql_type}" for column in table.columns)


def _sizes(engine: duckdb.DuckDBPyConnection, rules: Iterable[Rule]) -> dict[str, int]:
    """Count the rows of each universe; by the proof of every rule, its query would judge as many."""
    universes = sorted({rule.universe for rule in rules})
    if not universes:
        return {}
    (counts,) = engine.execute("SELECT " + ", ".join(f"({universe})" for universe in universes)).fetchall()
    return {universe: int(count or 0) for universe, count in zip(universes, counts, strict=True)}


def _nothing(rule: Rule) -> RuleRun:
    return RuleRun(rule.id, rule.digest, 0, {}, (), 0.0)


def _run(engine: duckdb.DuckDBPyConnection, rule: Rule) -> RuleRun:
    """Run a rule on live books and return its counts by state and its rows of the states KEPT.

    That a verdict is whole is proven by the cases of each rule and checked in every run of the authority, not here.
    """
    started = time.perf_counter()
    with time_limit(engine, rule.id):
        set_parameters(engine, rule.parameters)
        judge(engine, rule)
        coverage = coverage_of(engine, rule)
        findings = tuple(finding_of(rule, row) for row in verdict_rows(engine, rule, states=KEPT))
    judged = sum(tally.rows for states in coverage.values() for tally in states.values())
    return RuleRun(rule.id, rule.digest, judged, coverage, findings, time.perf_counter() - started)
