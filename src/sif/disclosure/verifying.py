"""Verify the published tables against the content that each publication names."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Model
from psycopg import Connection, connect, sql
from psycopg.rows import dict_row

from sif.books.services import read_file
from sif.books.services.almacen import FileChanged
from sif.disclosure.content import FORMAT, TABLES, read_process, read_rows
from sif.disclosure.models import ProcesoPublicado
from sif.filing.verifying import SETTINGS, Altered

NOBODY = "nadie lo publicó"
_STANDING = """
    SELECT * FROM (SELECT DISTINCT ON (o.etapa_id) p.id, o.huella, o.propuesta_el,
            EXISTS (SELECT FROM public.disclosure_publicacionretirada r WHERE r.publicacion_id = p.id) AS retirada
        FROM public.disclosure_publicacion p JOIN public.disclosure_publicacionpropuesta o ON o.id = p.propuesta_id
        ORDER BY o.etapa_id, p.id DESC) ultima
    WHERE NOT retirada ORDER BY id"""


def verify_published(conninfo: str) -> list[Altered]:
    """Name the rows of published tables that are not in the publication in sight of their stage, altered or missing."""
    found: list[Altered] = []
    with connect(conninfo, row_factory=dict_row) as database:
        database.execute(SETTINGS)
        there = {row["clave"]: row for row in _rows(database, ProcesoPublicado, "id", None)}
        for said in database.execute(_STANDING).fetchall():
            try:
                content = json.loads(read_file(said["huella"]))
            except (FileNotFoundError, FileChanged, ValueError):
                found.append(Altered("disclosure_publicacion", str(said["id"]), "no se lee el contenido que publicó"))
                continue
            found += _stage(database, content, said["propuesta_el"], there)
        for clave, row in sorted(there.items()):
            found.append(Altered("disclosure_procesopublicado", clave, NOBODY))
            for model, key in TABLES.values():
                shown = _rows(database, model, "proceso_id", row["id"])
                found += [Altered(model._meta.db_table, str(one[key]), NOBODY) for one in shown]
    return found


def _stage(
    database: Connection[Any], content: dict[str, Any], moment: datetime, there: dict[str, dict[str, Any]]
) -> Iterator[Altered]:
    """Compare what is shown of a stage with what was published, and take its process from those that are there."""
    if content["formato"] != FORMAT:
        content["reglas"] = []  # the copies of rules as they were published before were emptied
    proceso = read_process(content)
    proceso.datos_al = moment
    row = there.pop(proceso.clave, None)
    yield from _compare(ProcesoPublicado, "clave", [proceso], [row] if row else [])
    for part, (model, key) in TABLES.items():
        wanted = read_rows(content, part)
        for one in wanted:
            one.datos_al = moment
        yield from _compare(model, key, wanted, _rows(database, model, "proceso_id", row["id"]) if row else [])


def _rows(database: Connection[Any], model: type[Model], column: str, value: int | None) -> list[dict[str, Any]]:
    """The rows of a published table with a value in a column; all of them with none."""
    table, name = sql.Identifier("public", model._meta.db_table), sql.Identifier(column)
    asked = sql.SQL("SELECT * FROM {0} WHERE %(value)s::bigint IS NULL OR {1} = %(value)s").format(table, name)
    return database.execute(asked, {"value": value}).fetchall()


def _compare(model: type[Model], key: str, wanted: list[Any], there: list[dict[str, Any]]) -> Iterator[Altered]:
    table = model._meta.db_table
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in ("id", "proceso_id")]
    shown = {row[key]: row for row in there}
    for row in wanted:
        seen = shown.pop(getattr(row, key), None)
        if seen is None:
            yield Altered(table, str(getattr(row, key)), "falta lo que se publicó")
            continue
        other = [name for name in names if seen[name] != getattr(row, name)]
        if other:
            yield Altered(table, str(getattr(row, key)), f"no es lo que se publicó: {', '.join(other)}")
    for name in shown:
        yield Altered(table, str(name), NOBODY)
