"""Read and write the rows of a lot in chunks."""

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched, groupby
from operator import attrgetter
from tempfile import TemporaryFile
from typing import Self, cast

from django.db import connection
from django.db.models import F, Min, Window
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL

from sif.batch.kinds import POLIZAS
from sif.batch.models import FilaLote, Lote
from sif.batch.polizas import Fila
from sif.values import Problem

PIECE = 2000
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(slots=True)
class Cosa:
    """The unit of application: the rows of one póliza, or the row of one thing of a catalogue."""

    clave: str
    filas: tuple[Fila, ...]

    @property
    def is_sound(self) -> bool:
        """Return whether no row has a problem."""
        return not any(row.problemas for row in self.filas)


def insert_rows(lote: Lote, rows: Iterable[Fila]) -> None:
    """Write new rows of a lot: while the database takes some thousands, the next are being read and reviewed."""
    with _Writer(lote) as writer:
        for piece in batched(rows, PIECE):
            writer.write(piece)


class _Writer:
    """Copies pieces of rows beside their table, where walls admit no COPY, and has the database move them in."""

    def __init__(self, lote: Lote) -> None:
        connection.ensure_connection()
        self._database = cast("Connection[TupleRow]", connection.connection)
        self._move = SQL(
            "INSERT INTO batch_filalote (lote_id, contabilidad_id, fila, clave, celdas, problemas, elegida, resultado) "
            "SELECT {}, {}, f, k, c, p, true, '' FROM pg_temp.carga_filas"
        ).format(lote.pk, lote.contabilidad_id)
        self._moving: Future[None] | None = None

    def __enter__(self) -> Self:
        self._database.execute("CREATE TEMP TABLE IF NOT EXISTS carga_filas (f int, k text, c jsonb, p jsonb)")
        self._pool = ThreadPoolExecutor(1)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self._settle()
            if kind is None:
                self._database.execute("DROP TABLE pg_temp.carga_filas")
        finally:
            self._pool.shutdown()

    def write(self, piece: Sequence[Fila]) -> None:
        """Begin to write these rows, once those before are in."""
        rows = [(row.fila, row.clave, _json(row.celdas), _problems(row.problemas)) for row in piece]
        with connection.wrap_database_errors:
            self._settle()
            with self._database.cursor() as cursor, cursor.copy("COPY pg_temp.carga_filas FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            self._moving = self._pool.submit(self._run)

    def _run(self) -> None:
        # what waits for the commit is asked now, so that no queue of checks grows with the file
        self._database.execute(self._move)
        self._database.execute("TRUNCATE pg_temp.carga_filas")
        self._database.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

    def _settle(self) -> None:
        moving, self._moving = self._moving, None
        if moving:
            moving.result()


def _problems(problems: Sequence[Problem]) -> str:
    return _json(problems_json(problems)) if problems else "[]"


def save_problems(lote: Lote, rows: Iterable[Fila]) -> None:
    """Write again the problems of rows that are already there."""
    for piece in batched(rows, PIECE):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE batch_filalote SET problemas = t.p::jsonb FROM unnest(%s::int[], %s::text[]) AS t(f, p) "
                "WHERE lote_id = %s AND fila = t.f AND problemas IS DISTINCT FROM t.p::jsonb",
                [[row.fila for row in piece], [_json(problems_json(row.problemas)) for row in piece], lote.pk],
            )


def problems_json(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """As they are kept: `columna` instead of a place, since the row says the rest."""
    return [{"codigo": p.codigo, "columna": p.donde, "mensaje": p.mensaje, "cura": p.cura} for p in problems]


def _json(value: object) -> str:
    return _encode(value).replace("\\u0000", "")


def as_fila(row: FilaLote) -> Fila:
    """Return a row of the table as one in work, without the problems it had."""
    return Fila(row.fila, row.clave, row.celdas)


def things_of(kind: str, rows: Iterable[Fila]) -> Iterator[Cosa]:
    """Rows in order, as things: those of the same key together, or each by itself."""
    if kind != POLIZAS:
        yield from (Cosa(row.clave, (row,)) for row in rows)
        return
    for key, group in groupby(rows, key=attrgetter("clave")):
        yield Cosa(key, tuple(group))


def stored_things(lote: Lote, *, keys: Sequence[str] | None = None) -> Iterator[Cosa]:
    """Things of a lot as they stand in the table, in the order of their first row; or only those of these keys.

    The rows of a póliza come together even where the file had them apart.
    """
    rows = FilaLote.objects.filter(lote=lote)
    if keys is not None:
        rows = rows.filter(clave__in=list(keys))
    if lote.tipo == POLIZAS:
        first = Window(Min("fila"), partition_by=F("clave"))
        rows = rows.annotate(primera=first).order_by("primera", "fila")
    else:
        rows = rows.order_by("fila")
    return things_of(lote.tipo, (as_fila(row) for row in rows.iterator(chunk_size=PIECE)))


_CHOSEN = """
COPY (SELECT json_build_array(fila, clave, celdas) FROM
      (SELECT fila, clave, celdas, {} AS primera FROM batch_filalote WHERE lote_id = {} AND elegida) filas
      ORDER BY primera, fila) TO STDOUT
"""


@contextmanager
def chosen_things(lote: Lote, *, apart: bool) -> Iterator[Iterator[Cosa]]:
    """Yield the things chosen of a lot from a file of this process, so that the connection stays free for the posting.

    Things come in the order of their first row. apart: the rows of a póliza may not be together, and are joined.
    """
    first = SQL("min(fila) OVER (PARTITION BY clave)") if apart and lote.tipo == POLIZAS else SQL("0")
    connection.ensure_connection()
    database = cast("Connection[TupleRow]", connection.connection)
    with TemporaryFile("w+", encoding="utf-8", newline="\n") as spool:
        with database.cursor() as cursor, cursor.copy(SQL(_CHOSEN).format(first, lote.pk)) as copy:
            spool.writelines(f"{text}\n" for (text,) in copy.rows())
        spool.seek(0)
        yield things_of(lote.tipo, (Fila(*row) for row in map(json.loads, spool)))
