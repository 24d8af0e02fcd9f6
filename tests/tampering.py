"""Change a copy of a database as whoever administers it could: any row of any table, its guards put aside."""

from typing import Any

ABSENT, STRANGE = 999_998, 999_999
FORGED = (999_991, 999_993, 999_995)
"""Rows of nothing that are put with their leaves in a table that has few, as if an act had recorded them."""
_VALUES = {
    "character varying": "chr(97 + {0} % 26)",
    "text": "chr(97 + {0} % 26)",
    "bigint": "{0} - 1",
    "integer": "{0} - 1",
    "smallint": "{0} % 100",
    "boolean": "false",
    "date": "DATE '2024-01-01' + {0} % 100",
    "jsonb": "'{{}}'",
    "timestamp with time zone": "now() + {0} % 100 * interval '1 s'",
    "ARRAY": "'{{}}'",
    "bytea": "int4send({0})",
    "numeric": "1",
    "double precision": "1",
    "time without time zone": "'10:00'",
    "interval": "'1 day'",
}
_OTHER = {
    "character varying": "'z'",
    "text": "'z'",
    "boolean": "NOT {0}",
    "timestamp with time zone": "{0} + interval '1 s'",
    "date": "{0} + 1",
    "bigint": "{0} + 5",
    "integer": "{0} + 5",
    "smallint": "{0} + 5",
}


_UNIQUE = """
    SELECT CASE WHEN c.conname IS NULL THEN format('DROP INDEX %%s', i.indexrelid::regclass)
        ELSE format('ALTER TABLE %%s DROP CONSTRAINT %%I CASCADE', i.indrelid::regclass, c.conname) END
    FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.conrelid = i.indrelid
        AND c.contype IN ('u', 'x')
    WHERE i.indrelid = %s::regclass AND (i.indisunique OR i.indisexclusion) AND NOT i.indisprimary"""


def disarm(admin: Any) -> None:
    """Put aside the guards of a connection of the superuser, and drop what the tables check of a row."""
    admin.execute("SET session_replication_role = replica")
    checks = admin.execute(
        "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint"
        " WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
    )
    for (order,) in checks.fetchall():
        admin.execute(order)


def _columns(admin: Any, table: str) -> list[tuple[str, str, bool]]:
    """Name, type and whether a new row must bring it, of each column."""
    rows = admin.execute(
        "SELECT column_name, data_type, is_nullable = 'NO' AND column_default IS NULL FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
        [table],
    )
    return list(rows.fetchall())


def alter(admin: Any, table: str, key: str, which: str = "true") -> str | None:
    """Change a column of the first row of a table, of those that are meant; returns its key, None if there is none."""
    first = f"SELECT {key} FROM {table} WHERE {which} ORDER BY {key} LIMIT 1"  # a cast there would order as text
    row = admin.execute(f"SELECT x.{key}::text FROM ({first}) x").fetchone()
    if row is None:
        return None
    kinds = [(name, kind) for name, kind, _ in _columns(admin, table) if name != key and kind in _OTHER]
    name, kind = min(kinds, key=lambda one: list(_OTHER).index(one[1]))
    admin.execute(f'UPDATE {table} SET "{name}" = {_OTHER[kind].format(name)} WHERE {key}::text = %s', [row[0]])
    return str(row[0])


def remove(admin: Any, table: str, key: str, which: str = "true") -> str | None:
    """Erase the last row of a table that has more than one, of those that are meant; returns its key, None if none."""
    last = f"SELECT {key} FROM {table} WHERE {which} ORDER BY {key} DESC LIMIT 1"
    gone = admin.execute(
        f"DELETE FROM {table} WHERE {key} = ({last}) AND (SELECT count(*) FROM {table}) > 1 RETURNING {key}::text"
    ).fetchone()
    return str(gone[0]) if gone else None


def add(admin: Any, table: str, key: str, number: int = STRANGE) -> str:
    """Put a row of nothing in a table."""
    columns = _columns(admin, table)
    kind = next(kind for name, kind, _ in columns if name == key)
    given = {key: str(number) if kind in ("bigint", "integer") else f"'{number}'"}
    given |= {name: _VALUES[kind].format(number) for name, kind, must in columns if must and name != key}
    names = ", ".join(f'"{name}"' for name in given)
    admin.execute(f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({', '.join(given.values())})")
    return str(number)


def forge(admin: Any, table: str, key: str) -> bool:
    """Record rows of nothing, with the leaves its trigger writes, in a table of fewer than four; returns whether so."""
    if admin.execute(f"SELECT count(*) > 3 FROM {table}").fetchone()[0]:
        return False
    for (order,) in admin.execute(_UNIQUE, [table]).fetchall():
        admin.execute(order)  # rows of nothing are alike
    admin.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_hoja")
    for number in FORGED:
        add(admin, table, key, number)
    admin.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_hoja")
    return True
