"""Write the text that the digest of a row covers from its columns, without building it as jsonb, which costs far more.

It is byte for byte what `protection.digest_of_row` digests. As there, no function of the database is asked: values are
written by `concat` and `JSON_SCALAR`, which go by no cast. Where this cannot say a table, it says None.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from psycopg import Connection
from psycopg.rows import TupleRow

Columns = Mapping[str, tuple[str, bool]]
"""The columns of a table: of which type of PostgreSQL each is, empty if of none of its own, and whether it is never
null."""

_NUMBERS = frozenset({"int2", "int4", "int8"})
_SCALARS = frozenset({"varchar", "text", "bool", "date", "timestamptz", "numeric", "uuid"})
_PLAIN = _NUMBERS | _SCALARS | {"bytea", "jsonb"}
_NAME = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)
_PIECES = 24  # of up to four arguments; PostgreSQL takes a hundred
_COLUMNS = """
    SELECT c.relname, a.attname, CASE WHEN t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace THEN t.typname ELSE ''
        END, a.attnotnull
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
        AND NOT a.attisdropped"""


def columns_of(database: Connection[TupleRow]) -> Mapping[str, Columns]:
    """Return the columns of every table of a database."""
    found: dict[str, dict[str, tuple[str, bool]]] = {}
    for table, name, kind, never_null in database.execute(_COLUMNS).fetchall():
        found.setdefault(table, {})[name] = (kind, never_null)
    return found


def are_plain(columns: Columns) -> bool:
    """Return whether there are columns, all of types that are written here and with names that need no quotes."""
    return bool(columns) and all(kind in _PLAIN and _NAME.fullmatch(name) for name, (kind, _) in columns.items())


def _value(column: str, kind: str) -> str:
    """Return the argument of SQL `concat` that renders a column value as JSON, for a value that is not null."""
    if kind in _NUMBERS or kind == "jsonb":
        return column
    return f"""'"\\\\x', encode({column}, 'hex'), '"'""" if kind == "bytea" else f"JSON_SCALAR({column})"


def item(row: str, name: str, columns: Columns) -> str:
    """Return the argument of SQL `concat` that renders a column in a JSON array, as null where the value is null."""
    kind, never_null = columns[name]
    column = f'{row}."{name}"'
    said = _value(column, kind)
    return said if never_null else f"CASE WHEN {column} IS NULL THEN 'null' ELSE concat({said}) END"


def _members(row: str, columns: Columns) -> Iterator[tuple[str, str]]:
    """Each column with what is given to `concat` to write it in an object: nothing if it is null, as in its digest."""
    for name, (kind, never_null) in columns.items():
        column = f'{row}."{name}"'
        said = f"""', "{name}": ', {_value(column, kind)}"""
        if kind == "jsonb":
            column, never_null = f"nullif({column}, 'null')", False
        yield name, said if never_null else f"CASE WHEN {column} IS NOT NULL THEN concat({said}) END"


def concat(pieces: Iterable[str]) -> str:
    """Return the SQL that joins texts, however many, as one."""
    given = list(pieces)
    groups = [", ".join(given[n : n + _PIECES]) for n in range(0, len(given), _PIECES)]
    return f"concat({groups[0]})" if len(groups) == 1 else concat(f"concat({group})" for group in groups)


def digest_of_columns(table: str, row: str, columns: Columns, lists: Mapping[str, str] | None = None) -> str | None:
    """The SQL of the digest of a row with these columns; lists: what else its leaf has, as SQL of numbers and commas.

    None where a column is of a type not written here, or the first of its text may be null.
    """
    if not are_plain(columns):
        return None
    members = dict(_members(row, columns))
    for name, numbers in (lists or {}).items():
        members[name] = f"""CASE WHEN {numbers} IS NOT NULL THEN concat(', "{name}": [', {numbers}, ']') END"""
    first, *rest = (members[name] for name in sorted(members, key=lambda name: (len(name), name)))  # as jsonb does
    if not first.startswith("', "):
        return None
    text = concat([f"'{table} {{{first.removeprefix("', ")}", *rest, "'}'"])
    return f"sha256(convert_to({text}, 'UTF8'))"
