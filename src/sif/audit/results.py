"""Ask rules of a snapshot and keep what each said in files of its own, whole or not at all, so that a run can go on."""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from sif.audit import engine as engines
from sif.audit.derived import build_derived, in_order
from sif.audit.engine import Finding, ParameterRow, Snapshot, SnapshotRefused, Tally, tables_of
from sif.audit.versions import RuleVersion, version_of
from sif.rulebook.derived import DERIVED
from sif.rulebook.rule import NO_DATE, NOT_IN_FORCE, STATES, Rule

KEPT = ("hallazgo", "sin_dato")
"""States whose rows somebody must look at; the rest is counted in the coverage."""

ROWS_AT_ONCE = 20_000
MEMORY, THREADS = "2GB", 2


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What a rule said of a snapshot, kept in `folder`. `reused`: it was there already and was not run again.

    seconds: of the rule alone; derived tables that it shares with others are told apart (`Progress`).
    """

    version: RuleVersion
    folder: Path
    judged: int
    states: Mapping[str, Tally]
    seconds: float
    reused: bool = False

    def coverage(self) -> Iterator[tuple[int, dict[str, Tally]]]:
        """(contabilidad, rows and centavos by state) of each accounting it judged."""
        by_book: dict[int, dict[str, Tally]] = {}
        for row in pq.read_table(self.folder / "cobertura.parquet").to_pylist():
            tallies = by_book.setdefault(row["contabilidad_id"], {state: Tally() for state in STATES})
            tallies[row["estado"]] = Tally(row["renglones"], row["monto"])
        yield from by_book.items()

    def findings(self) -> Iterator[Finding]:
        """Every row that somebody must look at, in order of key, read little by little."""
        with pq.ParquetFile(self.folder / "hallazgos.parquet") as file:
            for batch in file.iter_batches(ROWS_AT_ONCE):
                for row in batch.to_pylist():
                    yield engines.finding_of(self.version.rule, {k: _whole(v) for k, v in row.items()})

    def parameters_on(self, day: date | None) -> tuple[ParameterRow, ...]:
        """The figures of law in force that day."""
        if day is None:
            return ()
        return tuple(
            ParameterRow(p.name, v.desde, v.hasta, v.valor, p.unit, p.basis, p.source)
            for p in self.version.rule.parameters if (v := p.on(day)) is not None
        )  # fmt: skip


def _whole(value: object) -> Any:
    return int(value) if isinstance(value, Decimal) else value  # a wide sum comes back from its file as a decimal


@dataclass(frozen=True, slots=True)
class Progress:
    """What has just been done: `what` is «abrir», «derivada» or «regla»; `reused` when it was already there."""

    what: str
    name: str
    seconds: float
    rows: int = 0
    found: int = 0
    reused: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """How to run: memory beyond which the engine spills to disk, threads, and one accounting instead of all."""

    memory: str = MEMORY
    threads: int = THREADS
    contabilidad: int | None = None


Tell = Callable[[Progress], None]


def judge_snapshot(
    path: Path, rules: Sequence[Rule | RuleVersion], results: Path, asked: Asked | None = None, tell: Tell | None = None
) -> Iterator[RuleResult]:
    """What each rule says of a snapshot, in the order given; what `results` already holds is not run again.

    Each result enters `results` whole, when its rule is done: a run that is stopped leaves the rules it finished and
    nothing of the one at hand. Raises SnapshotRefused, and RunFailed naming the rule that did not run whole.
    """
    asked, say = asked or Asked(), tell or (lambda _: None)
    started = time.perf_counter()
    snapshot = engines.open_snapshot(path)
    say(Progress("abrir", snapshot.digest, time.perf_counter() - started, sum(snapshot.rows.values())))
    versions = [rule if isinstance(rule, RuleVersion) else version_of(rule) for rule in rules]
    home = results / snapshot.digest
    home.mkdir(parents=True, exist_ok=True)
    done = {v.digest: kept for v in versions if (kept := _kept(home, v, asked.contabilidad)) is not None}
    pending = [version for version in versions if version.digest not in done]
    running = _run(snapshot, pending, home, asked, say)
    for version in versions:
        result = done.get(version.digest) or next(running)
        states = result.states["hallazgo"].rows
        say(Progress("regla", version.rule.id, result.seconds, result.judged, states, result.reused))
        yield result
    running.close()


def _run(
    snapshot: Snapshot, versions: Sequence[RuleVersion], home: Path, asked: Asked, say: Tell
) -> Generator[RuleResult]:
    """Run versions in order, each derived table made when first needed and dropped after its last rule."""
    if not versions:
        return
    before = engines.stamps(snapshot.path)
    work = Path(tempfile.mkdtemp(prefix=".trabajo-", dir=home))
    try:
        with engines.locked_engine(
            memory=asked.memory, threads=asked.threads, work=work / "tmp", snapshot=snapshot.path
        ) as engine:
            desk = _Desk(engine, snapshot, asked, say)
            for place, version in enumerate(versions):
                desk.prepare(version)
                yield _run_one(desk, version, home, work)
                desk.forget({name for later in versions[place + 1 :] for name in later.derived})
                if engines.stamps(snapshot.path) != before:
                    raise SnapshotRefused(
                        f"La instantánea cambió mientras corría la regla {version.rule.id}. Nada de esto vale."
                    )
    finally:
        shutil.rmtree(work, ignore_errors=True)


class _Desk:
    """An engine over a snapshot, with the tables that the rules asked so far needed."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, snapshot: Snapshot, asked: Asked, say: Tell) -> None:
        self.engine, self.snapshot, self.asked, self.say = engine, snapshot, asked, say
        self.made: dict[str, str] = {}
        self.narrow: bool | None = None

    def prepare(self, version: RuleVersion) -> None:
        """Publish what the rule reads and make the derived tables that are not there, as its version defines them."""
        narrow = self.asked.contabilidad is not None and version.rule.reach == "contabilidad"
        if narrow != self.narrow:
            self.forget(set())
            self.narrow = narrow
        for name in sorted(tables_of(version.rule) - set(DERIVED)):
            engines.publish(self.engine, self.snapshot, name, self.asked.contabilidad if narrow else None)
        for name in in_order(version.derived):
            if self.made.get(name) == version.derived[name]:
                continue
            started = time.perf_counter()
            if version.derived[name]:
                self.engine.execute(f"CREATE OR REPLACE TABLE {name} AS {version.derived[name]}")
            else:
                build_derived(self.engine, [name])
            self.made[name] = version.derived[name]
            self.say(Progress("derivada", name, time.perf_counter() - started))

    def forget(self, still: set[str]) -> None:
        """Drop the derived tables that no later rule reads."""
        for name in set(self.made) - still:
            self.engine.execute(f"DROP TABLE {name}")
            del self.made[name]


def _run_one(desk: _Desk, version: RuleVersion, home: Path, work: Path) -> RuleResult:
    rule, engine, only = version.rule, desk.engine, desk.asked.contabilidad
    partial, started = work / rule.id, time.perf_counter()
    partial.mkdir()
    with engines.time_limit(engine, rule.id):
        engines.set_parameters(engine, rule.parameters)
        judge_narrow(engine, rule)
        judged, _ = engines.check_verdict(engine, rule)
        mine = "" if only is None else f" AND contabilidad_id = {int(only)}"
        _write(engine, partial / "hallazgos.parquet", _kept_query(rule, mine))
        _write(engine, partial / "cobertura.parquet", _coverage_query(rule, mine))
        if only is not None:
            judged = engines.integer(engine, f"SELECT COUNT(*) FROM veredicto WHERE TRUE{mine}")
        states = _states(engine, rule, mine)
        engine.execute("DROP TABLE veredicto")
    seconds = time.perf_counter() - started
    about = {
        "regla": rule.id,
        "juzgados": judged,
        "segundos": seconds,
        "estados": {s: asdict(t) for s, t in states.items()},
    }
    (partial / "resultado.json").write_text(json.dumps(about), encoding="utf-8")
    final = home / _name(version, only)
    shutil.rmtree(final, ignore_errors=True)
    partial.replace(final)
    return RuleResult(version, final, judged, states, seconds)


def _name(version: RuleVersion, contabilidad: int | None) -> str:
    return f"{version.rule.id}-{version.digest[:32]}" + ("" if contabilidad is None else f"-{contabilidad}")


def _kept(home: Path, version: RuleVersion, contabilidad: int | None) -> RuleResult | None:
    folder = home / _name(version, contabilidad)
    try:
        about = json.loads((folder / "resultado.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    states = {state: Tally(**tally) for state, tally in about["estados"].items()}
    return RuleResult(version, folder, about["juzgados"], states, about["segundos"], reused=True)


def judge_narrow(engine: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    """Make `veredicto` with whole rows only where somebody must look; elsewhere what identifies and counts the row."""
    always = {*rule.key, rule.day, "contabilidad_id", "monto"}
    kept = _quoted(rule, KEPT)
    columns = ", ".join(
        name if name in always else f"CASE WHEN resultado IN ({kept}) THEN {name} END AS {name}"
        for name in rule.columns
        if name != "resultado"
    )
    inner = ", ".join(f"q.{name}" for name in rule.columns if name != "resultado")
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE veredicto AS SELECT {columns}, resultado FROM (SELECT {inner}, "
        f"CASE WHEN q.{rule.day} IS NULL THEN '{NO_DATE}' WHEN q.{rule.day} < DATE '{rule.since}' OR "
        f"q.{rule.day} >= DATE '{rule.ends}' THEN '{NOT_IN_FORCE}' ELSE q.resultado END AS resultado "
        f"FROM ({rule.query}) AS q) AS juicio"
    )


def _quoted(rule: Rule, states: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name, state in engines.states_of(rule).items() if state in states)


def _kept_query(rule: Rule, mine: str) -> str:
    return f"SELECT * FROM veredicto WHERE resultado IN ({_quoted(rule, KEPT)}){mine} ORDER BY {', '.join(rule.key)}"


def _state(rule: Rule) -> str:
    whens = " ".join(f"WHEN '{name}' THEN '{state}'" for name, state in engines.states_of(rule).items())
    return f"CASE resultado {whens} END"


def _coverage_query(rule: Rule, mine: str) -> str:
    return (
        f"SELECT contabilidad_id, {_state(rule)} AS estado, COUNT(*) AS renglones, "
        f"CAST(COALESCE(SUM(monto), 0) AS BIGINT) AS monto FROM veredicto WHERE contabilidad_id IS NOT NULL{mine} GROUP BY ALL ORDER BY ALL"
    )


def _states(engine: duckdb.DuckDBPyConnection, rule: Rule, mine: str) -> dict[str, Tally]:
    rows = engine.execute(
        f"SELECT {_state(rule)} AS estado, COUNT(*), COALESCE(SUM(monto), 0) "
        f"FROM veredicto WHERE TRUE{mine} GROUP BY estado"
    ).fetchall()
    return {state: Tally() for state in STATES} | {state: Tally(int(count), int(sum_)) for state, count, sum_ in rows}


def _write(engine: duckdb.DuckDBPyConnection, path: Path, query: str) -> None:
    """The engine may write no file: its rows come out little by little and are written here."""
    reader = engine.sql(query).to_arrow_reader(ROWS_AT_ONCE)
    with pq.ParquetWriter(path, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)
