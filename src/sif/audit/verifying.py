"""Verify that each run holds what it says it found, and that the files of every snapshot match its record."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from psycopg import Connection, connect
from psycopg.rows import TupleRow

from sif.audit.engine import manifest_digest, sha256_of
from sif.audit.freeze import snapshots_folder
from sif.filing.verifying import SETTINGS, Altered, Files
from sif.registry.files import NotAFile, read_json

_KEPT = "SELECT digest, manifiesto FROM public.audit_instantanea ORDER BY id"
_MOST = 1_000  # told of each question

_FOUND = f"""
    SELECT n.tabla, n.id, n.que FROM (
        SELECT coalesce(c.corrida_id, h.corrida_id) AS corrida_id, coalesce(c.regla, h.regla) AS regla,
            coalesce(c.contabilidad_id, h.contabilidad_id) AS contabilidad_id, h.estado,
            coalesce(c.dichos, 0) AS dichos, coalesce(h.hay, 0) AS hay
        FROM (SELECT a.corrida_id, a.regla, a.contabilidad_id, e.estado, e.dichos, e.monto FROM public.audit_cobertura a
              CROSS JOIN LATERAL (VALUES ('hallazgo', a.hallazgo, a.monto_hallazgo), ('sin_dato', a.sin_dato, 0))
                e (estado, dichos, monto) WHERE e.dichos > 0) c
        FULL JOIN (SELECT b.corrida_id, b.regla, b.contabilidad_id, b.estado, count(*) AS hay,
                sum(b.monto) FILTER (WHERE b.estado = 'hallazgo') AS monto
            FROM public.audit_hallazgo b GROUP BY b.corrida_id, b.regla, b.contabilidad_id, b.estado) h
        ON (h.corrida_id, h.regla, h.contabilidad_id, h.estado) = (c.corrida_id, c.regla, c.contabilidad_id, c.estado)
        WHERE c.dichos IS DISTINCT FROM h.hay OR coalesce(c.monto, 0) <> coalesce(h.monto, 0)) d
    CROSS JOIN LATERAL (
        SELECT 'audit_hallazgo', o.id::text, 'su corrida no lo halló'
        FROM (SELECT r.id, row_number() OVER (ORDER BY j.id NULLS LAST, r.id) AS lugar FROM public.audit_hallazgo r
              LEFT JOIN public.registry_hoja j ON j.tabla = 'audit_hallazgo' AND j.fila = r.id::text COLLATE "C"
              WHERE (r.corrida_id, r.regla, r.contabilidad_id, r.estado)
                  = (d.corrida_id, d.regla, d.contabilidad_id, d.estado)) o
        WHERE d.hay > d.dichos AND o.lugar > d.dichos
        UNION ALL
        SELECT 'audit_corrida', d.corrida_id::text, format('lo que %s halló en la contabilidad %s no es lo que hay',
            d.regla, d.contabilidad_id) WHERE d.hay <= d.dichos) n (tabla, id, que)
    ORDER BY 1, 2 LIMIT {_MOST}"""
"""Hallazgos that are not those that their run counted for each rule and books: the last to enter are the ones over."""

_JUDGED = f"""
    SELECT 'audit_cobertura', max(c.id)::text, format('no suma lo que %s juzgó en su corrida', c.regla)
    FROM public.audit_cobertura c
    LEFT JOIN public.audit_reglacorrida r ON r.corrida_id = c.corrida_id AND r.regla = c.regla
    WHERE EXISTS (SELECT FROM public.audit_reglacorrida o WHERE o.corrida_id = c.corrida_id)
    GROUP BY c.corrida_id, c.regla, r.id
    HAVING r.id IS NULL OR sum(c.hallazgo) <> r.hallazgo OR sum(c.monto_hallazgo) <> r.monto_hallazgo
        OR sum(c.cumple) > r.cumple OR sum(c.no_aplica) > r.no_aplica OR sum(c.sin_dato) > r.sin_dato
    ORDER BY 1, 2 LIMIT {_MOST}"""
"""What is said of the books that a rule judged and is not what it judged in all; some rows are of no books."""

_RULES = f"""
    SELECT 'audit_reglacorrida', max(r.id)::text, 'las reglas de su corrida no son las que corrieron'
    FROM public.audit_reglacorrida r JOIN public.audit_corrida c ON c.id = r.corrida_id
    JOIN public.audit_versionregla v ON v.id = r.version_id
    GROUP BY c.id, c.reglas_digest
    HAVING c.reglas_digest <> encode(sha256(convert_to(string_agg(format(E'%s %s\\n', r.regla,
        v.compilada::jsonb #>> '{{regla,digest}}'), '' ORDER BY r.regla COLLATE "C"), 'UTF8')), 'hex')
    ORDER BY 1, 2 LIMIT {_MOST}"""
"""The rules of a run that are not those of its digest; runs of before versions were kept have none."""

_MATTERS = f"""
    (SELECT 'audit_hallazgo', h.id::text, 'su asunto no es el de su etapa, su regla y su clave'
     FROM public.audit_hallazgo h JOIN public.audit_corrida c ON c.id = h.corrida_id
     JOIN public.audit_instantanea i ON i.id = c.instantanea_id LEFT JOIN public.audit_asunto a ON a.id = h.asunto_id
     WHERE (a.etapa_id, a.regla, a.clave) IS DISTINCT FROM (i.etapa_id, h.regla, h.clave) ORDER BY h.id LIMIT {_MOST})
    UNION ALL
    (SELECT 'audit_asunto', a.id::text, 'ninguna corrida lo halló' FROM public.audit_asunto a
     WHERE NOT EXISTS (SELECT FROM public.audit_hallazgo h WHERE h.asunto_id = a.id) ORDER BY a.id LIMIT {_MOST})"""
"""Hallazgos that hang from the matter of another, to which what people did of it would pass; and matters of none."""


def strange_runs(database: Connection[TupleRow]) -> Iterator[tuple[str, str, str]]:
    """Yield the rows of runs that differ from the record of their run: its rules, its books and its hallazgos.

    A run is written whole in one act: a row added to a run later exceeds the counts of the run, even with a leaf of its
    own. Each hallazgo must hang from its own matter.
    """
    for question in (_FOUND, _JUDGED, _RULES, _MATTERS):
        yield from database.execute(question).fetchall()


def verify_snapshots(conninfo: str) -> Files:
    """Read every file of every snapshot against the SHA-256 in its record, one snapshot at a time."""
    count = size = 0
    altered: list[Altered] = []
    folder = snapshots_folder()
    with connect(conninfo) as database, ThreadPoolExecutor(2) as readers:
        database.execute(SETTINGS)
        for digest, manifest in database.execute(_KEPT).fetchall():
            files = _files_of(folder / digest, digest, manifest)
            if files is None:
                altered.append(Altered("audit_instantanea", digest, "su manifiesto no es el de su huella"))
                continue
            altered += [Altered("audit_instantanea", digest, what) for what in _manifest(folder / digest, manifest)]
            for found, what in readers.map(_judge, files.items()):
                count, size = count + (found is not None), size + (found or 0)
                altered += [Altered("audit_instantanea", digest, what)] if what else []
    return Files(count, size, altered)


def _files_of(folder: Path, digest: str, manifest: Any) -> dict[Path, str] | None:
    """Return the files that a manifest names with their SHA-256; None if it is not the manifest of that digest."""
    try:
        tables = manifest["tables"]
        if manifest_digest(tables) != digest:
            return None
        return {folder / f"{name}.parquet": str(table["sha256"]) for name, table in sorted(tables.items())}
    except (KeyError, TypeError, AttributeError):
        return None


def _manifest(folder: Path, manifest: object) -> Iterator[str]:
    """Yield the faults of the manifest beside the files of a snapshot, on which readers without the database rely."""
    try:
        if read_json(folder / "manifest.json") != manifest:
            yield "cambió manifest.json"
    except NotAFile:
        yield "manifest.json no es un archivo"
    except OSError:
        yield "falta manifest.json"
    except ValueError:
        yield "no se lee manifest.json"


def _judge(file: tuple[Path, str]) -> tuple[int | None, str]:
    """Return the bytes of a file, None if it is not there, and what is wrong with it."""
    path, wanted = file
    try:
        seen = sha256_of(path)
    except FileNotFoundError:
        return None, f"falta {path.name}"
    except NotAFile:
        return None, f"{path.name} no es un archivo"
    return path.stat().st_size, "" if seen == wanted else f"los bytes de {path.name} cambiaron"
