"""Restrict the SQL of rules to a closed list of syntax nodes and arguments."""

import re
from collections.abc import Callable

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

DIALECT = "duckdb"
MAX_CHARACTERS, MAX_NESTING, MAX_TABLES = 8_000, 40, 24

_NAME = re.compile(r"^[a-z_][a-z0-9_]*$")
_FORBIDDEN_TEXT = ("--", "/*", ";", '"', "`", "$", "\\", "@", "#", "{", "}", "\x00")
_CAST_TYPES = {exp.DType.BIGINT, exp.DType.INT, exp.DType.DATE, exp.DType.VARCHAR}
_BINARY = {"this", "expression"}
_SELECT = {"expressions", "from_", "joins", "where", "group", "having", "with_"}

# Every node a rule may contain, with every argument it may carry. What is not here does not exist.
_NODES: dict[type[exp.Expression], set[str]] = {
    exp.Select: _SELECT,
    exp.Union: {"this", "expression", "distinct", "with_"},
    exp.With: {"expressions"},
    exp.CTE: {"this", "alias"},
    exp.TableAlias: {"this"},
    exp.From: {"this"},
    exp.Table: {"this", "alias"},
    exp.Join: {"this", "side", "kind", "on"},
    exp.Where: {"this"},
    exp.Group: {"expressions"},
    exp.Having: {"this"},
    exp.Alias: {"this", "alias"},
    exp.Column: {"this", "table"},
    exp.Identifier: {"this", "quoted"},
    exp.Literal: {"this", "is_string"},
    exp.Null: set(),
    exp.Boolean: {"this"},
    exp.Paren: {"this"},
    exp.Neg: {"this"},
    exp.Not: {"this"},
    exp.Is: _BINARY,
    exp.In: {"this", "expressions"},
    exp.Between: {"this", "low", "high"},
    exp.Case: {"ifs", "default"},
    exp.If: {"this", "true"},
    exp.Sum: {"this"},
    exp.Count: {"this", "big_int"},
    exp.Star: set(),
    exp.Distinct: {"expressions"},
    exp.Min: {"this"},
    exp.Max: {"this"},
    exp.RowNumber: set(),
    exp.Lag: {"this"},
    exp.Window: {"this", "partition_by", "order", "spec", "over"},
    exp.WindowSpec: {"kind", "start", "start_side", "end", "end_side"},
    exp.Order: {"expressions"},
    exp.Ordered: {"this", "desc", "nulls_first"},
    exp.Coalesce: {"this", "expressions"},
    exp.Least: {"this", "expressions", "ignore_nulls"},
    exp.Greatest: {"this", "expressions", "ignore_nulls"},
    exp.Abs: {"this"},
    exp.DateDiff: {"this", "expression", "unit", "date_part_boundary"},
    exp.Year: {"this"},
    exp.Month: {"this"},
    exp.Day: {"this"},
    exp.Var: {"this"},
    exp.Cast: {"this", "to"},
    exp.DataType: {"this", "nested"},
    exp.Subquery: {"this"},
    exp.IntDiv: _BINARY | {"typed", "safe"},
    **dict.fromkeys(
        (exp.And, exp.Or, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Add, exp.Sub, exp.Mul), _BINARY
    ),
}


class SqlRefused(ValueError):
    """The SQL is outside the portable subset; the message says what was seen and what is admitted."""


def check_sql(text: str, *, universe: bool = False) -> str:
    """The canonical text of one SELECT of the subset, printed back from its tree; scalar subqueries in `universe` only.

    Raises SqlRefused.
    """
    return canonical(parse(text, universe=universe), keep=False)


def canonical(tree: exp.Expr, *, keep: bool = True) -> str:
    """Return the text that runs: printed from the tree, without comments, never the author's bytes.

    Printing may change the tree: it is copied first unless nobody needs it afterwards (`keep`).
    """
    return tree.sql(dialect=DIALECT, comments=False, copy=keep)


def parse(text: str, *, universe: bool = False) -> exp.Expression:
    """Return the checked tree of one SELECT (or UNION ALL of them). Raises SqlRefused."""
    _check_text(text)
    try:
        statements = sqlglot.parse(text, read=DIALECT)
    except (SqlglotError, RecursionError) as error:
        raise SqlRefused(f"No se entiende el SQL: {_first_line(error)}") from error
    if len(statements) != 1 or statements[0] is None:
        raise SqlRefused("Se admite una sola sentencia SELECT.")
    tree = statements[0]
    assert isinstance(tree, exp.Expression)
    if not isinstance(tree, exp.Select | exp.Union):
        raise SqlRefused(f"Se admite SELECT o UNION ALL; hay {_label(tree)}.")
    for node in tree.walk():
        assert isinstance(node, exp.Expression)
        _check_node(node, universe)
    if sum(1 for _ in tree.find_all(exp.Table)) > MAX_TABLES:
        raise SqlRefused(f"Se admiten hasta {MAX_TABLES} lecturas de tablas.")
    return tree


def _check_text(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise SqlRefused(f"El SQL tiene {len(text)} caracteres; se admiten {MAX_CHARACTERS}.")
    for mark in _FORBIDDEN_TEXT:
        if mark in text:
            raise SqlRefused(f"El SQL contiene «{mark!s}»: no se admiten comentarios, comillas dobles ni otros signos.")
    if any(not char.isprintable() and char not in "\n\t" for char in text):
        raise SqlRefused("El SQL contiene caracteres que no se imprimen.")
    depth = deepest = 0
    for char in text:
        depth += (char in "([") - (char in ")]")
        deepest = max(deepest, depth)
    if deepest > MAX_NESTING:
        raise SqlRefused(f"El SQL anida {deepest} paréntesis; se admiten {MAX_NESTING}.")


def _check_node(node: exp.Expression, universe: bool) -> None:
    admitted = _NODES.get(type(node))
    if admitted is None:
        raise SqlRefused(f"No se admite {_label(node)}.")
    for argument, value in node.args.items():
        if argument not in admitted and value not in (None, False, [], ""):
            raise SqlRefused(f"No se admite {_label(node)} con {argument.strip('_').upper().replace('_', ' ')}.")
    check = _CHECKS.get(type(node))
    if check is not None:
        check(node)
    if isinstance(node, exp.Subquery) and not universe:
        raise SqlRefused("Una subconsulta sólo se admite en `universe`; en `query` use WITH.")


def _need(condition: object, message: str) -> None:
    if not condition:
        raise SqlRefused(message)


def _select(node: exp.Expression) -> None:
    _need(node.args.get("expressions"), "Un SELECT nombra sus columnas.")


def _union(node: exp.Expression) -> None:
    _need(node.args.get("distinct") is False, "Se admite UNION ALL, no UNION.")


def _identifier(node: exp.Expression) -> None:
    _need(not node.args.get("quoted"), "Los nombres van sin comillas.")
    _need(
        isinstance(node.this, str) and _NAME.match(node.this),
        f"«{node.this}» no es un nombre: minúsculas ASCII, cifras y guion bajo.",
    )


def _names_itself(node: exp.Expression) -> None:
    _need(isinstance(node.this, exp.Identifier), f"{_label(node)} nombra con un identificador simple.")


def _literal(node: exp.Expression) -> None:
    text = str(node.this)
    _need(
        node.args.get("is_string") or (text.isascii() and text.isdigit() and int(text) < 2**63),
        f"«{text}» no es un entero; los decimales no se admiten: use centavos o puntos base.",
    )


def _is(node: exp.Expression) -> None:
    _need(isinstance(node.expression, exp.Null), "IS sólo compara con NULL.")


def _in(node: exp.Expression) -> None:
    values = node.expressions
    _need(values and all(isinstance(v, exp.Literal | exp.Neg) for v in values), "IN lleva una lista de literales.")


def _case(node: exp.Expression) -> None:
    _need(node.args.get("default") is not None, "Un CASE termina en ELSE.")


def _if(node: exp.Expression) -> None:
    _need(isinstance(node.parent, exp.Case), "Se admite CASE WHEN, no IF.")


def _star(node: exp.Expression) -> None:
    _need(isinstance(node.parent, exp.Count), "No se admite «*»: nombre las columnas.")


def _distinct(node: exp.Expression) -> None:
    _need(
        isinstance(node.parent, exp.Count) and len(node.expressions) == 1,
        "DISTINCT sólo se admite en COUNT(DISTINCT columna).",
    )


def _window(node: exp.Expression) -> None:
    _need(
        isinstance(node.this, exp.Sum | exp.Count | exp.Min | exp.Max | exp.RowNumber | exp.Lag),
        "Una ventana va sobre SUM, COUNT, MIN, MAX, ROW_NUMBER o LAG.",
    )
    _need(node.args.get("over") == "OVER", "Una ventana se escribe OVER (...).")
    _need(not isinstance(node.this.this, exp.Distinct), "Una ventana no cuenta DISTINCT.")
    if isinstance(node.this, exp.RowNumber | exp.Lag):
        _need(node.args.get("order"), f"{node.this.sql_name()} necesita ORDER BY.")


def _in_order(node: exp.Expression) -> None:
    assert isinstance(node, exp.Func)
    _need(isinstance(node.parent, exp.Window), f"{node.sql_name()} necesita OVER.")


def _window_spec(node: exp.Expression) -> None:
    bounds = (
        (node.args.get("start"), node.args.get("start_side") or ""),
        (node.args.get("end"), node.args.get("end_side") or ""),
    )
    admitted = {("UNBOUNDED", "PRECEDING"), ("UNBOUNDED", "FOLLOWING"), ("CURRENT ROW", "")}
    _need(
        node.args.get("kind") in ("ROWS", "RANGE") and all(bound in admitted for bound in bounds),
        "El marco de una ventana va de UNBOUNDED PRECEDING a CURRENT ROW o UNBOUNDED FOLLOWING, en ROWS o RANGE.",
    )


def _ordered(node: exp.Expression) -> None:
    _need(
        isinstance(node.parent, exp.Order) and isinstance(node.parent.parent, exp.Window), "ORDER BY va en una ventana."
    )
    _need(not node.args.get("nulls_first"), "No se admite NULLS FIRST.")


def _int_div(node: exp.Expression) -> None:
    divisor = node.expression
    _need(
        isinstance(divisor, exp.Literal) and str(divisor.this).isdigit() and int(divisor.this) > 0,
        "Se divide con // y entre un entero escrito, no entre una columna: puntos base entre 10000.",
    )


def _date_diff(node: exp.Expression) -> None:
    unit = node.args.get("unit")
    _need(isinstance(unit, exp.Var) and unit.name.upper() == "DAY", "DATE_DIFF se admite en 'day'.")


def _date_part(node: exp.Expression) -> None:
    _need(isinstance(node.this, exp.Column), f"{_label(node)} se toma de una columna de fecha.")


def _var(node: exp.Expression) -> None:
    _need(isinstance(node.parent, exp.DateDiff), f"No se admite «{node.name}».")


def _cast(node: exp.Expression) -> None:
    target = node.args["to"]
    _need(
        isinstance(target, exp.DataType) and target.this in _CAST_TYPES and not target.args.get("nested"),
        "CAST se admite a BIGINT, INT, DATE y VARCHAR.",
    )


def _group(node: exp.Expression) -> None:
    _need(
        node.expressions and all(isinstance(item, exp.Column) for item in node.expressions),
        "GROUP BY lleva columnas.",
    )


def _subquery(node: exp.Expression) -> None:
    _need(not isinstance(node.parent, exp.From | exp.Join | exp.In), "Una subconsulta de `universe` da un solo entero.")


def _with(node: exp.Expression) -> None:
    _need(node.parent is not None and node.parent.parent is None, "WITH va al inicio y no se anida.")


def _join(node: exp.Expression) -> None:
    side, kind = node.args.get("side") or "", node.args.get("kind") or ""
    _need((side, kind) in {("", ""), ("", "INNER"), ("LEFT", ""), ("", "CROSS")}, "Se admite INNER, LEFT o CROSS JOIN.")
    _need(kind == "CROSS" or node.args.get("on") is not None, "Una unión lleva ON.")


_CHECKS: dict[type[exp.Expression], Callable[[exp.Expression], None]] = {
    exp.Select: _select,
    exp.Union: _union,
    exp.Identifier: _identifier,
    exp.Table: _names_itself,
    exp.Column: _names_itself,
    exp.TableAlias: _names_itself,
    exp.Literal: _literal,
    exp.Is: _is,
    exp.In: _in,
    exp.Case: _case,
    exp.If: _if,
    exp.Star: _star,
    exp.Distinct: _distinct,
    exp.Window: _window,
    exp.RowNumber: _in_order,
    exp.Lag: _in_order,
    exp.WindowSpec: _window_spec,
    exp.Ordered: _ordered,
    exp.DateDiff: _date_diff,
    exp.Year: _date_part,
    exp.Month: _date_part,
    exp.Day: _date_part,
    exp.IntDiv: _int_div,
    exp.Var: _var,
    exp.Cast: _cast,
    exp.Group: _group,
    exp.Subquery: _subquery,
    exp.With: _with,
    exp.Join: _join,
}


def _label(node: exp.Expression) -> str:
    return type(node).__name__.upper()


def _first_line(error: BaseException) -> str:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return re.sub(r"\x1b\[[0-9;]*m", "", text)[:200]
