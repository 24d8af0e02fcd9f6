"""Copy published tables from PostgreSQL to Parquet, whole or incrementally, in bounded memory."""

import io
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from django.db import connection

from sif.audit.derived import open_writer, schema_of
from sif.audit.engine import Snapshot, sha256_of
from sif.rulebook.published import Table

ROWS_IN_A_GROUP = 131_072
BLOCK = 8 << 20  # bytes of text read at once


@dataclass(frozen=True, slots=True)
class Growing:
    """A table whose rows are never deleted nor changed, but by `changed`: what tells, in its columns, those that may
    have changed since. `order`: how its rows stand in the file, its permanent number last."""

    order: tuple[str, ...]
    changed: str = ""

    @property
    def number(self) -> str:
        """The permanent number of a row."""
        return self.order[-1]


GROWING = {
    "polizas": Growing(("contabilidad_id", "fecha_operacion", "poliza_id")),
    "movimientos": Growing(("contabilidad_id", "fecha_operacion", "movimiento_id")),
    "evidencias": Growing(("contabilidad_id", "evidencia_id"), "estado = 'sin_efecto'"),
}
"""The three tables that are nearly all of a snapshot; the database refuses to change or delete their rows."""


def write_rows(folder: Path, table: Table, rows: Sequence[Sequence[object]]) -> dict[str, object]:
    """Write rows at hand, in the order of the columns; returns the entry of the manifest."""
    schema = schema_of(table)
    columns = [pa.array([row[place] for row in rows], type=field.type) for place, field in enumerate(schema)]
    return write_batches(folder, table, pa.Table.from_arrays(columns, schema=schema).to_batches())


def write_batches(folder: Path, table: Table, batches: Iterable[pa.RecordBatch]) -> dict[str, object]:
    """Write batches of any size in groups of one size, so that the same rows are the same bytes however they came."""
    schema, path = schema_of(table), folder / f"{table.name}.parquet"
    waiting: list[pa.RecordBatch] = []
    held = written = 0
    with open_writer(path, schema) as writer:
        for batch in batches:
            waiting.append(batch)
            held += batch.num_rows
            while held >= ROWS_IN_A_GROUP:
                whole = pa.Table.from_batches(waiting, schema=schema).combine_chunks()
                writer.write_table(whole.slice(0, ROWS_IN_A_GROUP), row_group_size=ROWS_IN_A_GROUP)
                waiting = whole.slice(ROWS_IN_A_GROUP).to_batches()
                held, written = held - ROWS_IN_A_GROUP, written + ROWS_IN_A_GROUP
        if held:
            writer.write_table(pa.Table.from_batches(waiting, schema=schema).combine_chunks())
    return entry_of(path, written + held)


def entry_of(path: Path, rows: int) -> dict[str, object]:
    """Return the entry of a file in the manifest: its rows and its SHA-256."""
    return {"rows": rows, "sha256": sha256_of(path)}


def copied(table: Table, query: str, asked: Mapping[str, object], where: str = "") -> Iterator[pa.RecordBatch]:
    """The rows of a SELECT in the columns of a table, by COPY: text goes from the server to columns without becoming
    objects of Python. `where`: a condition on the published columns."""
    schema = schema_of(table)
    text = _asking(table, query, where)
    connection.ensure_connection()
    with psycopg.ClientCursor(connection.connection) as composer:
        statement = composer.mogrify(f"COPY ({text}) TO STDOUT (FORMAT csv)", dict(asked))
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        stream = _Stream(iter(copy))
        if not stream.peek():
            return
        reader = pyarrow.csv.open_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=pyarrow.csv.ReadOptions(column_names=list(table.names), block_size=BLOCK, use_threads=False),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=schema,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                true_values=["t"],
                false_values=["f"],
            ),
        )
        yield from reader


def _asking(table: Table, query: str, where: str) -> str:
    if not where:
        return query.strip().rstrip(";")
    return f"SELECT * FROM ({query}) AS publicada({', '.join(table.names)}) WHERE {where}"


class _Stream(io.RawIOBase):
    """A read-once file over the bytes that COPY streams."""

    def __init__(self, pieces: Iterator[memoryview | bytes]) -> None:
        super().__init__()
        self._pieces, self._held = pieces, b""

    def readable(self) -> bool:
        return True

    def peek(self) -> bytes:
        """Return the next bytes without consuming them; empty at the end."""
        while not self._held:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._held = bytes(piece)
        return self._held

    def read(self, size: int = -1) -> bytes:
        gathered = bytearray()
        while (size < 0 or len(gathered) < size) and (piece := self.peek()):
            take = len(piece) if size < 0 else size - len(gathered)
            gathered += piece[:take]
            self._held = piece[take:]
        return bytes(gathered)


def grow(
    folder: Path, table: Table, query: str, asked: Mapping[str, object], previous: Snapshot
) -> dict[str, object] | None:
    """Write a growing table from the file of a previous snapshot and what is new; None when that cannot be, because
    a row older than its last number is not in it (it was being recorded when that snapshot was taken)."""
    name = table.name
    kind, old = GROWING[name], previous.path / f"{name}.parquet"
    rows = previous.rows.get(name, 0)
    last = _last_number(old, kind.number)
    if not rows or last is None or pq.read_schema(old) != schema_of(table):
        return None
    if _count(table, query, asked, f"{kind.number} <= {last}") != rows:
        return None
    fresh = f"{kind.number} > {last}" + (f" OR {kind.changed}" if kind.changed else "")
    with tempfile.TemporaryDirectory(prefix=".crece-", dir=folder) as work:
        came = write_batches(Path(work), table, copied(table, query, asked, fresh))
        with duckdb.connect(":memory:", config={"memory_limit": "1GB", "threads": 2, "temp_directory": work}) as engine:
            sources = {"viejas": str(old), "nuevas": str(Path(work) / f"{name}.parquet")}
            if not came["rows"] or _is_known(engine, table, kind, sources):
                os.link(old, folder / f"{name}.parquet")
                return entry_of(folder / f"{name}.parquet", rows)
            merged = (
                f"SELECT v.* FROM read_parquet('{_quoted(sources['viejas'])}') v ANTI JOIN "
                f"read_parquet('{_quoted(sources['nuevas'])}') n ON n.{kind.number} = v.{kind.number} UNION ALL "
                f"SELECT * FROM read_parquet('{_quoted(sources['nuevas'])}') ORDER BY {', '.join(kind.order)}"
            )
            return write_batches(folder, table, engine.sql(merged).to_arrow_reader(ROWS_IN_A_GROUP))


def _is_known(engine: duckdb.DuckDBPyConnection, table: Table, kind: Growing, sources: Mapping[str, str]) -> bool:
    """Return whether every row that came is in the old file, equal in every column."""
    same = " AND ".join(f"v.{column} IS NOT DISTINCT FROM n.{column}" for column in table.names)
    rows = engine.execute(
        f"SELECT COUNT(*) FROM read_parquet('{_quoted(sources['nuevas'])}') n ANTI JOIN "
        f"read_parquet('{_quoted(sources['viejas'])}') v ON v.{kind.number} = n.{kind.number} AND {same}"
    ).fetchall()
    return int(rows[0][0]) == 0


def _quoted(path: str) -> str:
    return path.replace("'", "''")


def _last_number(path: Path, column: str) -> int | None:
    """Return the greatest number in a file, from the statistics of its groups."""
    with pq.ParquetFile(path) as file:
        place = file.schema_arrow.get_field_index(column)
        groups = [file.metadata.row_group(n).column(place).statistics for n in range(file.num_row_groups)]
    return max((int(group.max) for group in groups), default=None)


def _count(table: Table, query: str, asked: Mapping[str, Any], where: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({query}) AS publicada({', '.join(table.names)}) WHERE {where}", dict(asked)
        )
        return int(cursor.fetchone()[0])
