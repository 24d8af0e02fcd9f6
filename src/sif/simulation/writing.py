"""Write published tables to Parquet in streams, and close the snapshot with its manifest."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from sif.audit.derived import open_writer, schema_of
from sif.audit.engine import manifest_digest, sha256_of
from sif.rulebook.published import TABLES, Table

ROWS_IN_A_GROUP = 131_072
KEY = pa.schema(
    [
        ("regla", pa.string()),
        ("clave", pa.string()),
        ("contabilidad_id", pa.int64()),
        ("monto", pa.int64()),
        ("especie", pa.string()),
    ]
)
LOOK_ALIKES = pa.schema([KEY.field(name) for name in ("regla", "clave", "contabilidad_id", "especie")])


class SnapshotWriter:
    """Appends rows to every published table of a folder; a table nobody writes is published empty."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: dict[str, int] = {}
        self._writers: dict[str, pq.ParquetWriter] = {}

    def append_query(self, engine: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
        """Append the rows of a SELECT, by name of column; a published column it lacks is null.

        Raises ValueError when that column cannot be null.
        """
        have = {column for column, *_ in engine.execute(f"DESCRIBE {query}").fetchall()}
        columns = ", ".join(_cast(TABLES[name], column.name, column.name in have) for column in TABLES[name].columns)
        reader = engine.sql(f"SELECT {columns} FROM ({query})").to_arrow_reader(ROWS_IN_A_GROUP)
        self._append(name, schema_of(TABLES[name]), reader)

    def append_rows(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Append rows given in the order of those columns."""
        schema = schema_of(TABLES[name])
        places = {column: place for place, column in enumerate(columns)}
        arrays = [
            pa.array([row[places[f.name]] if f.name in places else None for row in rows], type=f.type) for f in schema
        ]
        self._append(name, schema, [pa.RecordBatch.from_arrays(arrays, schema=schema)])

    def append_key(self, engine: duckdb.DuckDBPyConnection, query: str) -> None:
        """Append rows to the answer key, which is not a published table."""
        self._append_aside(engine, "clave", KEY, query)

    def append_look_alikes(self, engine: duckdb.DuckDBPyConnection, query: str) -> None:
        """Append rows to the list of what resembles a fault and is none, which is not a published table either."""
        self._append_aside(engine, "parecidos", LOOK_ALIKES, query)

    def append_aside(self, name: str, rows: Sequence[Sequence[object]]) -> None:
        """Append rows of Python to the answer key (`clave`) or to the look-alikes (`parecidos`)."""
        schema = KEY if name == "clave" else LOOK_ALIKES
        arrays = [pa.array([row[place] for row in rows], type=f.type) for place, f in enumerate(schema)]
        self._append(name, schema, [pa.RecordBatch.from_arrays(arrays, schema=schema)])

    def _append_aside(self, engine: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema, query: str) -> None:
        casts = ", ".join(
            f"CAST({f.name} AS {'VARCHAR' if f.type == pa.string() else 'BIGINT'}) AS {f.name}" for f in schema
        )
        self._append(name, schema, engine.sql(f"SELECT {casts} FROM ({query})").to_arrow_reader(ROWS_IN_A_GROUP))

    def _append(self, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
        writer = self._writers.get(name)
        if writer is None:
            writer = self._writers[name] = open_writer(self.folder / f"{name}.parquet", schema)
        for batch in batches:
            table = pa.Table.from_batches([batch]).cast(schema)
            writer.write_table(table, row_group_size=ROWS_IN_A_GROUP)
            self.rows[name] = self.rows.get(name, 0) + table.num_rows

    def flush(self, name: str) -> None:
        """Close a table, so that it can be read; nothing more may be appended to it."""
        self._writers.pop(name).close()

    def close(self, corte: date, about: dict[str, Any]) -> dict[str, Any]:
        """Write what nobody wrote, the cut and the manifest; returns the manifest."""
        for name in set(TABLES) - {"corte"} - set(self.rows):
            self._append(name, schema_of(TABLES[name]), [])
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()
        tables = {name: self._entry(name) for name in sorted(set(TABLES) - {"corte"})}
        self.append_rows("corte", ["fecha", "digest"], [(corte, manifest_digest(tables))])
        self.flush("corte")
        tables["corte"] = self._entry("corte")
        manifest = {"digest": manifest_digest(tables), "corte": corte.isoformat(), "simulada": about, "tables": tables}
        (self.folder / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
        return manifest

    def abandon(self) -> None:
        """Close every file without more."""
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()

    def _entry(self, name: str) -> dict[str, object]:
        return {"rows": self.rows.get(name, 0), "sha256": sha256_of(self.folder / f"{name}.parquet")}


def _cast(table: Table, name: str, known: bool) -> str:
    column = table.column(name)
    assert column is not None
    if not known and not column.nullable:
        raise ValueError(
            f"La simulación no sabe escribir {table.name}.{name}, que no puede faltar. Añádala a su consulta."
        )
    return f"CAST({name if known else 'NULL'} AS {column.sql_type}) AS {name}"
