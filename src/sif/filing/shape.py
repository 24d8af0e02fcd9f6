"""Compare what guards the record in a database with what the migrations of this program make: functions, triggers,
walls. A guard that was changed, taken away or switched off lets rows change; one that was added can change them itself.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import DeleteModel, RunSQL
from psycopg import Connection

from sif.registry.tables import TABLES, Kind

_ONE = re.compile(
    r"CREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\s+(?P<function>[\w.]+)\s*\(.*?\bAS\s+\$(?P<tag>\w*)\$(?P<body>.*?)\$(?P=tag)\$"
    r"|DROP\s+FUNCTION\s+(?:IF\s+EXISTS\s+)?(?P<no_functions>[^;]+)"
    r"|CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?TRIGGER\s+(?P<trigger>\w+)\s.*?\bON\s+(?P<on>\w+)"
    r".*?EXECUTE\s+(?:FUNCTION|PROCEDURE)\s+(?P<calls>\w+)"
    r"|DROP\s+TRIGGER\s+(?:IF\s+EXISTS\s+)?(?P<no_trigger>\w+)\s+ON\s+(?P<off>\w+)"
    r"|ALTER\s+(?:FUNCTION\s+(?P<old>\w+)(?:\([^)]*\))?|TRIGGER\s+(?P<old_trigger>\w+)\s+ON\s+(?P<renamed_on>\w+))"
    r"\s+RENAME\s+TO\s+(?P<new>\w+)"
    r"|CREATE\s+POLICY\s+(?P<policy>\w+)\s+ON\s+(?P<walled>\w+)(?P<text>[^;]*)"
    r"|DROP\s+POLICY\s+(?:IF\s+EXISTS\s+)?(?P<no_policy>\w+)\s+ON\s+(?P<unwalled>\w+)",
    re.DOTALL | re.IGNORECASE,
)
_OPEN = re.compile(r"USING\s*\(\s*true\s*\)", re.IGNORECASE)  # what the law publishes, everybody reads
_FUNCTIONS = (
    "SELECT n.nspname, p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
    " WHERE n.nspname IN ('public', 'sif_privado') AND NOT EXISTS"
    " (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')"
)
_TRIGGERS = (
    "SELECT t.tgname, c.relname, p.proname, t.tgenabled::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace"
)
_POLICIES = (
    "SELECT o.polname, c.relname, c.relrowsecurity,"
    " pg_get_expr(o.polqual, o.polrelid) LIKE '%sif_todo()%' FROM pg_policy o JOIN pg_class c ON c.oid = o.polrelid"
    " WHERE c.relnamespace = 'public'::regnamespace"
)
_KINDS = "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s)"
_RULES = "SELECT tablename, rulename FROM pg_rules WHERE schemaname = 'public' AND tablename = ANY(%s)"

Difference = tuple[str, str, str]
"""Table or function, name of the guard, and what is wrong."""


@dataclass(slots=True)
class Shape:
    """What the migrations leave: bodies of functions, what each trigger calls, policies and whether all may read."""

    functions: dict[str, str] = field(default_factory=dict)
    triggers: dict[tuple[str, str], str] = field(default_factory=dict)
    policies: dict[tuple[str, str], bool] = field(default_factory=dict)


@cache
def shape_of_migrations() -> Shape:
    """Read every migration in its order and keep what its SQL leaves; nothing is executed."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    shape = Shape()
    plan = loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True)
    for node in plan:
        for operation in loader.get_migration(*node).operations:
            if isinstance(operation, DeleteModel):
                _forget(shape, f"{node[0]}_{operation.name.lower()}")
            for text in _texts(operation):
                _replay(shape, text)
    return shape


def _texts(operation: object) -> Iterable[str]:
    if not isinstance(operation, RunSQL):
        return
    parts = [operation.sql] if isinstance(operation.sql, str) else operation.sql
    for part in parts:
        yield part if isinstance(part, str) else part[0]


def _replay(shape: Shape, text: str) -> None:
    for found in _ONE.finditer(text):
        if found["function"]:
            shape.functions[found["function"].removeprefix("public.")] = found["body"]
        elif found["no_functions"]:
            for name in re.findall(r"([\w.]+)\s*\(", found["no_functions"] + "("):
                shape.functions.pop(name.removeprefix("public."), None)
        elif found["trigger"]:
            shape.triggers[found["on"], found["trigger"]] = found["calls"]
        elif found["no_trigger"]:
            shape.triggers.pop((found["off"], found["no_trigger"]), None)
        elif found["old"]:
            shape.functions[found["new"]] = shape.functions.pop(found["old"])
            shape.triggers = {
                key: found["new"] if calls == found["old"] else calls for key, calls in shape.triggers.items()
            }
        elif found["old_trigger"]:
            calls = shape.triggers.pop((found["renamed_on"], found["old_trigger"]))
            shape.triggers[found["renamed_on"], found["new"]] = calls
        elif found["policy"]:
            shape.policies[found["walled"], found["policy"]] = bool(_OPEN.search(found["text"]))
        else:
            shape.policies.pop((found["unwalled"], found["no_policy"]), None)


def _forget(shape: Shape, table: str) -> None:
    shape.triggers = {key: calls for key, calls in shape.triggers.items() if key[0] != table}
    shape.policies = {key: is_open for key, is_open in shape.policies.items() if key[0] != table}


def unlike(database: Connection[Any]) -> Iterator[Difference]:
    """What guards this database and is not as the migrations make it."""
    wanted = shape_of_migrations()
    yield from _functions(database, wanted)
    yield from _triggers(database, wanted)
    yield from _walls(database, wanted)
    records = sorted(name for name, kind in TABLES.items() if kind is Kind.RECORD)
    there = dict(database.execute(_KINDS, [records]).fetchall())
    yield from ((name, "", "falta la tabla") for name in records if name not in there)
    yield from ((name, "", "no es una tabla ordinaria") for name, kind in sorted(there.items()) if kind != "r")
    yield from ((table, rule, "tiene una regla que ninguna migración hace") for table, rule in
                database.execute(_RULES, [records]).fetchall())  # fmt: skip


def _functions(database: Connection[Any], wanted: Shape) -> Iterator[Difference]:
    seen = set()
    for schema, name, source in database.execute(_FUNCTIONS).fetchall():
        full = name if schema == "public" else f"{schema}.{name}"
        seen.add(full)
        if full not in wanted.functions:
            yield full, "", "es una función que ninguna migración hace"
        elif source != wanted.functions[full]:
            yield full, "", "la función no es como la hacen las migraciones"
    yield from ((name, "", "falta la función") for name in sorted(wanted.functions.keys() - seen))


def _triggers(database: Connection[Any], wanted: Shape) -> Iterator[Difference]:
    seen = set()
    for name, table, calls, enabled in database.execute(_TRIGGERS).fetchall():
        seen.add((table, name))
        if (table, name) not in wanted.triggers:
            yield table, name, "es una guarda que ninguna migración hace"
        elif calls != wanted.triggers[table, name]:
            yield table, name, "su guarda llama a otra función"
        elif enabled != "O":
            yield table, name, "su guarda falta o está desactivada"
    yield from ((*key, "su guarda falta o está desactivada") for key in sorted(wanted.triggers.keys() - seen))


def _walls(database: Connection[Any], wanted: Shape) -> Iterator[Difference]:
    seen = set()
    for name, table, enabled, asks in database.execute(_POLICIES).fetchall():
        seen.add((table, name))
        if (table, name) not in wanted.policies:
            yield table, name, "es un muro que ninguna migración hace"
        elif not enabled:
            yield table, name, "su muro está desactivado"
        elif not asks and not wanted.policies[table, name]:
            yield table, name, "su muro no pide el pase"
    yield from ((*key, "falta su muro") for key in sorted(wanted.policies.keys() - seen))
