"""What each rule finds in its own cases, and every two of them planted on one fact."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations_with_replacement
from typing import Any

from sif.audit.cases import Bench
from sif.audit.engine import judge, verdict_rows
from sif.law.concurrence import Charge, load_concurrence
from sif.rulebook import load_rules
from sif.rulebook.rule import Rule

TABLE = load_concurrence("mx")


@cache
def found() -> tuple[tuple[Rule, str, dict[str, Any]], ...]:
    """What each rule sanctions, with a row that its own cases found of it."""
    seen: dict[tuple[str, str], tuple[Rule, str, dict[str, Any]]] = {}
    for rule in load_rules("mx"):
        with Bench(rule) as bench:
            for _case, engine in bench._engines:
                judge(engine, rule)
                for row in verdict_rows(engine, rule):
                    conduct = rule.outcome(str(row["resultado"])).sanction
                    if conduct:
                        seen.setdefault((rule.id, conduct), (rule, conduct, dict(row)))
    return tuple(seen.values())


def planted(one: dict[str, Any], other: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Both rows on one fact, by what the two queries name; None where they name nothing in common."""
    common = [name for name in TABLE.comunes if name in one and name in other]
    if not common:
        return None
    same = dict.fromkeys([name for name in (*TABLE.comunes, *TABLE.partes) if name in one and name in other], 1)
    return {**one, **same}, {**other, **same}


def meetings() -> Iterator[tuple[Charge, Charge, dict[str, Any], dict[str, Any]]]:
    """Every two sanctioned results of rules of one stage that can name the same fact, planted on it."""
    for (one, first, row), (other, second, row2) in combinations_with_replacement(found(), 2):
        if set(one.applies_to) & set(other.applies_to) and (rows := planted(row, row2)) is not None:
            yield Charge(one.id, first), Charge(other.id, second), *rows


def reached() -> dict[int, tuple[Charge, Charge]]:
    """The first pair of rules that each declared pair decides."""
    lines: dict[int, tuple[Charge, Charge]] = {}
    for one, other, *_ in meetings():
        settled = TABLE.settle(one, other)
        if settled is not None:
            lines.setdefault(settled.par.numero, (one, other))
    return lines
