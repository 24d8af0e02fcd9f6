"""What each rule finds in its own cases, and every two of them planted on one fact."""

from collections.abc import Iterator, Mapping
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
    """What each rule sanctions, with a row that its own cases found of it: one of an invoice and one of none."""
    seen: dict[tuple[str, str, bool], tuple[Rule, str, dict[str, Any]]] = {}
    for rule in load_rules("mx"):
        with Bench(rule) as bench:
            for _case, engine in bench._engines:
                judge(engine, rule)
                for row in verdict_rows(engine, rule):
                    conduct = rule.outcome(str(row["resultado"])).sanction
                    if conduct:
                        seen.setdefault((rule.id, conduct, _of_none(row)), (rule, conduct, dict(row)))
    return tuple(seen.values())


def _of_none(row: Mapping[str, Any]) -> bool:
    """Whether a row is of the part of a póliza that no invoice covers, which it names as the invoice 0."""
    return row.get("cfdi_id") == 0


def planted(
    one: Mapping[str, Any], other: Mapping[str, Any], number: int = 1
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Both rows on one fact of that number, by what their queries name; None where they cannot name one in common."""
    rows = _numbered(one, number), _numbered(other, number)
    return rows if TABLE.same_fact(*rows) else None


def _numbered(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    names = dict.fromkeys([name for name in (*TABLE.comunes, *TABLE.partes) if name in row], number)
    return {**row, **names, **({"cfdi_id": 0} if _of_none(row) else {})}


def meetings() -> Iterator[tuple[Charge, Charge, dict[str, Any], dict[str, Any]]]:
    """Every two sanctioned results of rules of one stage that can name the same fact, planted on it."""
    pairs = combinations_with_replacement(found(), 2)
    for number, ((one, first, row), (other, second, row2)) in enumerate(pairs, 1):
        if set(one.applies_to) & set(other.applies_to) and (rows := planted(row, row2, number)) is not None:
            yield Charge(one.id, first), Charge(other.id, second), *rows


def reached() -> dict[int, tuple[Charge, Charge]]:
    """The first pair of rules that each declared pair decides."""
    lines: dict[int, tuple[Charge, Charge]] = {}
    for one, other, *_ in meetings():
        settled = TABLE.settle(one, other)
        if settled is not None:
            lines.setdefault(settled.par.numero, (one, other))
    return lines
