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


def seen(column: str) -> str:
    """The condition that a row is in the scope of the connection, by the column that holds its contabilidad.

    The scope is read once for a statement, not once for a row: neither sub-select depends on the row.
    """
    return (
        f"(SELECT {_SCOPE} = 'todo') OR {column} = ANY "
        f"((SELECT string_to_array(nullif(nullif({_SCOPE}, 'todo'), ''), ',')::bigint[])::bigint[])"
    )


def wall(table: str, column: str = "contabilidad_id") -> str:
    """Row level security: only the rows of the contabilidades in the scope of the connection."""
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY {table}_alcance ON {table} USING ({seen(column)}) WITH CHECK ({seen(column)});"
    )


def pair(table: str) -> str:
    """A foreign key over both columns, so that a row cannot name one book and hang from another's póliza."""
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_de_su_poliza FOREIGN KEY (poliza_id, contabilidad_id) "
        "REFERENCES books_poliza (id, contabilidad_id) DEFERRABLE INITIALLY DEFERRED;"
    )


def withhold(table: str) -> str:
    """Row level security: rows marked `secreta` only where the scope is everything; only there are any written."""
    everything = f"(SELECT {_SCOPE} = 'todo')"
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY {table}_reserva ON {table} USING (NOT secreta OR {everything}) WITH CHECK ({everything});"
    )
