"""Evaluate rules on DuckDB to (key, outcome), and fetch full rows only for findings."""

import time
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import batched, pairwise
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
from django.conf import settings

from sif.audit import engine as engines
from sif.audit.derived import build_derived, in_order
from sif.audit.engine import KEPT, RunFailed, Snapshot, SnapshotRefused, Tally, tables_of
from sif.audit.results import ROWS_AT_ONCE, Asked, Judged, Progress, Tell
from sif.audit.versions import RuleVersion
from sif.rulebook.binding import tables_named
from sif.rulebook.derived import DERIVED
from sif.rulebook.rule import NO_DATE, NOT_IN_FORCE, STATES, Rule

AT_ONCE = 2
"""Rules judged at the same time."""

AHEAD = AT_ONCE + 1
"""Rules handed out: those being judged and the next, whose tables are there."""

ROOM = 100
"""Bytes of memory for each row of the snapshot below which two rules at once would go through the disk."""

PIECE = 1_000_000
"""Pólizas for which a long derived table is computed at a time: what it groups and joins by then fits in memory."""

HELD = 80
"""Percent of its memory that the engine keeps from one question to the next (ADR 0344)."""

_UNITS = {"MB": 10**6, "GB": 10**9}

UNKNOWN = 255
WIDEST = 1_000_000_000
"""Numbers farther apart than this do not fit in the row of bits that proves a key does not repeat."""

VERSION = f"duckdb {duckdb.__version__}"


def judge(
    snapshot: Snapshot, versions: Sequence[RuleVersion], work: Path, asked: Asked, tell: Tell
) -> Generator[Judged]:
    """Run each rule version over an opened snapshot, in order, and yield its result in its own folder under `work`.

    Derived tables are made when first needed and dropped after their last rule. While the result of one rule is counted
    and written, the query of another runs (ADR 0148). Raises SnapshotRefused, RunFailed.
    """
    before = engines.stamps(snapshot.path)
    with (
        engines.locked_engine(
            memory=asked.memory,
            threads=asked.threads,
            work=work / "tmp",
            snapshot=snapshot.path,
            held=f"{_bytes(asked.memory) * HELD // 100}B",
        ) as engine,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        desk = Desk(engine, snapshot, asked, tell)
        left, asking, ahead = deque(versions), deque[_Asking](), handed_out(snapshot, asked.memory)
        try:
            while left or asking:
                if left and len(asking) < ahead and not (asking and desk.replaces(left[0])):
                    desk.prepare(left[0])
                    asking.append(_Asking.start(pool, desk, left.popleft(), work / str(len(left))))
                    continue
                done = asking[0].answer.result()
                asking.popleft()
                yield done
                later = *(each.version for each in asking), *left
                desk.forget({name for version in later for name in desk.needed(version)})
                if engines.stamps(snapshot.path) != before:
                    raise SnapshotRefused(
                        f"La instantánea cambió mientras corría la regla {done.version.rule.id}. Nada de esto vale."
                    )
        finally:
            for each in asking:
                each.stop()


def handed_out(snapshot: Snapshot, memory: str) -> int:
    """Return the number of rules to hand out at once: 1 when memory («4GB») is short for the rows of the snapshot."""
    is_ample = _bytes(memory) >= ROOM * sum(snapshot.rows.values())
    return AHEAD if is_ample else 1


def _bytes(memory: str) -> int:
    return int(memory[:-2]) * _UNITS[memory[-2:]]


@dataclass(frozen=True, slots=True)
class _Asking:
    """A version being judged on a connection of its own."""

    version: RuleVersion
    engine: duckdb.DuckDBPyConnection
    answer: Future[Judged]

    @classmethod
    def start(cls, pool: ThreadPoolExecutor, desk: "Desk", version: RuleVersion, folder: Path) -> "_Asking":
        engine = desk.engine.cursor()

        def ask() -> Judged:
            with engine:
                return judge_one(engine, version, folder, desk.asked.contabilidad)

        return cls(version, engine, pool.submit(ask))

    def stop(self) -> None:
        """Give up its answer and come back when nothing of it runs."""
        self.answer.cancel()
        while not self.answer.done():
            self.engine.interrupt()  # of the question at hand: until the next one there may be none
            wait([self.answer], 0.05)


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
        narrow = self._is_narrow(version)
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
                    self.make(name, version.derived[name])
                else:
                    build_derived(self.engine, [name], settings.JURISDICTION)
            self.made[name] = version.derived[name]
            self.tell(Progress("derivada", name, time.perf_counter() - started))

    def make(self, name: str, sql: str) -> None:
        """Make a derived table whole or, where it can be, by pieces of PIECE pólizas (ADR 0343)."""
        parts = pieces(self.engine, self.snapshot) if DERIVED[name].pieces and not self.narrow else []
        first, *others = [f"SELECT * FROM ({sql}) WHERE {part}" for part in parts] or [sql]
        self.engine.execute(f"CREATE OR REPLACE TABLE {name} AS {first}")
        for other in others:
            self.engine.execute(f"INSERT INTO {name} {other}")

    def replaces(self, version: RuleVersion) -> bool:
        """Return whether to prepare it changes tables that other rules may be reading."""
        return self._is_narrow(version) != self.narrow or any(
            self.made.get(name, sql) != sql for name, sql in version.derived.items()
        )

    def _is_narrow(self, version: RuleVersion) -> bool:
        return self.asked.contabilidad is not None and version.rule.reach == "contabilidad"

    def needed(self, version: RuleVersion) -> set[str]:
        """Return the derived tables that the rule names, and below one that is not there, those it is computed from."""
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


def pieces(engine: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> list[str]:
    """Return conditions that part the pólizas of a snapshot, whatever their number; none if they are one piece."""
    path = str((snapshot.path / "polizas.parquet").resolve()).replace("'", "''")
    many = snapshot.rows.get("polizas", 0) // PIECE
    if many < 2:
        return []
    asked = f"SELECT MIN(poliza_id), MAX(poliza_id) FROM read_parquet('{path}')"
    ((least, most),) = engine.execute(asked).fetchall()
    cuts = [least + (most - least + 1) * place // many for place in range(1, many)]
    between = [f"poliza_id >= {low} AND poliza_id < {high}" for low, high in pairwise(cuts)]
    return [f"poliza_id < {cuts[0]}", *between, f"poliza_id >= {cuts[-1]}"]


def named_by(version: RuleVersion) -> frozenset[str]:
    """Return the derived tables that a rule names itself; those they are computed from may go once they are made."""
    named = tables_named(version.rule.query) | tables_named(version.rule.universe)
    return named & version.derived.keys()


def judge_one(engine: duckdb.DuckDBPyConnection, version: RuleVersion, folder: Path, only: int | None = None) -> Judged:
    """Run a rule version over the tables of an engine and write its result, for one accounting or all, to a new folder.

    Raises RunFailed.
    """
    rule = version.rule
    started = time.perf_counter()
    folder.mkdir(parents=True)
    with engines.time_limit(engine, rule.id):
        engines.set_parameters(engine, rule.parameters)
        types = _judge(engine, rule)
        mine = "TRUE" if only is None else f"contabilidad_id = {int(only)}"
        counts = _count(engine, mine)
        _check(engine, rule, counts, [name for name in rule.key if types[name] in ("BIGINT", "INTEGER")])
        _write(engine, folder / "hallazgos.parquet", _kept_query(rule, types, mine))
        _write(engine, folder / "cobertura.parquet", _coverage_query(rule, mine))
        engine.execute("DROP TABLE veredicto; DROP TABLE cuentas_veredicto")
    states = _states(rule, counts)
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


@dataclass(frozen=True, slots=True)
class _Count:
    """The counts of a rule's verdict for one result.

    rows: all rows; without_amount: rows with no amount; without_accounting: groups with no contabilidad; mine: rows and
    centavos of the accountings asked for.
    """

    rows: int
    without_amount: int
    without_accounting: int
    mine: Tally


def _count(engine: duckdb.DuckDBPyConnection, mine: str) -> dict[int, _Count]:
    """Count the verdict by accounting and number of the result, in `cuentas_veredicto`, and that by number."""
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE cuentas_veredicto AS SELECT contabilidad_id, cual, COUNT(*) AS renglones, "
        "COUNT(monto) AS con_monto, CAST(COALESCE(SUM(monto), 0) AS BIGINT) AS monto FROM veredicto "
        "GROUP BY contabilidad_id, cual"
    )
    rows = engine.execute(
        "SELECT cual, SUM(renglones), SUM(renglones - con_monto), COUNT(CASE WHEN contabilidad_id IS NULL THEN 1 END), "
        f"SUM(CASE WHEN {mine} THEN renglones ELSE 0 END), SUM(CASE WHEN {mine} THEN monto ELSE 0 END) "
        "FROM cuentas_veredicto GROUP BY cual"
    ).fetchall()
    return {
        cual: _Count(int(count), int(bare), lost, Tally(int(my_count), int(my_amount)))
        for cual, count, bare, lost, my_count, my_amount in rows
    }


def _check(engine: duckdb.DuckDBPyConnection, rule: Rule, counts: Mapping[int, _Count], whole: Sequence[str]) -> None:
    """Nothing is kept of a verdict that is not whole; `whole`: columns of the key that are whole numbers.

    Raises RunFailed.
    """
    judged = sum(count.rows for count in counts.values())
    universe = engines.integer(engine, rule.universe)
    if judged != universe:
        raise RunFailed(rule.id, f"juzgó {judged} renglones y el universo tiene {universe}.")
    if judged and not _is_unique(engine, whole, judged):
        engines.refuse_repeated(engine, rule)
    if UNKNOWN in counts:
        raise RunFailed(rule.id, f"dio el resultado «{_unknown(engine, rule)}», que no está en outcomes.")
    states = engines.states_of(rule)
    found = [counts[n] for n, name in enumerate(_names(rule)) if n in counts and states[name] == "hallazgo"]
    if any(count.without_amount for count in found):
        raise RunFailed(rule.id, "un hallazgo no trae importe (monto).")
    if any(count.without_accounting for count in found):
        raise RunFailed(rule.id, "un hallazgo no trae contabilidad (contabilidad_id).")


def _unknown(engine: duckdb.DuckDBPyConnection, rule: Rule) -> str | None:
    """Return the first result that no outcome has, asked of the query again: the verdict only counts it."""
    known = ", ".join(f"'{outcome.name}'" for outcome in rule.outcomes)
    asked = f"SELECT resultado FROM ({rule.query}) WHERE resultado IS NULL OR resultado NOT IN ({known}) ORDER BY ALL"
    ((result,),) = engine.execute(f"{asked} LIMIT 1").fetchall()
    return str(result) if result is not None else None


def _is_unique(engine: duckdb.DuckDBPyConnection, whole: Sequence[str], judged: int) -> bool:
    """Return whether one of some integer columns has no repeated value: as many distinct values as rows judged.

    False proves nothing: a range of values wider than WIDEST is not tested.
    """
    if not whole:
        return False
    ends = ", ".join(f"MIN({column}), MAX({column})" for column in whole)
    found = engine.execute(f"SELECT {ends} FROM veredicto").fetchall()[0]
    return any(
        first is not None
        and judged <= last - first + 1 <= WIDEST
        and engines.integer(engine, f"SELECT bit_count(bitstring_agg({column}, {first}, {last})) FROM veredicto")
        == judged
        for column, (first, last) in zip(whole, batched(found, 2), strict=True)
    )


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


def _states(rule: Rule, counts: Mapping[int, _Count]) -> dict[str, Tally]:
    names, states = _names(rule), engines.states_of(rule)
    tallies = {state: Tally() for state in STATES}
    for number, count in counts.items():
        seen = tallies[states[names[number]]]
        tallies[states[names[number]]] = Tally(seen.rows + count.mine.rows, seen.monto + count.mine.monto)
    return tallies


def _write(engine: duckdb.DuckDBPyConnection, path: Path, query: str) -> None:
    """The engine may write no file: its rows come out little by little and are written here."""
    reader = engine.sql(query).to_arrow_reader(ROWS_AT_ONCE)
    with pq.ParquetWriter(path, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)
