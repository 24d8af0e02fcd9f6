"""A migration after the last release leaves what the older code reads and writes: pages go on while it is applied.

It adds. What is renamed, taken away or asked for without a value waits for the release after the one that ceased to use
it. What a trigger begins to ask of an insert is not seen here: its own test says that the older insert still enters.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

RELEASED = {
    "apportionment": 3,
    "audit": 15,
    "banks": 5,
    "batch": 7,
    "books": 25,
    "catalogs": 11,
    "disclosure": 41,
    "filing": 10,
    "jobs": 4,
    "mail": 3,
    "notices": 3,
    "proceedings": 18,
    "registry": 56,
    "statutes": 1,
}
"""The last migration of each room in the last release, raised when another is made."""
GONE = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)
SQL = re.compile(
    r"\bDROP\s+(?:TABLE|COLUMN|VIEW)\b|\bRENAME\s+(?:TO|COLUMN)\b|\bSET\s+NOT\s+NULL\b|\bALTER\s+COLUMN\s+\w+\s+(?:SET\s+DATA\s+)?TYPE\b",
    re.IGNORECASE,
)
COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def texts(sql: Any) -> str:
    parts = [sql] if isinstance(sql, str) else [each if isinstance(each, str) else each[0] for each in sql]
    return COMMENT.sub("", "\n".join(parts))


def faults(operation: Operation, app: str, before: ProjectState) -> Iterator[str]:
    """Yield what of an operation the older code would not bear."""
    if isinstance(operation, GONE):
        yield f"{type(operation).__name__}: el código anterior todavía lo usa"
    elif isinstance(operation, migrations.AddField):
        field = operation.field
        if not (field.null or field.has_db_default() or field.many_to_many):
            yield f"{operation.model_name}.{operation.name}: el código anterior inserta sin esa columna"
    elif isinstance(operation, migrations.AlterField):
        was, field = before.models[app, operation.model_name_lower].fields[operation.name], operation.field
        if was.null and not field.null and not field.has_db_default():
            yield f"{operation.model_name}.{operation.name}: deja de admitir que falte"
        if _type(was, before, app, operation) != _type(field, before, app, operation):
            yield f"{operation.model_name}.{operation.name}: cambia de tipo"
    elif isinstance(operation, migrations.RunSQL):
        yield from (f"SQL «{each.group()}»" for each in SQL.finditer(texts(operation.sql)))
    elif isinstance(operation, migrations.SeparateDatabaseAndState):
        for each in operation.database_operations:
            yield from faults(each, app, before)


def _type(field: Any, before: ProjectState, app: str, operation: Any) -> tuple[str, int]:
    """Return the type of a column, with its room: one that shrinks refuses what the older code writes."""
    return (field.get_internal_type(), -min(0, (field.max_length or 0) - _length(before, app, operation)))


def _length(before: ProjectState, app: str, operation: Any) -> int:
    return before.models[app, operation.model_name_lower].fields[operation.name].max_length or 0


def test_what_came_after_the_last_release_only_adds() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found, seen = [], set()
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app in RELEASED:
            seen.add(app)
            if int(name[:4]) > RELEASED[app]:
                alters = any(isinstance(each, migrations.AlterField) for each in migration.operations)
                before = loader.project_state((app, name), at_end=False) if alters else ProjectState()
                found += [
                    f"{app} {name}: {said}" for each in migration.operations for said in faults(each, app, before)
                ]
    ours = {
        app for app, _name in loader.disk_migrations if loader.disk_migrations[app, _name].__module__.startswith("sif.")
    }
    assert seen == ours == RELEASED.keys()
    assert not found, "\n".join(found)


def sql(text: str) -> migrations.RunSQL:
    return migrations.RunSQL(text)


def altered(**options: Any) -> migrations.AlterField:
    return migrations.AlterField("cosa", "nombre", models.CharField(**{"max_length": 9, "null": True, **options}))


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("cosa", "nombre"),
        migrations.RenameField("cosa", "nombre", "otro"),
        migrations.DeleteModel("cosa"),
        migrations.AddField("cosa", "otro", models.CharField(max_length=9, default="")),
        altered(null=False),
        altered(max_length=8),
        migrations.AlterField("cosa", "nombre", models.IntegerField(null=True)),
        sql("ALTER TABLE cosa DROP COLUMN nombre"),
        sql("ALTER TABLE cosa\n  RENAME COLUMN nombre TO otro"),
        sql("ALTER TABLE cosa ALTER COLUMN nombre SET NOT NULL"),
        sql("ALTER TABLE cosa ALTER COLUMN nombre TYPE int"),
        migrations.SeparateDatabaseAndState([sql("DROP TABLE cosa")]),
    ],
)
def test_what_the_older_code_does_not_bear_is_refused(operation: Operation) -> None:
    assert list(faults(operation, "una", _before()))


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("cosa", "otro", models.CharField(max_length=9, null=True)),
        migrations.AddField("cosa", "otro", models.IntegerField(db_default=0)),
        altered(max_length=10),
        migrations.CreateModel("otra", [("id", models.BigAutoField(primary_key=True))]),
        sql("-- DROP TABLE cosa\nCREATE INDEX i ON cosa (nombre)"),
        sql("DROP TRIGGER t ON cosa; CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
    ],
)
def test_what_adds_passes(operation: Operation) -> None:
    assert not list(faults(operation, "una", _before()))


def _before() -> ProjectState:
    state = ProjectState()
    fields = [("id", models.BigAutoField(primary_key=True)), ("nombre", models.CharField(max_length=9, null=True))]
    state.add_model(ModelState("una", "Cosa", fields))
    return state
