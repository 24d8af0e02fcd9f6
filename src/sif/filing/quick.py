"""Ask whether the rows of a table, or the pólizas of a range, are all borne out by what was written of them.

It is asked in the quickest way that there is, and only counts those that are not. Who judges them and says which is
`verifying`, whose questions are asked where these count any. Equal digests here are of one and the same text, so what
is altered, missing or added counts; what this writes otherwise than its digest counts too, and is then judged.
"""

from collections.abc import Mapping

from sif.books.content import LISTS_OF_RANGE, plain_content
from sif.registry.plain import Columns, digest_of_columns


def rows_question(table: str, key: str, columns: Columns, which: str = "true") -> str | None:
    """How many rows of a table and leaves of it do not have each other; None where they are to be judged one by one."""
    digest = digest_of_columns(table, "r", columns)
    if digest is None or key not in columns:
        return None
    return f"""
        SELECT count(*)
        FROM (SELECT concat(r."{key}") COLLATE "C" AS fila, {digest} AS huella FROM public.{table} r WHERE {which}) t
        FULL JOIN (SELECT fila, huella FROM public.registry_hoja WHERE tabla = '{table}') h ON h.fila = t.fila
        WHERE h.huella IS DISTINCT FROM t.huella"""


def polizas_question(tables: Mapping[str, Columns]) -> str | None:
    """How many pólizas of a range are not, with all that hangs from them, as their leaf and their link say.

    Those of format 1, and those whose leaf was written before it had the numbers of what hangs from them, count.
    """
    written = plain_content(tables)
    digest = digest_of_columns("books_poliza", "p", tables.get("books_poliza", {}), LISTS_OF_RANGE)
    if written is None or digest is None:
        return None
    content, parts = written
    return f"""
        SELECT count(*) FROM (
            SELECT p.eslabon, p.formato, p.huella, p.huella_anterior, b.id AS antes, b.huella AS huella_de_antes,
                h.huella AS hoja, {digest} AS fila, {content} AS contenido
            FROM public.books_poliza p {parts}
            LEFT JOIN LATERAL (SELECT a.id, a.huella FROM public.books_poliza a
                WHERE a.contabilidad_id = p.contabilidad_id AND a.eslabon = p.eslabon - 1 OFFSET 0) b ON true
            LEFT JOIN LATERAL (SELECT j.huella FROM public.registry_hoja j
                WHERE j.tabla = 'books_poliza' AND j.fila = concat(p.id) COLLATE "C" OFFSET 0) h ON true
            WHERE p.id >= %(desde)s AND p.id < %(hasta)s OFFSET 0) q
        WHERE q.hoja IS DISTINCT FROM q.fila OR q.formato IS DISTINCT FROM 2
            OR (q.eslabon > 1) IS DISTINCT FROM (q.antes IS NOT NULL)
            OR q.huella_anterior IS DISTINCT FROM q.huella_de_antes
            OR q.huella IS DISTINCT FROM sha256(CASE WHEN q.antes IS NULL THEN '\\x00'::bytea
                ELSE '\\x01'::bytea || q.huella_de_antes END || q.contenido)"""
