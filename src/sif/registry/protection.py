"""What the database itself holds, as SQL for migrations: written once, seen in scope, of its own póliza."""


def refuse_change(table: str) -> str:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE of a table."""
    return (
        f"CREATE TRIGGER {table}_inmutable BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION sif_refuse_change();"
        f"CREATE TRIGGER {table}_sin_vaciar BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sif_refuse_change();"
    )


_SCOPE = "coalesce(current_setting('sif.alcance', true), '')"
_ALL = "(SELECT sif_todo())"


def seen_by_setting(column: str) -> str:
    """The condition that walls had before the scope was signed; only migrations of then say it."""
    return (
        f"(SELECT {_SCOPE} = 'todo') OR {column} = ANY "
        f"((SELECT string_to_array(nullif(nullif({_SCOPE}, 'todo'), ''), ',')::bigint[])::bigint[])"
    )


def wall_by_setting(table: str, column: str = "contabilidad_id") -> str:
    """The wall that tables had before the scope was signed; only migrations of then say it."""
    seen = seen_by_setting(column)
    return _enable(table) + f"CREATE POLICY {table}_alcance ON {table} USING ({seen}) WITH CHECK ({seen});"


def withhold_by_setting(table: str) -> str:
    """The reserve that tables had before the scope was signed; only migrations of then say it."""
    whole = f"(SELECT {_SCOPE} = 'todo')"
    return (
        _enable(table)
        + f"CREATE POLICY {table}_reserva ON {table} USING (NOT secreta OR {whole}) WITH CHECK ({whole});"
    )


def _enable(table: str) -> str:
    return f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"


def seen(column: str = "contabilidad_id", kept: str = "sif_libros()") -> str:
    """The condition that a row is in the scope of the connection, by the column that holds its contabilidad.

    `kept` is what the scope holds of that column: `sif_libros()`, `sif_sujetos()`, or a table with a wall of its own.
    The pass is read once for a statement, not once for a row: neither sub-select depends on the row.
    """
    return f"{_ALL} OR {column} IN (SELECT {kept})"


def wall(table: str, reads: str = "", writes: str = "") -> str:
    """Row level security: read what is in the scope of the connection (`seen` unless told), and write that or less."""
    reads = reads or seen()
    return (
        f"{_enable(table)}DROP POLICY IF EXISTS {table}_alcance ON {table};"
        f"CREATE POLICY {table}_alcance ON {table} USING ({reads}) WITH CHECK ({writes or reads});"
    )


def withhold(table: str) -> str:
    """Row level security: rows marked `secreta` only where the scope is everything; only there are any written."""
    return (
        f"{_enable(table)}DROP POLICY IF EXISTS {table}_reserva ON {table};"
        f"CREATE POLICY {table}_reserva ON {table} USING (NOT secreta OR {_ALL}) WITH CHECK ({_ALL});"
    )


def pair(table: str) -> str:
    """A foreign key over both columns, so that a row cannot name one book and hang from another's póliza."""
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_de_su_poliza FOREIGN KEY (poliza_id, contabilidad_id) "
        "REFERENCES books_poliza (id, contabilidad_id) DEFERRABLE INITIALLY DEFERRED;"
    )
