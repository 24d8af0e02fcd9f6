"""Run rules on a locked DuckDB over a frozen snapshot."""

import hashlib
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from sif.audit.derived import build_derived, load_rows, schema_of
from sif.registry.files import NotAFile, digest_of, read_json
from sif.rulebook import published
from sif.rulebook.binding import tables_read
from sif.rulebook.derived import DERIVED
from sif.rulebook.rule import NO_DATE, NOT_IN_FORCE, STATES, Cell, Rule, RuleParameter

SECONDS_PER_RULE = 900.0
"""After this long a rule is interrupted: a query that runs away must not hold the review."""

SMALL = 100_000
"""Rows up to which a table is read once and kept; a longer one is read from its file by each rule."""

_READERS = 2
"""Files whose digest is taken at once."""

KEPT = frozenset({"hallazgo", "sin_dato"})
"""States whose rows somebody must look at; the rest is counted in the coverage."""

Row = dict[str, Any]


class SnapshotRefused(ValueError):
    """The folder is not a snapshot, or something in it is no longer what its manifest says."""


class RunFailed(RuntimeError):
    """A rule did not run whole, so nothing it said counts; the message names the rule and the reason."""

    def __init__(self, rule: str, reason: str) -> None:
        self.rule, self.reason = rule, reason
        super().__init__(f"La regla {rule} no corrió: {reason}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A frozen snapshot whose files were checked: its digest and the number of rows of each table.

    named: it was opened by a digest kept elsewhere, so its columns are those of its day and not those of today.
    """

    path: Path
    digest: str
    rows: dict[str, int]
    named: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """A count of rows and the sum of their centavos."""

    rows: int = 0
    monto: int = 0


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A dated value of a parameter that was law on the day of some judged row."""

    name: str
    desde: date
    hasta: date
    valor: int
    unit: str
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A judged row that is not `cumple`: what it is, how much (centavos), and what the rule says of it."""

    key: str
    contabilidad_id: int | None
    group: str
    day: date | None
    monto: int | None
    resultado: str
    state: str
    row: Row
    message: str
    asks: str
    sanction: str


@dataclass(frozen=True, slots=True)
class RuleRun:
    """The result of a rule on some books: coverage per accounting and state, and every row of the states KEPT."""

    rule: str
    digest: str
    judged: int
    coverage: dict[int | None, dict[str, Tally]]
    findings: tuple[Finding, ...]
    seconds: float

    def total(self, state: str) -> Tally:
        """Rows and centavos in that state, over every accounting."""
        tallies = [states[state] for states in self.coverage.values()]
        return Tally(sum(t.rows for t in tallies), sum(t.monto for t in tallies))


def manifest_digest(tables: Mapping[str, Mapping[str, object]]) -> str:
    """The digest that names a snapshot: SHA-256 over a line `name rows sha256` of each table, in order of name."""
    lines = (f"{name} {tables[name]['rows']} {tables[name]['sha256']}\n" for name in sorted(tables))
    return hashlib.sha256("".join(lines).encode("utf-8")).hexdigest()


def open_snapshot(path: Path) -> Snapshot:
    """Return the snapshot in a folder, every file checked against its manifest. Raises SnapshotRefused."""
    return open_tables(path, None, None)


def open_tables(path: Path, needed: frozenset[str] | None, named: str | None) -> Snapshot:
    """Return the snapshot in a folder with only the files of some tables checked (None: all).

    `named`: the digest that it must have (None: the one its manifest says). Raises SnapshotRefused.
    """
    try:
        manifest = read_json(path / "manifest.json")
        tables: dict[str, dict[str, Any]] = manifest["tables"]
        digest: str = manifest["digest"]
    except (OSError, ValueError, KeyError) as error:
        raise SnapshotRefused(
            f"{path.name} no es una instantánea: no se lee su manifest.json. Congélela de nuevo."
        ) from error
    unknown = sorted(set(tables) - set(published.TABLES))
    if unknown and named is None:
        raise SnapshotRefused(
            f"La instantánea trae tablas que no se publican: {', '.join(unknown)}. Congélela de nuevo."
        )
    checked = [name for name in tables if needed is None or name in needed]
    with ThreadPoolExecutor(_READERS) as pool:
        digests = pool.map(_sha256, (path / f"{name}.parquet" for name in checked))
        for name, seen in zip(checked, digests, strict=True):
            if seen != tables[name]["sha256"]:
                raise SnapshotRefused(f"{name}.parquet no es el archivo que se congeló (cambió su SHA-256). No la use.")
    if manifest_digest(tables) != digest or named not in (None, digest):
        raise SnapshotRefused("El manifiesto no corresponde a su propio resumen digital. No use esta instantánea.")
    return Snapshot(path, digest, {name: int(entry["rows"]) for name, entry in tables.items()}, named is not None)


def _sha256(path: Path) -> str:
    try:
        return sha256_of(path)
    except FileNotFoundError as gone:
        raise SnapshotRefused(
            f"Falta {path.name}, que el manifiesto anuncia. Congele la instantánea de nuevo."
        ) from gone
    except NotAFile as other:
        raise SnapshotRefused(f"{path.name} no es un archivo. Congele la instantánea de nuevo.") from other


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file of a snapshot or of its results, in hexadecimal. Raises as `open_regular`."""
    return digest_of(path, links=False)


@contextmanager
def locked_engine(
    *,
    memory: str = "1GB",
    threads: int = 1,
    work: Path | None = None,
    snapshot: Path | None = None,
    held: str = "0GB",
) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine in memory that reads no file but those of the snapshot, writes none but its own temporary ones, and
    whose configuration can no longer be changed.

    held: the part of its memory that it does not give back between one question and the next.
    """
    config: dict[str, Any] = {
        "memory_limit": memory,
        "threads": threads,
        "block_allocator_memory": held,
        "python_enable_replacements": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "preserve_insertion_order": False,
        "disabled_optimizers": "statistics_propagation",  # it loses rows: ADR 0146
        "nested_loop_join_threshold": 1000,  # a figure has a few dated values: comparing them all beats sorting
        "temp_directory": "",
    }
    if work is not None:
        shutil.rmtree(work, ignore_errors=True)  # what an engine that died left behind stays on disk otherwise
        work.mkdir(parents=True)
        config["temp_directory"] = str(work)
    engine = duckdb.connect(":memory:", config=config)
    try:
        if snapshot is not None:
            folder = str(snapshot.resolve()).replace("'", "''")
            engine.execute(f"SET allowed_directories = ['{folder}/']")
        engine.execute("SET enable_external_access = false")
        engine.execute("SET lock_configuration = true")
        yield engine
    finally:
        engine.close()
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)


@contextmanager
def time_limit(engine: duckdb.DuckDBPyConnection, rule: str) -> Iterator[None]:
    """Interrupt what runs beyond SECONDS_PER_RULE. Raises RunFailed for that and any error of engine or disk."""
    fired = threading.Event()

    def stop() -> None:
        fired.set()
        engine.interrupt()

    timer = threading.Timer(SECONDS_PER_RULE, stop)
    timer.start()
    try:
        yield
    except duckdb.Error as error:
        reason = f"pasó de {SECONDS_PER_RULE:g} segundos." if fired.is_set() else str(error).splitlines()[0]
        raise RunFailed(rule, reason) from error
    except OSError as error:
        raise RunFailed(
            rule, f"no se pudo escribir ({error}). Libere espacio y corra de nuevo: lo terminado sigue ahí."
        ) from error
    finally:
        timer.cancel()


def tables_of(rule: Rule) -> frozenset[str]:
    """Return the published and derived tables a rule needs, with those from which the derived ones are computed."""
    return _tables_of(rule.query, rule.universe)


@lru_cache(maxsize=512)
def _tables_of(query: str, universe: str) -> frozenset[str]:
    return tables_read(query) | tables_read(universe)


def stamps(snapshot: Path) -> dict[str, tuple[int, int]]:
    """Size and time of change of each file: what a run compares to know that nobody touched the snapshot."""
    return {file.name: (file.stat().st_size, file.stat().st_mtime_ns) for file in snapshot.iterdir()}


def publish(engine: duckdb.DuckDBPyConnection, snapshot: Snapshot, name: str, contabilidad: int | None = None) -> None:
    """Show a table of the snapshot to the rules, or only the rows of one accounting. Raises SnapshotRefused."""
    columns = columns_of(snapshot, name)
    file = str((snapshot.path / f"{name}.parquet").resolve()).replace("'", "''")
    narrow = contabilidad is not None and "contabilidad_id" in columns
    where = f" WHERE contabilidad_id = {contabilidad:d}" if narrow else ""
    kind = "TABLE" if snapshot.rows[name] <= SMALL else "VIEW"
    engine.execute(f"CREATE OR REPLACE {kind} {name} AS SELECT * FROM read_parquet('{file}'){where}")


def columns_of(snapshot: Snapshot, name: str) -> dict[str, pa.DataType]:
    """Return the columns of a table of the snapshot, those published today unless it was opened by its digest.

    Raises SnapshotRefused.
    """
    if name not in snapshot.rows:
        raise SnapshotRefused(f"La instantánea no trae la tabla {name}, que las reglas leen. Congélela de nuevo.")
    seen = {field.name: field.type for field in pq.read_schema(snapshot.path / f"{name}.parquet")}
    wanted = {field.name: field.type for field in schema_of(published.TABLES[name])}
    if seen != wanted and not snapshot.named:
        wrong = sorted(f"{column}: {kind}" for column, kind in seen.items() ^ wanted.items())
        raise SnapshotRefused(f"{name}.parquet no tiene las columnas publicadas: {wrong}. Congélela de nuevo.")
    return seen


def load_tables(
    engine: duckdb.DuckDBPyConnection, tables: Mapping[str, Sequence[Sequence[object]]], needed: frozenset[str]
) -> None:
    """Make the needed tables from rows at hand; a derived one not given is computed."""
    for name in sorted(needed):
        if name in tables or name not in DERIVED:
            table = DERIVED[name].table if name in DERIVED else published.TABLES[name]
            load_rows(engine, table, tables.get(name, ()))
    build_derived(engine, {name for name in needed if name in DERIVED and name not in tables}, settings.JURISDICTION)


def set_parameters(engine: duckdb.DuckDBPyConnection, parameters: Sequence[RuleParameter]) -> None:
    """Make the relation p_<name>(desde, hasta, valor) of each parameter, seen by this connection alone."""
    for parameter in parameters:
        values = ", ".join(f"(DATE '{v.desde}', DATE '{v.hasta}', CAST({v.valor} AS BIGINT))" for v in parameter.values)
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE p_{parameter.name} AS SELECT * FROM (VALUES {values}) "
            "AS t(desde, hasta, valor)"
        )


def judge(engine: duckdb.DuckDBPyConnection, rule: Rule, query: str | None = None) -> None:
    """Make the table `veredicto` with one row per unit judged; the engine answers for a day missing or not in force."""
    columns = ", ".join(f"q.{name}" for name in rule.columns if name != "resultado")
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE veredicto AS SELECT {columns}, CASE WHEN q.{rule.day} IS NULL THEN '{NO_DATE}' "
        f"WHEN q.{rule.day} < DATE '{rule.since}' OR q.{rule.day} >= DATE '{rule.ends}' THEN '{NOT_IN_FORCE}' "
        f"ELSE q.resultado END AS resultado FROM ({query or rule.query}) AS q"
    )


def check_verdict(engine: duckdb.DuckDBPyConnection, rule: Rule) -> tuple[int, int]:
    """Rows judged and universe, once sure that the verdict is whole. Raises RunFailed."""
    judged, universe = integer(engine, "SELECT COUNT(*) FROM veredicto"), integer(engine, rule.universe)
    if judged != universe:
        raise RunFailed(rule.id, f"juzgó {judged} renglones y el universo tiene {universe}.")
    refuse_repeated(engine, rule)
    states = states_of(rule)
    for (result,) in engine.execute("SELECT DISTINCT resultado FROM veredicto").fetchall():
        if result not in states:
            raise RunFailed(rule.id, f"dio el resultado «{result}», que no está en outcomes.")
    found = ", ".join(f"'{name}'" for name, state in states.items() if state == "hallazgo")
    for column, noun in (("monto", "importe"), (rule.day, "fecha"), ("contabilidad_id", "contabilidad")):
        if integer(engine, f"SELECT COUNT(*) FROM veredicto WHERE {column} IS NULL AND resultado IN ({found})"):
            raise RunFailed(rule.id, f"un hallazgo no trae {noun} ({column}).")
    return judged, universe


def refuse_repeated(engine: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    """Raise RunFailed, naming the first, if a key stands twice in the verdict."""
    keys = ", ".join(rule.key)
    repeated = engine.execute(
        f"SELECT {keys} FROM veredicto GROUP BY {keys} HAVING COUNT(*) > 1 ORDER BY {keys} LIMIT 1"
    )
    for row in repeated.fetchall():
        raise RunFailed(rule.id, f"la llave {_joined(rule.key, dict(zip(rule.key, row, strict=True)))} se repite.")


def verdict_rows(engine: duckdb.DuckDBPyConnection, rule: Rule, *, states: frozenset[str] | None = None) -> list[Row]:
    """Return the rows of the verdict in order of key, all or only those of some states."""
    named = [name for name, state in states_of(rule).items() if states is None or state in states]
    where = "" if states is None else "WHERE resultado IN ({})".format(", ".join(f"'{name}'" for name in named) or "''")
    cursor = engine.execute(f"SELECT * FROM veredicto {where} ORDER BY {', '.join(rule.key)}")
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def integer(engine: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The one integer a query gives; none is 0."""
    rows = engine.execute(sql).fetchall()  # to the end: a result half read holds the connection
    return int(rows[0][0] or 0) if rows else 0


def states_of(rule: Rule) -> dict[str, str]:
    """The state of each result a rule can give, the two of the engine included."""
    return {name: rule.outcome(name).state for name in (*(o.name for o in rule.outcomes), NO_DATE, NOT_IN_FORCE)}


def coverage_of(engine: duckdb.DuckDBPyConnection, rule: Rule) -> dict[int | None, dict[str, Tally]]:
    """Rows and centavos of the verdict by accounting and state."""
    states = states_of(rule)
    coverage: dict[int | None, dict[str, Tally]] = {}
    rows = engine.execute(
        "SELECT contabilidad_id, resultado, COUNT(*), SUM(monto) FROM veredicto "
        "GROUP BY contabilidad_id, resultado ORDER BY contabilidad_id, resultado"
    ).fetchall()
    for contabilidad, result, count, amount in rows:
        tallies = coverage.setdefault(contabilidad, {state: Tally() for state in STATES})
        seen = tallies[states[result]]
        tallies[states[result]] = Tally(seen.rows + count, seen.monto + int(amount or 0))
    return coverage


def finding_of(rule: Rule, row: Row) -> Finding:
    """Build the finding of one row of a rule's verdict."""
    outcome = rule.outcome(row["resultado"])
    key = _joined(rule.key, row)
    return Finding(
        key=key,
        contabilidad_id=row["contabilidad_id"],
        group=_joined(rule.group, row) if rule.group else key,
        day=row[rule.day],
        monto=row["monto"],
        resultado=outcome.name,
        state=outcome.state,
        row=row,
        message=rule.say(outcome.name, row),
        asks=rule.ask(outcome.name, row),
        sanction=outcome.sanction,
    )


def _joined(columns: Sequence[str], row: Mapping[str, Cell]) -> str:
    return ";".join(f"{name}={'' if row[name] is None else row[name]}" for name in columns)
