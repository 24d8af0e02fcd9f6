"""Ask whether the rows of a table, or the pólizas of a range, are all borne out by what was written of them.

It is asked in the quickest way that there is, and only counts those that are not. Who judges them and says which is
`verifying`, whose questions are asked where these count any. Equal digests here are of one and the same text, so what
is altered, missing or added counts; what this writes otherwise than its digest counts too, and is then judged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock

from psycopg import Connection
from psycopg.rows import TupleRow

from sif.books.content import LISTS_OF_RANGE, plain_content
from sif.registry.plain import Columns, digest_of_columns

STEP = 20_000  # pólizas of one question
FARTHEST = 1_000_000_000  # from the first póliza to the last, if they are asked by ranges
_LOCK = Lock()
_APART = "h.huella IS DISTINCT FROM t.huella"


def rows_question(table: str, key: str, columns: Columns) -> str | None:
    """Build the query that counts the unmatched rows and leaves of a table.

    None where the rows must be judged one by one.
    """
    digest = digest_of_columns(table, "r", columns)
    if digest is None or key not in columns:
        return None
    return f"""
        SELECT count(*)
        FROM (SELECT concat(r."{key}") COLLATE "C" AS fila, {digest} AS huella FROM public.{table} r) t
        FULL JOIN (SELECT fila, huella FROM public.registry_hoja WHERE tabla = '{table}') h ON h.fila = t.fila
        WHERE {_APART}"""


def polizas_question(tables: Mapping[str, Columns]) -> str | None:
    """Build the query that counts the leaves of a range of pólizas, and the unmatched pólizas and leaves of the range.

    A póliza matches when its row, the rows that hang from it and its link agree with its leaf. A póliza of format 1, or
    whose leaf is older than the numbers of the rows that hang from it, counts as unmatched. None where the query cannot
    be written for the columns.
    """
    written = plain_content(tables)
    digest = digest_of_columns("books_poliza", "p", tables.get("books_poliza", {}), LISTS_OF_RANGE)
    if written is None or digest is None:
        return None
    content, parts = written
    rows = f"""SELECT q.fila, q.huella, q.formato IS DISTINCT FROM 2
                OR (q.eslabon > 1) IS DISTINCT FROM (q.antes IS NOT NULL)
                OR q.huella_anterior IS DISTINCT FROM q.huella_de_antes
                OR q.dicha IS DISTINCT FROM sha256(CASE WHEN q.antes IS NULL THEN '\\x00'::bytea
                    ELSE '\\x01'::bytea || q.huella_de_antes END || q.contenido) AS otra
            FROM (
                SELECT concat(p.id) COLLATE "C" AS fila, {digest} AS huella, p.eslabon, p.formato, p.huella AS dicha,
                    p.huella_anterior, b.id AS antes, b.huella AS huella_de_antes, {content} AS contenido
                FROM public.books_poliza p {parts}
                LEFT JOIN LATERAL (SELECT a.id, a.huella FROM public.books_poliza a
                    WHERE a.contabilidad_id = p.contabilidad_id AND a.eslabon = p.eslabon - 1 OFFSET 0) b ON true
                WHERE p.id >= %(desde)s AND p.id < %(hasta)s OFFSET 0) q"""
    leaves = """public.registry_hoja j WHERE j.tabla = 'books_poliza' AND j.fila >= %(primera)s COLLATE "C"
            AND j.fila <= %(ultima)s COLLATE "C" AND length(j.fila) = %(cifras)s"""
    return f"""
        SELECT (SELECT count(*) FROM {leaves}), count(*)
        FROM ({rows}) t FULL JOIN (SELECT j.fila, j.huella FROM {leaves}) h ON h.fila = t.fila
        WHERE {_APART} OR t.otra"""


@dataclass(slots=True)
class Polizas:
    """The pólizas, asked range by range: how many leaves the ranges had, and whether any counted some."""

    question: str
    first: int
    last: int
    leaves: int = 0
    strange: bool = False

    def ranges(self) -> Iterator[dict[str, object]]:
        """The ranges, each of numbers of as many digits: their leaves then stand together, but for longer numbers."""
        first = self.first
        while first <= self.last:
            digits = len(str(first))
            until = min(first + STEP, 10**digits, self.last + 1)
            yield {
                "desde": first,
                "hasta": until,
                "primera": str(first),
                "ultima": str(until - 1),
                "cifras": digits,
            }
            first = until

    def bears_out(self, database: Connection[TupleRow], params: Mapping[str, object]) -> bool:
        """Return whether nothing of a range counts."""
        leaves, strange = database.execute(self.question, params).fetchone() or (0, 1)
        with _LOCK:
            self.leaves, self.strange = self.leaves + leaves, self.strange or strange > 0
        return not strange

    def are_all(self, database: Connection[TupleRow]) -> bool:
        """Return whether no range counted an unmatched póliza and the ranges hold every leaf of pólizas."""
        if self.strange:
            return False
        row = database.execute("SELECT count(*) FROM public.registry_hoja WHERE tabla = 'books_poliza'").fetchone()
        return row == (self.leaves,)


def polizas_of(database: Connection[TupleRow], tables: Mapping[str, Columns]) -> Polizas | None:
    """Return the pólizas to be asked range by range; None where they are to be judged one by one.

    Their numbers are of a sequence. One that was put in may be of none: ranges up to it might have no end.
    """
    question = polizas_question(tables)
    row = database.execute("SELECT coalesce(min(id), 0), coalesce(max(id), -1) FROM public.books_poliza").fetchone()
    first, last = row or (0, -1)
    if question is None or first < 0 or last - first >= FARTHEST:
        return None
    return Polizas(question, first, last)
