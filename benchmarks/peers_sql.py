"""The same rules on PostgreSQL, on Spark and as plain DuckDB SQL written by hand, beside ours, on one process."""

import gc
import os
import statistics
import time
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import sqlglot

SCHEMA = "comparacion"
ALONE = "WITH (autovacuum_enabled = false)"  # PostgreSQL does nothing else meanwhile
TURNS = 3  # ours and by hand, in turns: the middle one of each
TYPES = {"B": "bigint", "I": "integer", "T": "text", "D": "date", "L": "boolean"}
INDEXED = (
    "poliza_id",
    "contabilidad_id",
    "cfdi_id",
    "cuenta",
    "aportante_id",
    "proveedor_id",
    "prorrateo_id",
    "revierte_a",
)
Counts = dict[tuple[str, str], int]


def compared(folder: Path, polizas: int) -> dict[str, float]:
    """Seconds of every rule on each, at one size; what they find must be equal, result by result."""
    from sif.audit.results import Asked, judge_snapshot
    from sif.rulebook import load_rules
    from sif.simulation.generate import simulate

    process = folder / "comun"
    simulate(process, contabilidades=max(400, polizas // 250), polizas=polizas, semilla=2)
    rules = sorted((rule for rule in load_rules("mx") if "campana" in rule.applies_to), key=lambda rule: rule.id)
    gc.collect()
    gc.freeze()  # what was measured before in this process is nothing to walk over in these
    taken: list[float] = []
    hand_taken: list[float] = []
    for turn in range(TURNS):
        began = time.perf_counter()
        kept = list(judge_snapshot(process, rules, folder / f"resultados{turn}", Asked("4GB", 2)))
        taken.append(time.perf_counter() - began)
        by_hand, hand_counts = by_hand_seconds(process, rules)
        hand_taken.append(by_hand)
    ours, by_hand = statistics.median(taken), statistics.median(hand_taken)
    theirs, their_counts = postgres_seconds(process, rules)
    judged = {rule: sum(n for (name, _), n in their_counts.items() if name == rule) for rule in {r.id for r in rules}}
    for result in kept:
        if result.judged != judged[result.version.rule.id]:
            raise AssertionError(f"{result.version.rule.id}: {result.judged} y en PostgreSQL {judged}")
    if hand_counts != their_counts:
        raise AssertionError(f"no coinciden: {sorted(set(hand_counts.items()) ^ set(their_counts.items()))[:6]}")
    began = time.perf_counter()
    spark = list(judge_snapshot(process, rules, folder / "en_spark", Asked("4GB", 2, motor="spark")))
    on_spark = time.perf_counter() - began
    if [(each.version.rule.id, each.judged, each.states) for each in spark] != [
        (each.version.rule.id, each.judged, each.states) for each in kept
    ]:
        raise AssertionError("Spark no dice lo mismo")
    return {
        "auditar_juntos_polizas": float(polizas),
        "auditar_juntos_sif_s": ours,
        "auditar_juntos_duckdb_a_mano_s": by_hand,
        "auditar_juntos_spark_s": on_spark,
        "auditar_juntos_postgresql_s": theirs,
        "auditar_veces_postgresql": theirs / ours,
        "auditar_veces_spark": on_spark / ours,
        "auditar_veces_duckdb_a_mano": by_hand / ours,
    }


def _derived(rules: list[Any]) -> list[str]:
    from sif.audit.derived import in_order
    from sif.audit.engine import tables_of
    from sif.rulebook.derived import DERIVED

    return in_order(set(DERIVED) & {name for rule in rules for name in tables_of(rule)})


def by_hand_seconds(process: Path, rules: list[Any]) -> tuple[float, Counts]:
    """As an analyst would: views over the files, derived tables once, each rule asked for its counts and its rows."""
    from sif.audit.derived import build_derived
    from sif.audit.engine import set_parameters

    counts: Counts = {}
    with duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "4GB"}) as engine:
        began = time.perf_counter()
        for file in process.glob("*.parquet"):
            if file.stem != "clave":
                engine.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM read_parquet('{file}')")
        build_derived(engine, _derived(rules), "mx")
        for rule in rules:
            set_parameters(engine, rule.parameters)
            sums = "SELECT contabilidad_id, resultado, COUNT(*), SUM(monto) FROM"
            for _, result, count, _ in engine.execute(f"{sums} ({rule.query}) q GROUP BY ALL").fetchall():
                counts[rule.id, result] = counts.get((rule.id, result), 0) + count
            wanted = ", ".join(f"'{o.name}'" for o in rule.outcomes if o.state in ("hallazgo", "sin_dato"))
            engine.execute(f"SELECT * FROM ({rule.query}) q WHERE resultado IN ({wanted})").fetchall()
        return time.perf_counter() - began, counts


def postgres_seconds(process: Path, rules: list[Any]) -> tuple[float, Counts]:
    """The same text in the dialect of PostgreSQL, over the same tables, loaded, indexed and analysed before."""
    from sif.rulebook.derived import DERIVED

    counts: Counts = {}
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True, prepare_threshold=None) as owner:
        owner.execute(f"CREATE SCHEMA {SCHEMA}")
        owner.execute(f"SET search_path = {SCHEMA}")
        owner.execute("SET work_mem = '512MB'")
        for name in sorted(_published(rules)):
            _load(owner, process, name)
        began = time.perf_counter()
        for name in _derived(rules):
            entry = DERIVED[name]
            if entry.sql is not None:
                owner.execute(f"CREATE UNLOGGED TABLE {name} {ALONE} AS {_postgres(entry.sql)}")
                owner.execute(f"ANALYZE {name}")
            else:
                _computed(owner, name, entry)
        for rule in rules:
            for parameter in rule.parameters:
                values = ", ".join(f"(DATE '{v.desde}', DATE '{v.hasta}', {v.valor}::bigint)" for v in parameter.values)
                owner.execute(f"DROP TABLE IF EXISTS p_{parameter.name}")
                owner.execute(
                    f"CREATE TABLE p_{parameter.name} AS SELECT * FROM (VALUES {values}) AS t(desde, hasta, valor)"
                )
            owner.execute("DROP TABLE IF EXISTS veredicto")
            owner.execute(f"CREATE UNLOGGED TABLE veredicto {ALONE} AS {_postgres(rule.query)}")
            rows = owner.execute("SELECT contabilidad_id, resultado, count(*), sum(monto) FROM veredicto GROUP BY 1, 2")
            for _, result, count, _ in rows.fetchall():
                counts[rule.id, result] = counts.get((rule.id, result), 0) + count
            wanted = [o.name for o in rule.outcomes if o.state in ("hallazgo", "sin_dato")]
            owner.execute("SELECT * FROM veredicto WHERE resultado = ANY(%s)", [wanted]).fetchall()
        return time.perf_counter() - began, counts


def _postgres(sql: str) -> str:
    tree = sqlglot.parse_one(sql, read="duckdb")
    for node in list(tree.find_all(sqlglot.exp.DateDiff)):
        days = sqlglot.exp.Paren(this=sqlglot.exp.Sub(this=node.this.copy(), expression=node.expression.copy()))
        node.replace(days)
    for node in list(tree.find_all(sqlglot.exp.IntDiv)):
        sides = [sqlglot.exp.cast(side.copy(), "numeric") for side in (node.this, node.expression)]
        node.replace(sqlglot.exp.Anonymous(this="div", expressions=sides))
    return tree.sql(dialect="postgres", comments=False)


def _published(rules: list[Any]) -> set[str]:
    from sif.audit.engine import tables_of
    from sif.rulebook.derived import DERIVED

    return {name for rule in rules for name in tables_of(rule)} - set(DERIVED)


def _load(owner: psycopg.Connection[Any], process: Path, name: str) -> None:
    from sif.rulebook.published import TABLES

    table = TABLES[name]
    columns = ", ".join(f"{column.name} {TYPES[column.type]}" for column in table.columns)
    owner.execute(f"CREATE UNLOGGED TABLE {name} ({columns}) {ALONE}")
    with (
        owner.cursor() as cursor,
        cursor.copy(f"COPY {name} FROM STDIN (FORMAT csv)") as copy,
        pq.ParquetFile(process / f"{name}.parquet") as file,
    ):
        for batch in file.iter_batches():
            text = pa.BufferOutputStream()
            pa.csv.write_csv(batch, text, pa.csv.WriteOptions(include_header=False))
            copy.write(text.getvalue().to_pybytes())
    for column in table.names:
        if column in INDEXED:
            owner.execute(f"CREATE INDEX ON {name} ({column})")
    owner.execute(f"ANALYZE {name}")


def _computed(owner: psycopg.Connection[Any], name: str, entry: Any) -> None:
    from sif.rulebook.personas import personas
    from sif.rulebook.prorrateo import recalculate

    if name == "personas":
        rows: list[Any] = personas(
            owner.execute("SELECT aportante_id, rfc, curp, clave_elector FROM aportantes").fetchall()
        )
    else:
        shared = owner.execute("SELECT prorrateo_id, fecha, total FROM prorrateos").fetchall()
        query = "SELECT prorrateo_id, contabilidad_id, columna, tope FROM prorrateo_beneficiarios"
        rows = recalculate(shared, owner.execute(query).fetchall(), "mx")
    columns = ", ".join(f"{column.name} {TYPES[column.type]}" for column in entry.table.columns)
    owner.execute(f"CREATE UNLOGGED TABLE {name} ({columns}) {ALONE}")
    with owner.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    owner.execute(f"ANALYZE {name}")
