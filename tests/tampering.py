"""Change a copy of a database as whoever administers it could: any row of any table, its guards put aside."""

from typing import Any

ABSENT, STRANGE = 999_998, 999_999
_VALUES = {
    "character varying": "'x'", "text": "'x'", "bigint": str(ABSENT), "integer": str(ABSENT), "smallint": "7",
    "boolean": "false", "date": "DATE '2024-01-01'", "timestamp with time zone": "now()", "jsonb": "'{}'",
    "ARRAY": "'{}'", "bytea": "'\\x00'", "numeric": "1", "double precision": "1", "time without time zone": "'10:00'",
    "interval": "'1 day'",
}  # fmt: skip
_OTHER = {
    "character varying": "'z'", "text": "'z'", "boolean": "NOT {0}", "timestamp with time zone": "{0} + interval '1 s'",
    "date": "{0} + 1", "bigint": "{0} + 5", "integer": "{0} + 5", "smallint": "{0} + 5",
}  # fmt: skip


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


def alter(admin: Any, table: str, key: str) -> str | None:
    """Change a column of the first row of a table; returns its key, None if the table is empty."""
    row = admin.execute(f"SELECT {key}::text FROM {table} ORDER BY {key} LIMIT 1").fetchone()
    if row is None:
        return None
    kinds = [(name, kind) for name, kind, _ in _columns(admin, table) if name != key and kind in _OTHER]
    name, kind = min(kinds, key=lambda one: list(_OTHER).index(one[1]))
    admin.execute(f'UPDATE {table} SET "{name}" = {_OTHER[kind].format(name)} WHERE {key}::text = %s', [row[0]])
    return str(row[0])


def add(admin: Any, table: str, key: str) -> str:
    """Put a row of nothing in a table."""
    columns = _columns(admin, table)
    kind = next(kind for name, kind, _ in columns if name == key)
    given = {key: str(STRANGE) if kind in ("bigint", "integer") else f"'{STRANGE}'"}
    given |= {name: _VALUES[kind] for name, kind, must in columns if must and name != key}
    names = ", ".join(f'"{name}"' for name in given)
    admin.execute(f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({', '.join(given.values())})")
    return str(STRANGE)
