"""Write the SQL of triggers and policies that migrations install."""


def refuse_change(table: str) -> str:
    """Return the triggers that refuse UPDATE, DELETE and TRUNCATE of a table."""
    return (
        f"CREATE TRIGGER {table}_inmutable BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION sif_refuse_change();"
        f"CREATE TRIGGER {table}_sin_vaciar BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sif_refuse_change();"
    )


_SCOPE = "coalesce(current_setting('sif.alcance', true), '')"
ALL = "(SELECT sif_todo())"
"""The SQL condition that the scope is everything, as the scope of the authority is; evaluated once per statement."""


def seen_by_setting(column: str) -> str:
    """Return the condition of walls before the scope was signed; only migrations of that time use it."""
    return (
        f"(SELECT {_SCOPE} = 'todo') OR {column} = ANY "
        f"((SELECT string_to_array(nullif(nullif({_SCOPE}, 'todo'), ''), ',')::bigint[])::bigint[])"
    )


def wall_by_setting(table: str, column: str = "contabilidad_id") -> str:
    """Return the wall of a table before the scope was signed; only migrations of that time use it."""
    seen = seen_by_setting(column)
    return _enable(table) + f"CREATE POLICY {table}_alcance ON {table} USING ({seen}) WITH CHECK ({seen});"


def withhold_by_setting(table: str) -> str:
    """Return the reserve of a table before the scope was signed; only migrations of that time use it."""
    whole = f"(SELECT {_SCOPE} = 'todo')"
    return (
        _enable(table)
        + f"CREATE POLICY {table}_reserva ON {table} USING (NOT secreta OR {whole}) WITH CHECK ({whole});"
    )


def _enable(table: str) -> str:
    return f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"


def seen(column: str = "contabilidad_id", kept: str = "sif_libros()") -> str:
    """Return the SQL condition that a row is in the scope of the connection, by one column of the row.

    `kept` gives the values of that column in the scope: a function (`sif_libros()`, `sif_sujetos()` and others), or a
    table with a wall of its own. The scope is read once per statement, not once per row. A function is read through its
    ranges (`ranges`): each parallel worker would read a set again, and only the leader has the pass.
    """
    if kept.endswith("()"):
        return f"{ALL} OR (SELECT {kept.replace('sif_', 'sif_rangos_')}) @> {column}"
    return f"{ALL} OR {column} IN (SELECT {kept})"


PINNED = "STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
"""The attributes of a function of the scope: the rights of its owner, and no run in a parallel worker."""


def ranges(name: str) -> str:
    """Return the function `sif_rangos_<name>`, which gives the set of `sif_<name>` as one value, never null."""
    return (
        f"CREATE OR REPLACE FUNCTION sif_rangos_{name}() RETURNS int8multirange LANGUAGE sql {PINNED} AS $$ "
        f"SELECT coalesce(range_agg(int8range(n, n, '[]')), '{{}}'::int8multirange) FROM public.sif_{name}() n $$;"
    )


def asked_by(column: str) -> str:
    """Return the condition that a column holds the person of the pass; a pass without a person matches no row."""
    return f"{column} = (SELECT sif_persona())"


def wall(table: str, reads: str = "", writes: str = "") -> str:
    """Return the row level security that limits a table to the scope of the connection.

    reads: the condition to read a row, `seen()` by default. writes: the condition to write a row, `reads` by default.
    """
    reads = reads or seen()
    return (
        f"{_enable(table)}DROP POLICY IF EXISTS {table}_alcance ON {table};"
        f"CREATE POLICY {table}_alcance ON {table} USING ({reads}) WITH CHECK ({writes or reads});"
    )


def reserve(*tables: str) -> str:
    """Return the row level security of tables that only the authority reads and writes."""
    return "".join(wall(table, ALL) for table in tables)


def show(*tables: str, reads: str) -> str:
    """Return the row level security of tables read where `reads` holds, and written only by the authority."""
    return "".join(wall(table, reads, ALL) for table in tables)


def publish(*tables: str) -> str:
    """Return the row level security of tables that anybody reads, and only the authority writes."""
    return "".join(read_by_all(table, ALL) for table in tables)


REGISTRY = "(SELECT sif_registro())"
"""The SQL condition that the scope is the registry, which only services of the registry open, around an insert."""

SOMEBODY = f"{ALL} OR (SELECT sif_persona()) <> 0"
"""The SQL condition that the pass names a person or is of the authority; false without a pass."""


def read_by_all(table: str, inserts: str, *, changes: str = "", locks: bool = False) -> str:
    """Return the row level security of a table that anybody reads, and that accepts rows where `inserts` holds.

    changes: the condition to change or delete rows, `inserts` by default. locks: whether acts of other scopes may lock
    rows of the table, since the database asks the right to update a row in order to lock the row.
    """
    lock = (
        f"DROP POLICY IF EXISTS {table}_candado ON {table};"
        f"CREATE POLICY {table}_candado ON {table} FOR UPDATE USING (true) WITH CHECK (false);"
    )
    return (
        wall(table, changes or inserts, inserts)
        + f"DROP POLICY IF EXISTS {table}_publica ON {table};"
        + f"CREATE POLICY {table}_publica ON {table} FOR SELECT USING (true);"
        + (lock if locks else "")
    )


def signed_by_pass(table: str, author: str) -> str:
    """Return the policy of an author before passes had the field of acts; only migrations of that time use it."""
    return _signed(table, author, "sif_persona()")


def signed(table: str, author: str) -> str:
    """Return the row level security that admits a record only in an act of its author, besides any other policy.

    author: the column, or the SQL, of the author. A record without author enters in an act of nobody. Commands that
    write the acts of many people use the pass of `scope.WHOEVER_SIGNS`.
    """
    return _signed(table, author, "sif_autor()")


def _signed(table: str, author: str, person: str) -> str:
    return (
        f"DROP POLICY IF EXISTS {table}_autor ON {table};"
        f"CREATE POLICY {table}_autor ON {table} AS RESTRICTIVE FOR INSERT WITH CHECK "
        f"(coalesce({author}, 0) = (SELECT {person}) OR (SELECT {person}) = -1);"
    )


def of_an_act(table: str) -> str:
    """Return the row level security that admits a record without author only within an act (`scope.acting`)."""
    return (
        f"CREATE POLICY {table}_acto ON {table} AS RESTRICTIVE FOR INSERT WITH CHECK "
        "((SELECT sif_autor()) IS NOT NULL);"
    )


def worked_on_in_an_act(table: str) -> str:
    """Return the row level security that limits writes of working state to an act (`scope.acting`).

    An insert or a change outside an act is refused; a DELETE outside an act deletes no row and raises no error.
    """
    acts = "(SELECT sif_autor()) IS NOT NULL"
    return of_an_act(table) + (
        f"CREATE POLICY {table}_cambio_acto ON {table} AS RESTRICTIVE FOR UPDATE WITH CHECK ({acts});"
        f"CREATE POLICY {table}_baja_acto ON {table} AS RESTRICTIVE FOR DELETE USING ({acts});"
    )


def of_its_act(table: str, column: str, act: str, key: str = "id") -> str:
    """Return a trigger that refuses a row whose act, named by a column, was written in another transaction.

    A row without an author of its own has the author of its act, because one transaction writes both.
    """
    return (
        f"CREATE TRIGGER {table}_de_su_acto BEFORE INSERT ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION sif_with_its_act('{column}', '{act}', '{key}');"
    )


def cited(table: str, condition: str) -> str:
    """Return a trigger that refuses, at the end of the transaction, a row that no act of the transaction cites.

    condition: the SQL that finds the act of NEW. Use `cited` for rows written before their act, and `of_its_act` for
    rows written after their act.
    """
    return (
        f"CREATE FUNCTION sif_cited_{table}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
        "SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN "
        f"IF ({condition}) IS NOT TRUE THEN "
        f"RAISE EXCEPTION 'La fila % de {table} no la cita ningún acto: entra con el suyo.', NEW.id "
        "USING ERRCODE = 'insufficient_privilege'; END IF; RETURN NULL; END $$;"
        f"CREATE CONSTRAINT TRIGGER {table}_de_su_acto AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED "
        f"FOR EACH ROW EXECUTE FUNCTION sif_cited_{table}();"
    )


def follows(table: str, column: str, answered: str) -> str:
    """Return a trigger that refuses a row written before the row that it answers, named by a column.

    Foreign keys are checked at the end of the transaction, and a guard that reads a missing row would find no fault.
    """
    return (
        f"CREATE TRIGGER {table}_despues_de BEFORE INSERT ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION sif_follow('{column}', '{answered}');"
    )


def not_ahead(table: str, moment: str) -> str:
    """Return a trigger that refuses an act with a time (column `moment`) over an hour ahead of the database."""
    return (
        f"CREATE TRIGGER {table.partition('_')[2]}_no_futura BEFORE INSERT ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION sif_guard_ahora('{moment}');"
    )


def hold(table: str, *columns: str) -> str:
    """Return a trigger that refuses changes of some columns of a table, for instance the owner of a credential."""
    names = ", ".join(f"'{each}'" for each in columns)
    return (
        f"CREATE OR REPLACE TRIGGER {table}_de_quien BEFORE UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION sif_hold_columns({names});"
    )


def second_eye(table: str, column: str, when: str = "") -> str:
    """Return a trigger that refuses an account without RFC in a column; `when` limits the rows checked."""
    narrowed = f"WHEN ({when}) " if when else ""
    return (
        f"CREATE TRIGGER {table}_con_rfc BEFORE INSERT ON {table} "
        f"FOR EACH ROW {narrowed}EXECUTE FUNCTION sif_with_rfc('{column}');"
    )


def pair(table: str) -> str:
    """Return a foreign key over the póliza and its books, so that no row names the póliza of other books."""
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_de_su_poliza FOREIGN KEY (poliza_id, contabilidad_id) "
        "REFERENCES books_poliza (id, contabilidad_id) DEFERRABLE INITIALLY DEFERRED;"
    )


def of_same_books(table: str, column: str, parent: str) -> str:
    """Return a foreign key over a row and its contabilidad, so that an act names the contabilidad of that row.

    The other table needs a unique constraint over (id, contabilidad_id).
    """
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_de_sus_libros FOREIGN KEY ({column}, contabilidad_id) "
        f"REFERENCES {parent} (id, contabilidad_id) DEFERRABLE INITIALLY DEFERRED;"
    )


LOG_LOCK = 7346101
"""The advisory lock of the log of records: shared to write a leaf, exclusive for a cut to read the leaves."""

CUT_LOCK = 7346102
"""The advisory lock of cuts: one cut at a time, so that each cut continues the cut before."""

IN_TREE = "huella || sal"
"""The SQL of the value of a leaf in its tree: 64 bytes, the digest of its row and its salt."""

_DIGEST = """sha256(convert_to({name} || ' ' || (CASE WHEN EXISTS (
    SELECT FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = {oid} AND a.atttypid = 'pg_catalog.jsonb'::pg_catalog.regtype AND a.attnum > 0)
    THEN (SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each({row}) e WHERE e.value <> 'null'::jsonb)
    ELSE jsonb_strip_nulls({row}) END)::text, 'UTF8'))"""


def digest_of_row(name: str, oid: str, row: str) -> str:
    """Return the SQL of the digest of a row: SHA-256 of the name of its table, a space and its columns not null.

    The row and its columns are text of jsonb, with times in UTC and bytes in hexadecimal. Since null columns are left
    out, a new column keeps the digest of older rows. The content of a JSON column enters whole, nulls included.
    """
    return _DIGEST.format(name=name, oid=oid, row=row)


def record(table: str, *, key: str = "id", leaves: bool = True, lock: bool = False) -> str:
    """Return the SQL that makes a table a record: rows never change or go, and each has a leaf in `registry_hoja`.

    leaves: False for rows covered by the digest of their póliza. lock: True where acts lock a row of the table, which
    needs the privilege to update its key; the trigger refuses the update all the same.
    """
    wanted = f"GRANT UPDATE ({key}) ON {table} TO sif_app;" if lock else ""
    return (
        f"CREATE OR REPLACE TRIGGER {table}_inmutable BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION sif_refuse_record();"
        f"CREATE OR REPLACE TRIGGER {table}_sin_vaciar BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sif_refuse_record();"
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'sif_app') THEN "
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM sif_app;{wanted} END IF; END $$;"
    ) + (_leaves(table, key) if leaves else "")


def _leaves(table: str, key: str) -> str:
    """Return the SQL that gives a leaf to each row of a table, and to each row inserted later."""
    digest = digest_of_row(f"'{table}'", f"'{table}'::regclass", "x.j")
    return (
        "SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex';"
        "INSERT INTO registry_hoja (tabla, fila, contabilidad_id, huella) "
        f"SELECT '{table}', x.j ->> '{key}', (x.j ->> 'contabilidad_id')::bigint, {digest} "
        f"FROM {table} r CROSS JOIN LATERAL (SELECT to_jsonb(r.*) AS j OFFSET 0) x ORDER BY r.{key} "
        "ON CONFLICT (tabla, fila) DO NOTHING;"
        f"CREATE OR REPLACE TRIGGER {table}_hoja AFTER INSERT ON {table} REFERENCING NEW TABLE AS nuevas "
        f"FOR EACH STATEMENT EXECUTE FUNCTION sif_log_rows('{key}');"
    )


def versioned(table: str) -> str:
    """Return the SQL that makes a table of `Version` rows a record numbered by the database; old rows are version 1."""
    return (
        f"UPDATE {table} SET identidad = id, version = 1 WHERE version = 0;"
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_primera CHECK ((reemplaza_a_id IS NULL) = (version = 1)),"
        f" ADD CONSTRAINT {table}_version_unica UNIQUE (identidad, version);"
        f"CREATE TRIGGER {table}_version BEFORE INSERT ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION sif_number_version();"
    ) + record(table)


CLOSE_TRIGGERS = """
DO $$ DECLARE each record; BEGIN
    FOR each IN SELECT p.oid::regprocedure AS function FROM pg_catalog.pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype = 'pg_catalog.trigger'::regtype
          AND p.proowner = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user) LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', each.function);
    END LOOP;
END $$;
"""
"""Revoke from all but the owner the right to execute functions of triggers.

A role with that right could use such a function as a trigger of a table of its own. The triggers of our tables still
run, since the right is asked of the role that creates a trigger. `sif migrar` ends with this SQL.
"""


CLOSE_MIGRATIONS = """
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'sif_app') THEN
    REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM sif_app;
END IF; END $$;
"""
"""Revoke from the application the writes of the migrations table: a forged row would make `sif migrar` skip one."""


def reached(table: str, key: str, cited: str, *scopes: str) -> str:
    """Return the row level security of a table read where its key is visible in another table, or in some scopes.

    cited: the other table and its column, as `table.column`: a table with a wall of its own, or a view of the owner
    with the scope as condition. The other table is queried by key for each row, not loaded whole, since a page reads
    few rows. scopes: the conditions under which the rows are read too, and the only ones under which rows are written.
    """
    source, column = cited.split(".")
    own = " OR ".join(scopes)
    found = f"(SELECT true FROM {source} v WHERE v.{column} = {table}.{key} LIMIT 1)"
    return f"DROP POLICY IF EXISTS {table}_publica ON {table};" + wall(table, f"{own} OR {found}", own)


def shut_view(view: str) -> str:
    """Return the SQL that lets the application only read a view of the owner, with a barrier before its condition."""
    return (
        f"ALTER VIEW {view} SET (security_barrier = true);"
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'sif_app') THEN "
        f"REVOKE ALL ON {view} FROM sif_app; GRANT SELECT ON {view} TO sif_app; END IF; END $$;"
    )
