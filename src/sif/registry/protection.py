"""Write the SQL of triggers and policies that migrations install."""


def refuse_change(table: str) -> str:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE of a table."""
    return (
        f"CREATE TRIGGER {table}_inmutable BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION sif_refuse_change();"
        f"CREATE TRIGGER {table}_sin_vaciar BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sif_refuse_change();"
    )


_SCOPE = "coalesce(current_setting('sif.alcance', true), '')"
ALL = "(SELECT sif_todo())"
"""The condition that the scope is everything, as the authority's is; asked once for a statement."""


def seen_by_setting(column: str) -> str:
    """Return the condition that walls had before the scope was signed; only migrations of then say it."""
    return (
        f"(SELECT {_SCOPE} = 'todo') OR {column} = ANY "
        f"((SELECT string_to_array(nullif(nullif({_SCOPE}, 'todo'), ''), ',')::bigint[])::bigint[])"
    )


def wall_by_setting(table: str, column: str = "contabilidad_id") -> str:
    """Return the wall that tables had before the scope was signed; only migrations of then say it."""
    seen = seen_by_setting(column)
    return _enable(table) + f"CREATE POLICY {table}_alcance ON {table} USING ({seen}) WITH CHECK ({seen});"


def withhold_by_setting(table: str) -> str:
    """Return the reserve that tables had before the scope was signed; only migrations of then say it."""
    whole = f"(SELECT {_SCOPE} = 'todo')"
    return (
        _enable(table)
        + f"CREATE POLICY {table}_reserva ON {table} USING (NOT secreta OR {whole}) WITH CHECK ({whole});"
    )


def _enable(table: str) -> str:
    return f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"


def seen(column: str = "contabilidad_id", kept: str = "sif_libros()") -> str:
    """Return the condition that a row is in the scope of the connection, by a column of it.

    `kept` is what the scope holds of that column: `sif_libros()`, `sif_sujetos()` or another of its functions, or a
    table with a wall of its own. The scope is read once for a statement, not once for a row. A function is asked for
    its ranges: a set would have to be read again by each parallel worker, and the pass is of its leader alone.
    """
    if kept.endswith("()"):
        return f"{ALL} OR (SELECT {kept.replace('sif_', 'sif_rangos_')}) @> {column}"
    return f"{ALL} OR {column} IN (SELECT {kept})"


PINNED = "STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
"""What every function of the scope is: it reads with the rights of the owner, and never in a parallel worker."""


def ranges(name: str) -> str:
    """Return the function `sif_rangos_<name>`: what `sif_<name>` gives, as one value. It is never null."""
    return (
        f"CREATE OR REPLACE FUNCTION sif_rangos_{name}() RETURNS int8multirange LANGUAGE sql {PINNED} AS $$ "
        f"SELECT coalesce(range_agg(int8range(n, n, '[]')), '{{}}'::int8multirange) FROM public.sif_{name}() n $$;"
    )


def asked_by(column: str) -> str:
    """Return the condition that the person of the pass is the one in a column; a pass without a person is nobody's."""
    return f"{column} = (SELECT sif_persona())"


def wall(table: str, reads: str = "", writes: str = "") -> str:
    """Row level security: read what is in the scope of the connection (`seen` unless told), and write that or less."""
    reads = reads or seen()
    return (
        f"{_enable(table)}DROP POLICY IF EXISTS {table}_alcance ON {table};"
        f"CREATE POLICY {table}_alcance ON {table} USING ({reads}) WITH CHECK ({writes or reads});"
    )


def reserve(*tables: str) -> str:
    """Row level security: tables that the authority alone reads and writes."""
    return "".join(wall(table, ALL) for table in tables)


def show(*tables: str, reads: str) -> str:
    """Row level security: read what `reads` says, and write in the authority's scope alone."""
    return "".join(wall(table, reads, ALL) for table in tables)


def publish(*tables: str) -> str:
    """Row level security: tables that anybody reads, and the authority's scope alone writes."""
    return "".join(read_by_all(table, ALL) for table in tables)


REGISTRY = "(SELECT sif_registro())"
"""The condition that the scope is the registry's own, which only its services open, around an insert."""

SOMEBODY = f"{ALL} OR (SELECT sif_persona()) <> 0"
"""The condition that the pass names a person, or is the authority's: nobody without a pass."""


def read_by_all(table: str, inserts: str, *, changes: str = "", locks: bool = False) -> str:
    """Row level security: a table that anybody reads, and that takes rows where `inserts` holds.

    changes: where rows may be changed or erased, if not there. locks: whether acts of other scopes lock its rows,
    which the database takes for a change that changes nothing.
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
    """Return the policy of an author before passes said whether they act; only migrations of then say it."""
    return _signed(table, author, "sif_persona()")


def signed(table: str, author: str) -> str:
    """Row level security: a record of a person enters in an act of that person, whatever else it may enter by.

    author: the column, or the SQL, of who acted. One that says nobody enters in an act of nobody; commands that make
    the acts of many write under the pass of whoever signs (`scope.WHOEVER_SIGNS`).
    """
    return _signed(table, author, "sif_autor()")


def _signed(table: str, author: str, person: str) -> str:
    return (
        f"DROP POLICY IF EXISTS {table}_autor ON {table};"
        f"CREATE POLICY {table}_autor ON {table} AS RESTRICTIVE FOR INSERT WITH CHECK "
        f"(coalesce({author}, 0) = (SELECT {person}) OR (SELECT {person}) = -1);"
    )


def of_an_act(table: str) -> str:
    """Row level security: a record that says no author enters in an act all the same (`scope.acting`)."""
    return (
        f"CREATE POLICY {table}_acto ON {table} AS RESTRICTIVE FOR INSERT WITH CHECK "
        "((SELECT sif_autor()) IS NOT NULL);"
    )


def worked_on_in_an_act(table: str) -> str:
    """Row level security: working state that acts are made of enters, changes and goes in an act alone.

    A DELETE outside one hides its rows and says nothing; what enters or changes is refused.
    """
    acts = "(SELECT sif_autor()) IS NOT NULL"
    return of_an_act(table) + (
        f"CREATE POLICY {table}_cambio_acto ON {table} AS RESTRICTIVE FOR UPDATE WITH CHECK ({acts});"
        f"CREATE POLICY {table}_baja_acto ON {table} AS RESTRICTIVE FOR DELETE USING ({acts});"
    )


def of_its_act(table: str, column: str, act: str, key: str = "id") -> str:
    """Return a trigger that refuses a row of a table where the act that its column names was not written with it.

    What hangs from an act without an author of its own is of its author because one transaction writes both.
    """
    return (
        f"CREATE TRIGGER {table}_de_su_acto BEFORE INSERT ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION sif_with_its_act('{column}', '{act}', '{key}');"
    )


def cited(table: str, condition: str) -> str:
    """Return a trigger that refuses, when its transaction ends, a row of a table that no act of it cites.

    condition: the SQL that finds the act of NEW. It is for what enters before its act; `of_its_act`, for what follows.
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
    """Return a trigger that refuses a row of a table that enters before the one it answers, which its column names.

    References are judged when the transaction ends, and a guard that reads what is not there yet finds nothing wrong.
    """
    return (
        f"CREATE TRIGGER {table}_despues_de BEFORE INSERT ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION sif_follow('{column}', '{answered}');"
    )


def not_ahead(table: str, moment: str) -> str:
    """Return a trigger that refuses an act dated ahead of the clock of the database, in the column of its moment."""
    return (
        f"CREATE TRIGGER {table.partition('_')[2]}_no_futura BEFORE INSERT ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION sif_guard_ahora('{moment}');"
    )


def hold(table: str, *columns: str) -> str:
    """Return a trigger that refuses to change these columns of a table: whose a credential is does not change."""
    names = ", ".join(f"'{each}'" for each in columns)
    return (
        f"CREATE OR REPLACE TRIGGER {table}_de_quien BEFORE UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION sif_hold_columns({names});"
    )


def second_eye(table: str, column: str, when: str = "") -> str:
    """Return a trigger that refuses the act of a second person without an RFC, in a column; `when` narrows its rows."""
    narrowed = f"WHEN ({when}) " if when else ""
    return (
        f"CREATE TRIGGER {table}_con_rfc BEFORE INSERT ON {table} "
        f"FOR EACH ROW {narrowed}EXECUTE FUNCTION sif_with_rfc('{column}');"
    )


def withhold(table: str) -> str:
    """Row level security: rows marked `secreta` only where the scope is everything; only there are any written."""
    return (
        f"{_enable(table)}DROP POLICY IF EXISTS {table}_reserva ON {table};"
        f"CREATE POLICY {table}_reserva ON {table} USING (NOT secreta OR {ALL}) WITH CHECK ({ALL});"
    )


def pair(table: str) -> str:
    """Return a foreign key over both columns, so that a row cannot name one book and hang from another's póliza."""
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_de_su_poliza FOREIGN KEY (poliza_id, contabilidad_id) "
        "REFERENCES books_poliza (id, contabilidad_id) DEFERRABLE INITIALLY DEFERRED;"
    )


def of_same_books(table: str, column: str, parent: str) -> str:
    """Return a foreign key over both columns, so that an act names the contabilidad of the row that it is about.

    The other table needs a unique constraint over (id, contabilidad_id).
    """
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_de_sus_libros FOREIGN KEY ({column}, contabilidad_id) "
        f"REFERENCES {parent} (id, contabilidad_id) DEFERRABLE INITIALLY DEFERRED;"
    )


LOG_LOCK = 7346101
"""The advisory lock of the log of records: shared by whoever writes a leaf, exclusive while a cut looks."""

CUT_LOCK = 7346102
"""The advisory lock of the cut itself: one at a time, so that each continues the one before."""

IN_TREE = "huella || sal"
"""The SQL of what a leaf puts in its tree: 64 bytes, the digest of its row and its salt."""

_DIGEST = """sha256(convert_to({name} || ' ' || (CASE WHEN EXISTS (
    SELECT FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = {oid} AND a.atttypid = 'pg_catalog.jsonb'::pg_catalog.regtype AND a.attnum > 0)
    THEN (SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each({row}) e WHERE e.value <> 'null'::jsonb)
    ELSE jsonb_strip_nulls({row}) END)::text, 'UTF8'))"""


def digest_of_row(name: str, oid: str, row: str) -> str:
    """The SQL of the digest of a row given as jsonb: SHA-256 of its table's name, a space and its columns not null.

    They are as jsonb writes them, in UTC, bytes in hexadecimal. A column added later leaves the digest of the rows
    before it as it was; what stands inside a JSON column is taken whole, its nulls too.
    """
    return _DIGEST.format(name=name, oid=oid, row=row)


def record(table: str, *, key: str = "id", leaves: bool = True, lock: bool = False) -> str:
    """Make a table a record: nothing in it changes or goes, and each of its rows has a leaf in `registry_hoja`.

    `leaves=False` for the rows that the digest of their póliza covers. `lock=True` where acts lock a row of it: that
    needs the privilege to update its key, which the trigger refuses all the same.
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
    """Give a leaf to each row that is there and to each that enters."""
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
    """Make a table of `Version` rows a record whose versions the database numbers; rows that are there are first."""
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
"""Take from everybody but the owner the functions of triggers: who may execute one hangs it from a table of their own.

The triggers of our tables go on calling them, since only who makes a trigger is asked. `sif migrar` ends with this.
"""


CLOSE_MIGRATIONS = """
DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'sif_app') THEN
    REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM sif_app;
END IF; END $$;
"""
"""Take from the application the list of migrations: a line written beforehand would have `sif migrar` skip one."""


def reached(table: str, key: str, cited: str, *scopes: str) -> str:
    """Row level security: rows of a table whose key the scope finds in another, and those of these scopes.

    cited: the other and its column, as `table.column`: a table with a wall of its own, or a view of the owner that says
    the scope. It is asked by key for each row that is read, never gathered whole: a page reads few of very many.
    """
    source, column = cited.split(".")
    own = " OR ".join(scopes)
    found = f"(SELECT true FROM {source} v WHERE v.{column} = {table}.{key} LIMIT 1)"
    return f"DROP POLICY IF EXISTS {table}_publica ON {table};" + wall(table, f"{own} OR {found}", own)


def shut_view(view: str) -> str:
    """Let the application read a view of the owner and nothing more, each row after its condition holds."""
    return (
        f"ALTER VIEW {view} SET (security_barrier = true);"
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'sif_app') THEN "
        f"REVOKE ALL ON {view} FROM sif_app; GRANT SELECT ON {view} TO sif_app; END IF; END $$;"
    )
