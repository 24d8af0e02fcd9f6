"""Fill the engine with rows, and compute in it the tables derived from the published ones."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from sif.rulebook.derived import DERIVED
from sif.rulebook.personas import personas
from sif.rulebook.prorrateo import recalculate
from sif.rulebook.published import Column, Table

_ARROW = {"B": pa.int64(), "I": pa.int32(), "T": pa.string(), "D": pa.date32(), "L": pa.bool_()}


def arrow_type(column: Column) -> pa.DataType:
    """The type a column has in a Parquet file."""
    return _ARROW[column.type]


def schema_of(table: Table) -> pa.Schema:
    """Return the columns of a published table as a file holds them."""
    return pa.schema([(column.name, arrow_type(column)) for column in table.columns])


def open_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Return a writer of the Parquet file of a table: numbers as differences, the rest by dictionary (ADR 0147)."""
    numbers = [field.name for field in schema if pa.types.is_integer(field.type)]
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        use_dictionary=[field.name for field in schema if field.name not in numbers],
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
    )


def load_rows(engine: duckdb.DuckDBPyConnection, table: Table, rows: Sequence[Sequence[object]]) -> None:
    """Make a table of the engine from rows in the order of its columns. Raises ValueError on a row of another width."""
    if any(len(row) != len(table.columns) for row in rows):
        raise ValueError(
            f"Un renglón de {table.name} no tiene sus {len(table.columns)} columnas: {', '.join(table.names)}."
        )
    cells = zip(*rows, strict=True) if rows else ((),) * len(table.columns)
    arrays = [pa.array(each, type=arrow_type(column)) for each, column in zip(cells, table.columns, strict=True)]
    engine.register("renglones_entrantes", pa.Table.from_arrays(arrays, names=list(table.names)))
    engine.execute(f"CREATE OR REPLACE TABLE {table.name} AS SELECT * FROM renglones_entrantes")
    engine.unregister("renglones_entrantes")


def build_derived(engine: duckdb.DuckDBPyConnection, names: Iterable[str], jurisdiction: str) -> None:
    """Compute those derived tables, whose sources must already be there."""
    for name in in_order(names):
        entry = DERIVED[name]
        if entry.sql is not None:
            engine.execute(f"CREATE OR REPLACE TABLE {name} AS {entry.sql}")
        elif name == "personas":
            records = engine.execute("SELECT aportante_id, rfc, curp, clave_elector FROM aportantes").fetchall()
            load_rows(engine, entry.table, personas(records))
        elif name == "prorrateo_recalculado":
            shared = engine.execute("SELECT prorrateo_id, fecha, total FROM prorrateos").fetchall()
            parts = engine.execute(
                "SELECT prorrateo_id, contabilidad_id, columna, tope FROM prorrateo_beneficiarios"
            ).fetchall()
            load_rows(engine, entry.table, recalculate(shared, parts, jurisdiction))
        else:
            raise KeyError(f"La tabla derivada {name} no tiene consulta ni función que la calcule.")


def in_order(names: Iterable[str]) -> list[str]:
    """Return those derived tables so that each comes after the ones it is computed from; otherwise by name."""

    def depth(name: str) -> int:
        return 1 + max((depth(source) for source in DERIVED[name].reads if source in DERIVED), default=0)

    return sorted(names, key=lambda name: (depth(name), name))
