"""Generate mutants of a rule's query, each of which some case must catch."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

import sqlglot
from sqlglot import exp

from sif.rulebook.binding import PARAMETER_PREFIX
from sif.rulebook.subset import DIALECT, canonical

_FLIPS: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.GT: exp.GTE,
    exp.GTE: exp.GT,
    exp.LT: exp.LTE,
    exp.LTE: exp.LT,
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged query: `name` says what was done and where, the same at each reading of the file."""

    name: str
    sql: str


def mutants(query: str) -> list[Mutant]:
    """Every mutant of a canonical query: comparisons flipped, WHENs dropped or swapped, LEFT made INNER, integers plus
    one, a column less in each PARTITION BY.

    Not those that no rule could be: the reader admits one form only of the join of a parameter.
    """
    found: dict[str, Mutant] = {}
    whole = sqlglot.parse_one(query, read=DIALECT)
    for place, node in enumerate(_nodes(whole)):
        for label, damage in () if _is_fixed(node) else _damages(node):
            tree = whole.copy()
            damage(next(islice(_nodes(tree), place, None)))
            sql = canonical(tree, keep=False)
            name = label if label not in found else f"{label} (#{sum(k.startswith(label) for k in found) + 1})"
            if sql != query:
                found[name] = Mutant(name, sql)
    return list(found.values())


def _nodes(tree: exp.Expr) -> Iterator[exp.Expression]:
    for node in tree.walk():
        assert isinstance(node, exp.Expression)
        yield node


def _is_fixed(node: exp.Expression) -> bool:
    """Return whether it is part of the join of a parameter, or a constant that COUNT only looks at for being there."""
    join = node if isinstance(node, exp.Join) else node.find_ancestor(exp.Join)
    if join is not None and join.this.name.startswith(PARAMETER_PREFIX):
        return True
    arm = node.parent
    if not isinstance(node, exp.Literal) or not isinstance(arm, exp.If) or arm.parent is None:
        return False
    return isinstance(arm.parent.parent, exp.Count)


Damage = Callable[[exp.Expression], object]


def _damages(node: exp.Expression) -> Iterator[tuple[str, Damage]]:
    flip = _FLIPS.get(type(node))
    if flip is not None:
        yield f"voltear {_said(node, 90)}", lambda n: n.replace(flip(this=n.this, expression=n.expression))
    if isinstance(node, exp.Case):
        arms = node.args["ifs"]
        for number, arm in enumerate(arms):
            said = _said(arm.this, 70)
            if len(arms) > 1:
                yield f"quitar WHEN {said}", _drop_arm(number)
            if number + 1 < len(arms):
                yield f"permutar WHEN {said} con el siguiente", _swap_arms(number)
    if isinstance(node, exp.Join) and node.args.get("side") == "LEFT":
        yield f"LEFT por INNER en {canonical(node.this)}", lambda n: n.set("side", None)
    if isinstance(node, exp.Literal) and not node.args.get("is_string"):
        parent = node.parent
        where = _said(parent, 70) if parent is not None else ""
        yield f"{node.this} + 1 en {where}", lambda n: n.set("this", str(int(n.this) + 1))
    if isinstance(node, exp.Window):
        for number, column in enumerate(node.args.get("partition_by") or []):
            yield f"sin {canonical(column)} en PARTITION BY de {_said(node, 90)}", _drop_partition(number)


def _said(node: exp.Expr, most: int) -> str:
    """Return the text of a node in one line, cut."""
    return " ".join(canonical(node).split())[:most]


def _drop_arm(number: int) -> Damage:
    def damage(node: exp.Expression) -> None:
        arms = node.args["ifs"]
        node.set("ifs", [arm for n, arm in enumerate(arms) if n != number])

    return damage


def _swap_arms(number: int) -> Damage:
    def damage(node: exp.Expression) -> None:
        arms = list(node.args["ifs"])
        arms[number], arms[number + 1] = arms[number + 1], arms[number]
        node.set("ifs", arms)

    return damage


def _drop_partition(number: int) -> Damage:
    def damage(node: exp.Expression) -> None:
        columns = node.args["partition_by"]
        node.set("partition_by", [column for n, column in enumerate(columns) if n != number])

    return damage
