"""Judge rules over a snapshot on DuckDB: one narrow verdict a rule, counted once, whole only where somebody looks."""

import shutil
import time
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from sif.audit import engine as engines
from sif.audit.derived import build_derived, in_order
from sif.audit.engine import KEPT, RunFailed, Snapshot, SnapshotRefused, Tally, tables_of
from sif.audit.results import ROWS_AT_ONCE, Asked, Judged, Progress, Tell
from sif.audit.versions import RuleVersion
from sif.rulebook.binding import tables_named
from sif.rulebook.derived import DERIVED
from sif.rulebook.rule import NO_DATE, NOT_IN_FORCE, STATES, Rule

UNKNOWN = 255
WIDEST = 1_000_000_000
"""Numbers farther apart than this do not fit in the row of bits that proves a key does not repeat."""

VERSION = f"duckdb {duckdb.__version__}"


def judge(
    snapshot: Snapshot, versions: Sequence[RuleVersion], work: Path, asked: Asked, tell: Tell
) -> Generator[Judged]:
    """What each version says of an opened snapshot, in order, each in a folder of its own under `work`.

    Derived tables are made when first needed and dropped after their last rule. Raises SnapshotRefused, RunFailed.
    """
    before = engines.stamps(snapshot.path)
    with engines.locked_engine(
        memory=asked.memory, threads=asked.threads, work=work / "tmp", snapshot=snapshot.path
    ) as engine:
        desk = Desk(engine, snapshot, asked, tell)
        for place, version in enumerate(versions):
            desk.prepare(version)
            yield judge_one(desk, version, work)
            desk.forget({name for later in versions[place + 1 :] for name in desk.needed(later)})
            if engines.stamps(snapshot.path) != before:
                raise SnapshotRefused(
                    f"La instantánea cambió mientras corría la regla {version.rule.id}. Nada de esto vale."
                )


class Desk:
    """An engine over a snapshot, with the tables that the rules asked so far needed."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, snapshot: Snapshot, asked: Asked, tell: Tell) -> None:
        self.engine, self.snapshot, self.asked, self.tell = engine, snapshot, asked, tell
        self.made: dict[str, str] = {}
        self.shown: set[str] = set()
        self.narrow: bool | None = None

    def show(self, name: str, contabilidad: int | None) -> None:
        """Show a published table to the rules, or only the rows of one accounting. Raises SnapshotRefused."""
        engines.publish(self.engine, self.snapshot, name, contabilidad)

    def in_time(self, rule: str) -> AbstractContextManager[None]:
        """Stop what runs beyond the seconds a rule may take; its errors are RunFailed."""
        return engines.time_limit(self.engine, rule)

    def drop(self, name: str) -> None:
        """Give back the memory of a derived table."""
        self.engine.execute(f"DROP TABLE {name}")

    def prepare(self, version: RuleVersion) -> None:
        """Publish what the rule reads and make the derived tables that are not there, as its version defines them."""
        narrow = self.asked.contabilidad is not None and version.rule.reach == "contabilidad"
        if narrow != self.narrow:
            self.forget(set())
            self.shown.clear()
            self.narrow = narrow
        for name in sorted(tables_of(version.rule) - set(DERIVED) - self.shown):
            self.show(name, self.asked.contabilidad if narrow else None)
            self.shown.add(name)
        for name in in_order(self.needed(version)):
            if self.made.get(name) == version.derived[name]:
                continue
            started = time.perf_counter()
            with self.in_time(version.rule.id):
                if version.derived[name]:
                    self.engine.execute(f"CREATE OR REPLACE TABLE {name} AS {version.derived[name]}")
                else:
                    build_derived(self.engine, [name])
            self.made[name] = version.derived[name]
            self.tell(Progress("derivada", name, time.perf_counter() - started))

    def needed(self, version: RuleVersion) -> set[str]:
        """The derived tables that the rule names, and below one that is not there, those it is computed from."""
        needed: set[str] = set()
        left = set(named_by(version))
        while left:
            name = left.pop()
            needed.add(name)
            if self.made.get(name) != version.derived[name]:
                sql = version.derived[name]
                left |= (tables_named(sql) if sql else DERIVED[name].reads) & (version.derived.keys() - needed)
        return needed

    def forget(self, still: set[str]) -> None:
        """Drop the derived tables that no later rule reads."""
        for name in set(self.made) - still:
            self.drop(name)
            del self.made[name]


def named_by(version: RuleVersion) -> frozenset[str]:
    """The derived tables that a rule names itself; those they are computed from may go once they are made."""
    named = tables_named(version.rule.query) | tables_named(version.rule.universe)
    return named & version.derived.keys()


def judge_one(desk: Desk, version: RuleVersion, work: Path) -> Judged:
    """What a version says of the tables that are there, written in its folder under `work`. Raises RunFailed."""
    rule, engine, only = version.rule, desk.engine, desk.asked.contabilidad
    folder, started = work / rule.id, time.perf_counter()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with engines.time_limit(engine, rule.id):
        engines.set_parameters(engine, rule.parameters)
        types = _judge(engine, rule)
        _count(engine, rule)
        _check(engine, rule)
        mine = "TRUE" if only is None else f"contabilidad_id = {int(only)}"
        _write(engine, folder / "hallazgos.parquet", _kept_query(rule, types, mine))
        _write(engine, folder / "cobertura.parquet", _coverage_query(rule, mine))
        states = _states(engine, rule, mine)
        engine.execute("DROP TABLE veredicto; DROP TABLE cuentas_veredicto")
    judged = sum(tally.rows for tally in states.values())
    return Judged(version, folder, judged, states, time.perf_counter() - started)


def _names(rule: Rule) -> list[str]:
    return list(engines.states_of(rule))


def _narrow(rule: Rule) -> list[str]:
    return list(dict.fromkeys((*rule.key, "contabilidad_id", "monto")))


def _details(rule: Rule) -> list[str]:
    return [name for name in rule.columns if name != "resultado" and name not in _narrow(rule)]


def _judge(engine: duckdb.DuckDBPyConnection, rule: Rule) -> dict[str, str]:
    """Make `veredicto`: key, accounting, amount and number of the result; the other columns, as text, only where
    somebody must look. Returns the type of each column of the query."""
    names, states = _names(rule), engines.states_of(rule)
    number = {name: f"CAST({place} AS UTINYINT)" for place, name in enumerate(names)}
    whens = " ".join(f"WHEN '{outcome.name}' THEN {number[outcome.name]}" for outcome in rule.outcomes)
    kept = ", ".join(number[name] for name in names if states[name] in KEPT)
    texts = ", ".join(f"CAST({name} AS VARCHAR)" for name in _details(rule)) or "NULL"
    types = {name: kind for name, kind, *_ in engine.execute(f"DESCRIBE {rule.query}").fetchall()}
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE veredicto AS SELECT {', '.join(_narrow(rule))}, cual, "
        f"CASE WHEN cual IN ({kept}) THEN [{texts}] END AS detalle FROM (SELECT q.*, "
        f"CASE WHEN q.{rule.day} IS NULL THEN {number[NO_DATE]} WHEN q.{rule.day} < DATE '{rule.since}' "
        f"OR q.{rule.day} >= DATE '{rule.ends}' THEN {number[NOT_IN_FORCE]} "
        f"ELSE CASE q.resultado {whens} ELSE CAST({UNKNOWN} AS UTINYINT) END END AS cual FROM ({rule.query}) AS q) "
        "AS juicio"
    )
    return types


def _count(engine: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE cuentas_veredicto AS SELECT contabilidad_id, cual, COUNT(*) AS renglones, "
        "COUNT(monto) AS con_monto, CAST(COALESCE(SUM(monto), 0) AS BIGINT) AS monto FROM veredicto "
        "GROUP BY contabilidad_id, cual"
    )


def _check(engine: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    """Nothing is kept of a verdict that is not whole. Raises RunFailed."""
    judged = engines.integer(engine, "SELECT SUM(renglones) FROM cuentas_veredicto")
    universe = engines.integer(engine, rule.universe)
    if judged != universe:
        raise RunFailed(rule.id, f"juzgó {judged} renglones y el universo tiene {universe}.")
    if judged and not any(_is_unique(engine, column, judged) for column in rule.key):
        engines.refuse_repeated(engine, rule)
    names, states = _names(rule), engines.states_of(rule)
    found = ", ".join(str(place) for place, name in enumerate(names) if states[name] == "hallazgo")
    if engines.integer(engine, f"SELECT COUNT(*) FROM cuentas_veredicto WHERE cual = {UNKNOWN}"):
        raise RunFailed(rule.id, f"dio el resultado «{_unknown(engine, rule)}», que no está en outcomes.")
    for wrong, says in (
        (f"cual IN ({found}) AND con_monto < renglones", "un hallazgo no trae importe (monto)."),
        (f"cual IN ({found}) AND contabilidad_id IS NULL", "un hallazgo no trae contabilidad (contabilidad_id)."),
    ):
        if engines.integer(engine, f"SELECT COUNT(*) FROM cuentas_veredicto WHERE {wrong}"):
            raise RunFailed(rule.id, says)


def _unknown(engine: duckdb.DuckDBPyConnection, rule: Rule) -> str | None:
    """The first result that no outcome has, asked of the query again: the verdict only counts it."""
    known = ", ".join(f"'{outcome.name}'" for outcome in rule.outcomes)
    asked = f"SELECT resultado FROM ({rule.query}) WHERE resultado IS NULL OR resultado NOT IN ({known}) ORDER BY ALL"
    ((result,),) = engine.execute(f"{asked} LIMIT 1").fetchall()
    return str(result) if result is not None else None


def _is_unique(engine: duckdb.DuckDBPyConnection, column: str, judged: int) -> bool:
    """Whether a column of whole numbers alone never repeats: as many bits set as rows. False proves nothing."""
    query = f"SELECT MIN({column}), MAX({column}), typeof(MIN({column})) FROM veredicto"
    first, last, kind = engine.execute(query).fetchall()[0]
    if kind not in ("BIGINT", "INTEGER") or first is None or last - first >= WIDEST:
        return False
    bits = f"SELECT bit_count(bitstring_agg({column}, CAST({first} AS {kind}), CAST({last} AS {kind}))) FROM veredicto"
    return engines.integer(engine, bits) == judged


def _kept_query(rule: Rule, types: dict[str, str], mine: str) -> str:
    """Whole rows of the states kept, in order of key; a sum of 128 bits comes out in 64, or fails."""
    names, states, details = _names(rule), engines.states_of(rule), _details(rule)
    columns = []
    for name in rule.columns:
        if name == "resultado":
            columns.append(f"CASE cual {' '.join(f"WHEN {n} THEN '{text}'" for n, text in enumerate(names))} END")
        else:
            kind = "BIGINT" if types[name] == "HUGEINT" else types[name]
            source = f"detalle[{details.index(name) + 1}]" if name in details else name
            columns.append(f"CAST({source} AS {kind})")
        columns[-1] += f" AS {name}"
    kept = ", ".join(str(place) for place, name in enumerate(names) if states[name] in KEPT)
    order = ", ".join(f"veredicto.{name}" for name in rule.key)
    return f"SELECT {', '.join(columns)} FROM veredicto WHERE cual IN ({kept}) AND {mine} ORDER BY {order}"


def _state(rule: Rule) -> str:
    states = engines.states_of(rule)
    return f"CASE cual {' '.join(f"WHEN {n} THEN '{states[name]}'" for n, name in enumerate(_names(rule)))} END"


def _coverage_query(rule: Rule, mine: str) -> str:
    return (
        f"SELECT contabilidad_id, {_state(rule)} AS estado, CAST(SUM(renglones) AS BIGINT) AS renglones, "
        f"CAST(SUM(monto) AS BIGINT) AS monto FROM cuentas_veredicto WHERE contabilidad_id IS NOT NULL AND {mine} "
        "GROUP BY ALL ORDER BY ALL"
    )


def _states(engine: duckdb.DuckDBPyConnection, rule: Rule, mine: str) -> dict[str, Tally]:
    rows = engine.execute(
        f"SELECT {_state(rule)} AS estado, SUM(renglones), SUM(monto) FROM cuentas_veredicto WHERE {mine} "
        "GROUP BY estado"
    ).fetchall()
    return {state: Tally() for state in STATES} | {state: Tally(int(count), int(sum_)) for state, count, sum_ in rows}


def _write(engine: duckdb.DuckDBPyConnection, path: Path, query: str) -> None:
    """The engine may write no file: its rows come out little by little and are written here."""
    reader = engine.sql(query).to_arrow_reader(ROWS_AT_ONCE)
    with pq.ParquetWriter(path, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)
