"""Resolve the tables, joins and columns of a rule's SQL, and the outcomes it can give."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify

from sif.rulebook import derived, published
from sif.rulebook.subset import DIALECT, SqlRefused, _first_line

PARAMETER_PREFIX = "p_"
_READS = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)")
_PARAMETER_COLUMNS = {"desde": "DATE", "hasta": "DATE", "valor": "BIGINT"}


@dataclass(frozen=True, slots=True)
class Bound:
    """The inputs of a checked query (tables, parameters) and its outputs (columns, literals of `resultado`)."""

    tables: frozenset[str]
    parameters: frozenset[str]
    columns: tuple[str, ...]
    results: frozenset[str]


def bind(tree: exp.Expression, parameters: frozenset[str], *, universe: bool = False) -> Bound:
    """Check the names of a parsed query against the published and derived tables and its own parameters.

    A universe answers one unnamed integer; a query names each of its columns.

    Raises SqlRefused on an unknown table or column, a shadowed table, a join without equality of both sides, or a
    parameter joined in any way but `LEFT JOIN p_x t ON f >= t.desde AND f < t.hasta`.
    """
    hidden = _local_names(tree)
    read, used = set(), set()
    for table in tree.find_all(exp.Table):
        name = table.name
        if name.startswith(PARAMETER_PREFIX) and name.removeprefix(PARAMETER_PREFIX) in parameters:
            used.add(name.removeprefix(PARAMETER_PREFIX))
            _need_parameter_join(table)
        elif name in published.TABLES or name in derived.TABLES:
            read.add(name)
        elif name not in hidden:
            raise SqlRefused(
                f"La tabla «{name}» no está entre las publicadas, las derivadas ni los parámetros declarados."
            )
    for join in tree.find_all(exp.Join):
        _check_join(join)
    _check_columns(tree, read, parameters)
    if universe:
        _check_universe(tree)
        return Bound(frozenset(read), frozenset(used), (), frozenset())
    columns = _outputs(tree)
    results = frozenset(_results(tree)) if "resultado" in columns else frozenset()
    return Bound(frozenset(read), frozenset(used), columns, results)


def _check_universe(tree: exp.Expression) -> None:
    if not isinstance(tree, exp.Select) or len(tree.expressions) != 1:
        raise SqlRefused("`universe` es un SELECT que da un solo entero.")
    for subquery in tree.find_all(exp.Subquery):
        outer = subquery.find_ancestor(exp.Select)
        if outer is not tree or tree.args.get("from_") is not None:
            raise SqlRefused("Las subconsultas de `universe` no se anidan ni acompañan a un FROM.")


def _local_names(tree: exp.Expression) -> set[str]:
    names: set[str] = set()
    for cte in tree.find_all(exp.CTE):
        name = cte.alias
        if name in published.TABLES or name in derived.TABLES or name.startswith(PARAMETER_PREFIX) or name in names:
            raise SqlRefused(f"WITH «{name}» oculta una tabla o se repite; use otro nombre.")
        names.add(name)
    return names


def _need_parameter_join(table: exp.Table) -> None:
    join = table.parent
    if (
        not isinstance(join, exp.Join)
        or join.args.get("side") != "LEFT"
        or not _is_span_join(join, table.alias_or_name)
    ):
        raise SqlRefused(
            f"El parámetro {table.name} se une de un solo modo: "
            f"LEFT JOIN {table.name} t ON f >= t.desde AND f < t.hasta, con f una columna."
        )


def _is_span_join(join: exp.Join, alias: str) -> bool:
    on = join.args.get("on")
    if not isinstance(on, exp.And) or not isinstance(on.this, exp.GTE) or not isinstance(on.expression, exp.LT):
        return False
    start, end = on.this, on.expression
    sides = (start.this, start.expression, end.this, end.expression)
    if not all(isinstance(side, exp.Column) for side in sides):
        return False
    return (
        start.this == end.this
        and start.this.table != alias
        and (start.expression.table, start.expression.name) == (alias, "desde")
        and (end.expression.table, end.expression.name) == (alias, "hasta")
    )


def _check_join(join: exp.Join) -> None:
    table = join.this
    if not isinstance(table, exp.Table):
        raise SqlRefused("Se unen tablas por su nombre; lo demás va en WITH.")
    on = join.args.get("on")
    if join.args.get("kind") == "CROSS":
        if table.name != "corte" or on is not None:
            raise SqlRefused("CROSS JOIN sólo se admite con `corte`.")
        return
    if table.name.startswith(PARAMETER_PREFIX):
        return
    if on is None or not any(_equates(part, table.alias_or_name) for part in _conjuncts(on)):
        raise SqlRefused(
            f"La unión con «{table.name}» necesita ON con una igualdad entre columnas de ambos lados, unidas por AND."
        )


def _conjuncts(node: exp.Expression) -> Iterator[exp.Expression]:
    if isinstance(node, exp.And):
        yield from _conjuncts(node.this)
        yield from _conjuncts(node.expression)
    elif isinstance(node, exp.Paren):
        yield from _conjuncts(node.this)
    else:
        yield node


def _equates(node: exp.Expression, alias: str) -> bool:
    if not isinstance(node, exp.EQ):
        return False
    left, right = node.this, node.expression
    if not isinstance(left, exp.Column) or not isinstance(right, exp.Column) or not left.table or not right.table:
        return False
    return (left.table == alias) != (right.table == alias)


def _check_columns(tree: exp.Expression, read: Iterable[str], parameters: frozenset[str]) -> None:
    tables = published.TABLES | derived.TABLES
    schema: dict[str, object] = {
        name: {column.name: column.sql_type for column in tables[name].columns} for name in sorted(read)
    }
    schema |= {PARAMETER_PREFIX + name: _PARAMETER_COLUMNS for name in parameters}
    try:
        qualify(tree.copy(), schema=schema, dialect=DIALECT, validate_qualify_columns=True, quote_identifiers=False)
    except (SqlglotError, RecursionError) as error:
        raise SqlRefused(f"Una columna no se resuelve (desconocida o ambigua): {_first_line(error)}") from error


def selects(tree: exp.Expression) -> list[exp.Select]:
    """Return the branches of a UNION ALL, or the one SELECT."""
    if isinstance(tree, exp.Union):
        return [*selects(tree.this), *selects(tree.expression)]
    assert isinstance(tree, exp.Select)
    return [tree]


def _outputs(tree: exp.Expression) -> tuple[str, ...]:
    names: list[tuple[str, ...]] = []
    for select in selects(tree):
        for item in select.expressions:
            if not isinstance(item, exp.Column | exp.Alias):
                raise SqlRefused("Cada columna calculada lleva su nombre con AS.")
        names.append(tuple(item.alias_or_name for item in select.expressions))
    if any(branch != names[0] for branch in names):
        raise SqlRefused("Las ramas de UNION ALL dan las mismas columnas, con el mismo nombre y orden.")
    if len(set(names[0])) != len(names[0]):
        raise SqlRefused("Dos columnas de salida llevan el mismo nombre.")
    return names[0]


def _results(tree: exp.Expression) -> Iterator[str]:
    bodies = {cte.alias: cte.this for cte in tree.find_all(exp.CTE)}
    for select in selects(tree):
        yield from _traced(select, "resultado", bodies)


def _traced(select: exp.Select, column: str, bodies: dict[str, exp.Expression]) -> Iterator[str]:
    """Literals a column can take, followed through WITH."""
    item = next((e for e in select.expressions if e.alias_or_name == column), None)
    value = item.this if isinstance(item, exp.Alias) else item
    if isinstance(value, exp.Column):
        for table in select.find_all(exp.Table):
            body = bodies.get(table.name)
            if body is not None and table.find_ancestor(exp.CTE) is select.find_ancestor(exp.CTE):
                for branch in selects(body):
                    if value.name in branch.named_selects and value.table in ("", table.alias_or_name):
                        yield from _traced(branch, value.name, bodies)
        return
    if value is not None:
        yield from _literals(value)


def _literals(value: exp.Expression) -> Iterator[str]:
    if isinstance(value, exp.Case):
        for arm in (*(branch.args["true"] for branch in value.args["ifs"]), value.args["default"]):
            yield from _literals(arm)
    elif isinstance(value, exp.Paren):
        yield from _literals(value.this)
    elif isinstance(value, exp.Literal) and value.args.get("is_string"):
        yield value.this
    else:
        raise SqlRefused("La columna `resultado` es un CASE cuyas ramas son textos literales.")


def tables_read(sql: str) -> frozenset[str]:
    """Published and derived tables that a checked text reads; derived ones bring those they are computed from."""
    return with_sources(tables_named(sql))


@lru_cache(maxsize=2048)
def tables_named(sql: str) -> frozenset[str]:
    """Return every table that a checked text names itself, those of its WITH included: FROM and JOIN alone read."""
    return frozenset(_READS.findall(sql))


def with_sources(names: Iterable[str]) -> frozenset[str]:
    """Return those names that are published or derived tables, with all that they are computed from."""
    found: set[str] = set()
    pending = [name for name in names if name in published.TABLES or name in derived.TABLES]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(derived.DERIVED[name].reads if name in derived.DERIVED else ())
    return frozenset(found)
