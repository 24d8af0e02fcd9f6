"""Verify what the public sees against the acts that published or withdrew it: tables, open files and notices."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Model
from psycopg import Connection, connect, sql
from psycopg.rows import DictRow, dict_row

from sif.books.services import read_file
from sif.books.services.file_store import FileChanged
from sif.disclosure.content import TABLES, WITH_OTHER_RULES, read_process, read_rows
from sif.disclosure.models import ProcesoPublicado
from sif.filing.verifying import SETTINGS, Altered

NOBODY, GONE, OTHER = "nadie lo publicó", "falta lo que se publicó", "no es lo que se publicó"
_STANDING = """
    SELECT * FROM (SELECT DISTINCT ON (o.etapa_id) p.id, o.huella, o.propuesta_el,
            EXISTS (SELECT FROM public.disclosure_publicacionretirada r WHERE r.publicacion_id = p.id) AS retirada
        FROM public.disclosure_publicacion p JOIN public.disclosure_publicacionpropuesta o ON o.id = p.propuesta_id
        ORDER BY o.etapa_id, p.id DESC) ultima
    WHERE NOT retirada ORDER BY id"""

_STAGE = """public.disclosure_publicacionpropuesta o JOIN public.registry_etapa e ON e.id = o.etapa_id
        JOIN public.registry_proceso c ON c.id = e.proceso_id"""
_FILES = f"""
    SELECT 'disclosure_archivopublicado' AS tabla, coalesce(f.id::text, s.id || '/' || s.clave) AS id,
        CASE WHEN f.id IS NULL THEN '{GONE}' WHEN s.id IS NULL THEN '{NOBODY}' ELSE '{OTHER}' END AS que
    FROM (SELECT p.id, c.clave || '-' || e.tipo AS proceso, a.key AS clave, a.value AS dicho
          FROM public.disclosure_publicacion p JOIN {_STAGE} ON o.id = p.propuesta_id
          CROSS JOIN LATERAL jsonb_each(coalesce(p.archivos,
            jsonb_build_object('publicacion.json', jsonb_build_array(o.huella)))) a) s
    FULL JOIN public.disclosure_archivopublicado f ON f.publicacion = s.id AND f.clave || '.' || f.forma = s.clave
    LEFT JOIN public.disclosure_publicacion q ON q.id = coalesce(s.id, f.publicacion)
    WHERE CASE WHEN f.id IS NULL THEN q.archivos IS NOT NULL
        WHEN s.id IS NULL THEN q.id IS NULL OR q.archivos IS NOT NULL
        ELSE f.proceso <> s.proceso OR s.dicho <> CASE WHEN q.archivos IS NULL THEN jsonb_build_array(f.sha256)
            ELSE jsonb_build_array(f.sha256, f.bytes, f.renglones) END END
    ORDER BY 2"""
"""Open files that are not those that their act says. A publication of before acts said them says its content alone."""
_NOTICES = f"""
    SELECT 'disclosure_retiropublicado' AS tabla, coalesce(n.publicacion, r.publicacion_id)::text AS id,
        CASE WHEN n.id IS NULL THEN '{GONE}' WHEN r.id IS NULL THEN '{NOBODY}' ELSE '{OTHER}' END AS que
    FROM (SELECT x.id, x.publicacion_id, x.motivo, coalesce(d.fundamento, '') AS fundamento, x.hecho_el, p.publicada_el,
            o.huella, o.propuesta_el, c.clave || '-' || e.tipo AS proceso
          FROM public.disclosure_publicacionretirada x JOIN public.disclosure_publicacion p ON p.id = x.publicacion_id
          JOIN {_STAGE} ON o.id = p.propuesta_id
          LEFT JOIN public.disclosure_retiropropuesto d ON d.id = x.propuesta_id) r
    FULL JOIN public.disclosure_retiropublicado n ON n.publicacion = r.publicacion_id
    WHERE n.id IS NULL OR r.id IS NULL
        OR (n.proceso, n.huella, n.datos_al, n.publicada_el, n.retirada_el, n.motivo, n.fundamento)
            <> (r.proceso, r.huella, r.propuesta_el, r.publicada_el, r.hecho_el, r.motivo, r.fundamento)
    ORDER BY 2"""
"""Notices that are not of a withdrawal, or do not say of it what its acts say."""


def verify_published(conninfo: str) -> list[Altered]:
    """Name what the public sees and no act published: rows of published tables, open files and notices.

    A row is altered, missing or put in; tables are those of the publication in sight of their stage.
    """
    found: list[Altered] = []
    with connect(conninfo, row_factory=dict_row) as database:
        database.execute(SETTINGS)
        for question in (_FILES, _NOTICES):
            found += [Altered(**row) for row in database.execute(question).fetchall()]
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
    database: Connection[DictRow], content: dict[str, object], moment: datetime, there: dict[str, dict[str, Any]]
) -> Iterator[Altered]:
    """Compare what is shown of a stage with what was published, and take its process from those that are there."""
    if content["formato"] == WITH_OTHER_RULES:
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


def _rows(database: Connection[DictRow], model: type[Model], column: str, value: int | None) -> list[dict[str, Any]]:
    """Return the rows of a published table with a value in a column; all of them with none."""
    table, name = sql.Identifier("public", model._meta.db_table), sql.Identifier(column)
    asked = sql.SQL("SELECT * FROM {0} WHERE %(value)s::bigint IS NULL OR {1} = %(value)s").format(table, name)
    return database.execute(asked, {"value": value}).fetchall()


def _compare(model: type[Model], key: str, wanted: list[object], there: list[dict[str, object]]) -> Iterator[Altered]:
    table = model._meta.db_table
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in ("id", "proceso_id")]
    shown = {row[key]: row for row in there}
    for row in wanted:
        seen = shown.pop(getattr(row, key), None)
        if seen is None:
            yield Altered(table, str(getattr(row, key)), GONE)
            continue
        other = [name for name in names if seen[name] != getattr(row, name)]
        if other:
            yield Altered(table, str(getattr(row, key)), f"{OTHER}: {', '.join(other)}")
    for name in shown:
        yield Altered(table, str(name), NOBODY)
