"""Evaluate rules on Spark, with their text unchanged, for a process that outgrows one machine."""

import logging
import os
import shutil
import sys
import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, cast

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp

from sif.audit import duck
from sif.audit import engine as engines
from sif.audit.derived import schema_of
from sif.audit.engine import RunFailed, Snapshot, SnapshotRefused
from sif.audit.results import Asked, EngineMissing, Judged, Tell
from sif.audit.versions import RuleVersion
from sif.rulebook import published
from sif.rulebook.derived import DERIVED
from sif.rulebook.published import Table
from sif.rulebook.subset import DIALECT

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

try:
    VERSION = f"spark {version('pyspark')}"
except PackageNotFoundError:
    VERSION = "spark"  # the extra is not installed: `judge` says so
URL = "SIF_SPARK"
"""Variable of the environment with the URL of the cluster; without it, this machine."""
SPARK_TYPES = {"B": "bigint", "I": "int", "T": "string", "D": "date", "L": "boolean"}
COUNTING_MEMORY = "1GB"
"""For the engine that checks and counts what Spark answered, beside the memory asked for."""


def judge(
    snapshot: Snapshot, versions: Sequence[RuleVersion], work: Path, asked: Asked, tell: Tell
) -> Generator[Judged]:
    """Run each rule version over an opened snapshot, in order, and yield its result in its own folder under `work`.

    Spark runs each query; the code of the DuckDB engine checks, counts and writes the answer. Every machine of the
    cluster sees the snapshot and `work` under the same path. Raises SnapshotRefused, RunFailed, and EngineMissing
    without the extra or Java.
    """
    before = engines.stamps(snapshot.path)
    answers = work / "respuestas"
    with (
        spark_session(asked) as session,
        engines.locked_engine(
            memory=COUNTING_MEMORY, threads=asked.threads, work=work / "tmp", snapshot=answers
        ) as local,
    ):
        _make_empty(local)
        desk = _Desk(session, snapshot, asked, tell)
        try:
            for place, each in enumerate(versions):
                desk.prepare(each)
                started = time.perf_counter()
                told = _bring(desk, each, local, answers)
                judged = duck.judge_one(local, told, work / str(place), asked.contabilidad)
                yield replace(judged, version=each, seconds=time.perf_counter() - started)
                desk.forget({name for later in versions[place + 1 :] for name in desk.needed(later)})
                if engines.stamps(snapshot.path) != before:
                    raise SnapshotRefused(
                        f"La instantánea cambió mientras corría la regla {each.rule.id}. Nada de esto vale."
                    )
        finally:
            desk.forget(set())


@contextmanager
def spark_session(asked: Asked, options: Mapping[str, str] | None = None) -> Iterator["SparkSession"]:
    """The session already open, or one of the cluster of SIF_SPARK (or of this machine), stopped at the end.

    The memory asked for is that of this process and of each executor. Raises EngineMissing without the extra or Java.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ModuleNotFoundError as error:
        raise EngineMissing(
            f"El motor «spark» no está instalado (falta {error.name}). Instálelo con: pip install 'sif-abierto[spark]'."
        ) from error
    if (active := SparkSession.getActiveSession()) is not None:
        yield active
        return
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # Spark refuses workers of another Python than this
    logging.getLogger("py4j").setLevel(logging.ERROR)
    builder = SparkSession.builder.master(os.environ.get(URL) or f"local[{asked.threads}]").appName("sif auditar")
    settings = {
        "spark.driver.memory": asked.memory.replace("GB", "g"),
        "spark.executor.memory": asked.memory.replace("GB", "g"),
        "spark.log.level": "OFF",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",  # a sum beyond 64 bits is an error, never another number
        **(options or {}),
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except PySparkException as error:
        raise EngineMissing(
            f"Spark no arranca ({_first_line(error)}). Hace falta Java 17 o posterior, por ejemplo el paquete "
            "default-jre-headless; compruébelo con «java -version»."
        ) from error
    try:
        yield session
    finally:
        session.stop()


class SparkEngine:
    """The part of a DuckDB connection that makes tables and asks, answered by Spark: it takes the same SQL."""

    def __init__(self, session: "SparkSession") -> None:
        self.session = session
        self.kept: dict[str, DataFrame] = {}
        self._answer: DataFrame | None = None

    def execute(self, sql: str) -> "SparkEngine":
        """Ask, or make a table; a derived one is kept in the cluster. Raises the errors of PySpark."""
        name, query = translated(sql)
        frame = self.session.sql(query)
        if name is None:
            self._answer = frame
            return self
        if name in DERIVED:  # many rules read it: compute it once
            self.forget(name)
            frame = self.kept[name] = frame.persist()
        frame.createOrReplaceTempView(name)
        return self

    def fetchall(self) -> list[tuple[object, ...]]:
        """Return every row of the last answer."""
        return [] if self._answer is None else [tuple(row) for row in self._answer.collect()]

    def register(self, name: str, rows: pa.Table) -> None:
        """Show rows of this process to the queries."""
        self.session.createDataFrame(rows).createOrReplaceTempView(name)

    def unregister(self, name: str) -> None:
        """Hide those rows again; tables made from them stay."""
        self.session.catalog.dropTempView(name)

    def forget(self, name: str) -> None:
        """Give back the memory of a derived table."""
        if (frame := self.kept.pop(name, None)) is not None:
            frame.unpersist()


@lru_cache(maxsize=1024)
def translated(sql: str) -> tuple[str | None, str]:
    """Return the name of the table it makes, if any, and the question in the dialect of Spark.

    Null sorts last, `//` becomes DIV and DATE_DIFF counts days in both: the subset of rules has no other difference.
    """
    tree = sqlglot.parse_one(sql, read=DIALECT)
    if isinstance(tree, exp.Create):
        return tree.this.name, tree.expression.sql(dialect="spark", comments=False)
    return None, tree.sql(dialect="spark", comments=False)


class _Desk(duck.Desk):
    """A session over a snapshot, with the tables that the rules asked so far needed."""

    def __init__(self, session: "SparkSession", snapshot: Snapshot, asked: Asked, tell: Tell) -> None:
        self.session, self.kept = session, SparkEngine(session)
        # of a connection, the functions that make and ask use only what SparkEngine has
        super().__init__(cast(duckdb.DuckDBPyConnection, self.kept), snapshot, asked, tell)

    def show(self, name: str, contabilidad: int | None) -> None:
        """The same, as a view of the session."""
        publish(self.session, self.snapshot, name, contabilidad)

    def in_time(self, rule: str) -> AbstractContextManager[None]:
        """Return the same, of what runs in the cluster."""
        return stopped_in_time(self.session, rule)

    def make(self, name: str, sql: str) -> None:
        """The same, whole: the cluster parts its work by itself."""
        self.kept.execute(f"CREATE OR REPLACE TABLE {name} AS {sql}")

    def drop(self, name: str) -> None:
        """The same, in the cluster."""
        self.kept.forget(name)


def publish(session: "SparkSession", snapshot: Snapshot, name: str, contabilidad: int | None = None) -> None:
    """Show a table of the snapshot to the rules, or only the rows of one accounting. Raises SnapshotRefused."""
    seen, table = engines.columns_of(snapshot, name), published.TABLES[name]
    file = (snapshot.path / f"{name}.parquet").resolve()
    if seen == {field.name: field.type for field in schema_of(table)}:
        schema = ", ".join(f"{column.name} {SPARK_TYPES[column.type]}" for column in table.columns)
        frame = session.read.schema(schema).parquet(file.as_uri())
    else:
        frame = session.read.parquet(file.as_uri())
    if contabilidad is not None and "contabilidad_id" in seen:
        frame = frame.where(f"contabilidad_id = {contabilidad:d}")
    frame.createOrReplaceTempView(name)


def _bring(desk: _Desk, asked: RuleVersion, local: duckdb.DuckDBPyConnection, answers: Path) -> RuleVersion:
    """Ask the rule of Spark and bring the answer home; returns the version, asking of it alone. Raises RunFailed."""
    rule, folder = asked.rule, (answers / asked.rule.id).resolve()
    with desk.in_time(rule.id):
        engines.set_parameters(desk.engine, rule.parameters)
        universe = engines.integer(desk.engine, rule.universe)
        frame = desk.session.sql(translated(rule.query)[1])
        frame.write.mode("overwrite").parquet(folder.as_uri())
    with engines.time_limit(local, rule.id):
        engines.set_parameters(local, rule.parameters)
        types = {name: kind for name, kind, *_ in local.execute(f"DESCRIBE {rule.query}").fetchall()}
        columns = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in types.items())
        files = str(folder / "*.parquet").replace("'", "''")
        local.execute(f"CREATE OR REPLACE TABLE respuesta AS SELECT {columns} FROM read_parquet('{files}')")
    shutil.rmtree(folder)
    query = f"SELECT {', '.join(rule.columns)} FROM respuesta"
    return replace(asked, rule=replace(rule, query=query, universe=f"SELECT {universe} AS juzgados"))


def _make_empty(local: duckdb.DuckDBPyConnection) -> None:
    """Make every table without rows, to know of which type DuckDB would have given each column of an answer."""
    tables: list[Table] = [*published.TABLES.values(), *(entry.table for entry in DERIVED.values())]
    for table in tables:
        columns = ", ".join(f"{column.name} {column.sql_type}" for column in table.columns)
        local.execute(f"CREATE TABLE {table.name} ({columns})")


@contextmanager
def stopped_in_time(session: "SparkSession", rule: str) -> Iterator[None]:
    """Stop what runs beyond the seconds a rule may take. Raises RunFailed for that and for any error of Spark."""
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    fired = threading.Event()

    def stop() -> None:
        fired.set()
        session.sparkContext.cancelAllJobs()

    timer = threading.Timer(engines.SECONDS_PER_RULE, stop)
    timer.start()
    try:
        yield
    except (PySparkException, Py4JJavaError) as error:
        late = f"pasó de {engines.SECONDS_PER_RULE:g} segundos."
        raise RunFailed(rule, late if fired.is_set() else _first_line(error)) from error
    finally:
        timer.cancel()


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
