"""Compare the guards of a database with those of a freshly migrated one (`guards.json`).

A guard that was changed, taken away or switched off lets rows change; one that was added can change them itself.
"""

import json
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files

from psycopg import Connection
from psycopg.rows import TupleRow

FILE = "guards.json"
_OURS = "n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'"
_FREE = (
    "NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '{0}'::regclass AND d.objid = {1}.oid AND d.deptype = 'e')"
)
_ADDED = "{1}.oid >= 16384 AND " + _FREE  # whatever schema it is in
_NAME = "CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END"
_OF_TABLE = f"JOIN pg_class c ON c.oid = {{0}} JOIN pg_namespace n ON n.oid = c.relnamespace AND {_OURS}"
_OWNER = "(SELECT relowner FROM pg_class WHERE oid = 'public.registry_hoja'::regclass)"


def _role(oid: str) -> str:
    return f"CASE {oid} WHEN 0 THEN 'todos' WHEN {_OWNER} THEN 'el dueño' ELSE pg_get_userbyid({oid})::text END"


def _granted(privileges: str) -> str:
    """Build the query expression of privileges by grantee, in order, without MAINTAIN, absent from some releases."""
    return (
        f"(SELECT string_agg({_role('g.grantee')} || ' ' || g.privilege_type || ' ' || g.is_grantable, ','"
        f" ORDER BY {_role('g.grantee')}, g.privilege_type) FROM aclexplode({privileges}) g"
        " WHERE g.privilege_type <> 'MAINTAIN')"
    )


_KINDS = {
    "esquema": f"""SELECT n.nspname, '', concat_ws(' ', {_role("n.nspowner")},
        {_granted("coalesce(n.nspacl, acldefault('n', n.nspowner))")}) FROM pg_namespace n WHERE {_OURS}""",
    "tabla": f"""SELECT {_NAME}, '', concat_ws(' ', c.relkind, c.relpersistence, c.relrowsecurity,
        c.relforcerowsecurity,
        {_role("c.relowner")}, {
        _granted('''coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char"
        ELSE 'r'::"char" END, c.relowner))''')
    }, CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind NOT IN ('i', 'I', 't') AND {_OURS}""",
    "columna": f"""SELECT {_NAME}, a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull,
        a.attidentity, a.attgenerated, a.attcollation::regcollation, pg_get_expr(e.adbin, e.adrelid),
        {_granted("a.attacl")}) FROM pg_attribute a {_OF_TABLE.format("a.attrelid")}
        LEFT JOIN pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind NOT IN ('i', 'I', 't', 'S')""",
    "índice": f"""SELECT {_NAME}, x.relname, pg_get_indexdef(i.indexrelid) || i.indisvalid || i.indisready
        FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid {_OF_TABLE.format("i.indrelid")}""",
    "restricción": f"""SELECT {_NAME}, o.conname, pg_get_constraintdef(o.oid) || o.convalidated
        FROM pg_constraint o {_OF_TABLE.format("o.conrelid")} WHERE o.contype NOT IN ('n', 't')""",
    "guarda": f"""SELECT {_NAME}, t.tgname, pg_get_triggerdef(t.oid) || t.tgenabled::text
        FROM pg_trigger t {_OF_TABLE.format("t.tgrelid")} WHERE NOT t.tgisinternal OR t.tgenabled <> 'O'""",
    "muro": f"""SELECT {_NAME}, o.polname, concat_ws(' / ', o.polcmd, o.polpermissive,
        (SELECT string_agg({_role("r")}, ',' ORDER BY {_role("r")}) FROM unnest(o.polroles) r),
        pg_get_expr(o.polqual, o.polrelid), 'CHECK', pg_get_expr(o.polwithcheck, o.polrelid))
        FROM pg_policy o {_OF_TABLE.format("o.polrelid")}""",
    "regla": f"""SELECT {_NAME}, w.rulename, pg_get_ruledef(w.oid) || w.ev_enabled::text
        FROM pg_rewrite w {_OF_TABLE.format("w.ev_class")} WHERE c.relkind NOT IN ('v', 'm')""",
    "función": f"""SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || p.proname,
        pg_get_function_identity_arguments(p.oid), concat_ws(' ', {_role("p.proowner")},
        {_granted("coalesce(p.proacl, acldefault('f', p.proowner))")},
        CASE p.prokind WHEN 'a' THEN 'agregado' ELSE pg_get_functiondef(p.oid) END)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid >= 16384 AND NOT EXISTS (
            SELECT FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid JOIN pg_language l ON l.oid = p.prolang
            WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' AND l.lanname = 'c'
                AND p.probin = '$libdir/' || x.extname)""",
    "extensión": "SELECT x.extname, '', x.extnamespace::regnamespace::text FROM pg_extension x",
    "guarda de órdenes": "SELECT e.evtname, '', concat_ws(' ', e.evtevent, e.evtfoid::regproc, e.evtenabled)"
    " FROM pg_event_trigger e",
    "operador": f"""SELECT o.oprname, o.oid::regoperator::text, o.oprcode::text FROM pg_operator o
        WHERE {_ADDED.format("pg_operator", "o")}""",
    "conversión": f"""SELECT format_type(k.castsource, NULL), format_type(k.casttarget, NULL), k.castfunc::regproc::text
        FROM pg_cast k WHERE {_ADDED.format("pg_cast", "k")}""",
    "tipo": f"""SELECT t.typname, t.typnamespace::regnamespace::text, concat_ws(' ', t.typtype, t.typnotnull,
        t.typdefault, format_type(nullif(t.typbasetype, 0), t.typtypmod),
        (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
        FROM pg_type t WHERE t.typrelid = 0 AND t.typelem = 0 AND {_ADDED.format("pg_type", "t")}""",
}

Difference = tuple[str, str, str]
"""Table or function, name of the guard, and what is wrong."""


RELEASE = 18
"""Major version of PostgreSQL with which the file was written: another one writes the same definitions otherwise."""


@cache
def wanted() -> dict[str, dict[str, str]]:
    """Load the digest of each object of a freshly migrated database, by kind."""
    content: dict[str, dict[str, str]] = json.loads(files("sif.filing").joinpath(FILE).read_text(encoding="utf-8"))
    return content


def shape_of(database: Connection[TupleRow]) -> dict[str, dict[str, str]]:
    """Return the digest of the definition of each object of this database, by kind, then by table and name.

    The connection must look for names in `pg_catalog` alone: PostgreSQL then writes every other name with its schema.
    """
    return {
        kind: {
            f"{table} {name}".strip(): sha256(str(text).encode()).hexdigest()[:32]
            for table, name, text in sorted(database.execute(sql).fetchall())
        }
        for kind, sql in _KINDS.items()
    }


def is_comparable(database: Connection[TupleRow]) -> bool:
    """Return whether this PostgreSQL writes definitions as the release of the file does: the same major version."""
    return database.info.server_version // 10_000 == RELEASE


def unlike(database: Connection[TupleRow]) -> Iterator[Difference]:
    """Yield the objects of this database that differ from a freshly migrated database.

    Nothing where the two cannot be compared.
    """
    if not is_comparable(database):
        return
    there = shape_of(database)
    for kind, objects in wanted().items():
        for full in sorted(objects.keys() | there[kind].keys()):
            table, _, name = full.partition(" ")
            if full not in objects:
                yield table, name, f"{kind} que ninguna migración hace"
            elif full not in there[kind]:
                yield table, name, f"falta: {kind}"
            elif objects[full] != there[kind][full]:
                yield table, name, f"{kind} que no es como la hacen las migraciones"
