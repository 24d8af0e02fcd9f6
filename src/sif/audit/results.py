"""Store the result of each rule of a run in files of its own, atomically, so that a run can resume."""

import fcntl
import importlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

from sif.audit import engine as engines
from sif.audit.engine import Finding, ParameterRow, Snapshot, SnapshotRefused, Tally
from sif.audit.versions import RuleVersion, by_tables, version_of
from sif.registry.files import open_regular, read_json
from sif.rulebook.rule import STATES, Rule

ENGINES = {"duckdb": "sif.audit.duck", "spark": "sif.audit.spark"}
"""Name of an engine -> module with `judge` (a Judge) and `VERSION`, read only when that engine is asked for."""

FILES = ("hallazgos.parquet", "cobertura.parquet")
ROWS_AT_ONCE = 20_000
MEMORY, THREADS = "2GB", 2


class EngineMissing(RuntimeError):
    """An engine whose dependencies are not installed; the message explains the installation."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of a run: engine, memory before spilling to disk, threads, and one accounting instead of all."""

    memory: str = MEMORY
    threads: int = THREADS
    contabilidad: int | None = None
    motor: str = "duckdb"


@dataclass(frozen=True, slots=True)
class Progress:
    """A finished step of a run.

    what: «abrir», «derivada» or «regla». reused: the result of the step already existed.
    """

    what: str
    name: str
    seconds: float
    rows: int = 0
    found: int = 0
    reused: bool = False


Tell = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """The result files of a rule in a folder.

    `hallazgos.parquet` holds the rows of the states KEPT, with every column of the rule, in order of key, integers of
    64 bits; `cobertura.parquet` holds contabilidad_id, estado, renglones and monto.
    """

    version: RuleVersion
    folder: Path
    judged: int
    states: Mapping[str, Tally]
    seconds: float

    def findings(self) -> Iterator[Finding]:
        """Yield every row that somebody must look at, in order of key, read little by little."""
        rule = self.version.rule
        with pq.ParquetFile(self.folder / "hallazgos.parquet") as file:
            for batch in file.iter_batches(ROWS_AT_ONCE):
                for row in batch.to_pylist():
                    yield engines.finding_of(rule, {name: _whole(value) for name, value in row.items()})


Judge = Callable[[Snapshot, Sequence[RuleVersion], Path, Asked, Tell], Generator[Judged]]
"""An engine: judges versions in order over an opened snapshot, working under a folder; raises RunFailed when a verdict
is not whole (rows unlike the universe, a repeated key, an unnamed result, a hallazgo without amount or accounting)."""


@dataclass(frozen=True, slots=True)
class RuleResult(Judged):
    """The result of a rule on a snapshot, kept in `folder`.

    reused: the result already existed and the rule was not run again. seconds: of the rule alone; derived tables shared
    with other rules are timed apart (`Progress`).
    """

    motor: str
    reused: bool = False

    def coverage(self) -> Iterator[tuple[int, dict[str, Tally]]]:
        """(contabilidad, rows and centavos by state) of each accounting it judged."""
        by_book: dict[int, dict[str, Tally]] = {}
        for row in pq.read_table(self.folder / "cobertura.parquet").to_pylist():
            tallies = by_book.setdefault(row["contabilidad_id"], {state: Tally() for state in STATES})
            tallies[row["estado"]] = Tally(row["renglones"], row["monto"])
        yield from by_book.items()


def parameters_on(rule: Rule, day: date | None) -> tuple[ParameterRow, ...]:
    """Return the figures of law of a rule in force that day."""
    if day is None:
        return ()
    return tuple(
        ParameterRow(p.name, v.desde, v.hasta, v.valor, p.unit, p.basis, p.source)
        for p in rule.parameters
        if (v := p.on(day)) is not None
    )


def _whole(value: object) -> object:
    return int(value) if isinstance(value, Decimal) else value  # a wide sum comes back from its file as a decimal


def engine_named(name: str) -> tuple[Judge, str]:
    """Return the engine of that name, and its version in words."""
    module = importlib.import_module(ENGINES[name])
    return module.judge, module.VERSION


def stages_of(path: Path) -> frozenset[str]:
    """Return the kinds of stage that a snapshot holds. Raises SnapshotRefused."""
    try:
        with open_regular(path / "procesos.parquet") as file:
            return frozenset(pq.read_table(file, columns=["etapa"])["etapa"].to_pylist())
    except (OSError, ValueError, KeyError) as error:
        raise SnapshotRefused(f"{path.name} no es una instantánea: no se lee su procesos.parquet.") from error


def judge_snapshot(
    path: Path, rules: Sequence[Rule | RuleVersion], results: Path, asked: Asked | None = None, tell: Tell | None = None
) -> Iterator[RuleResult]:
    """Run each rule over a snapshot, in the order of `by_tables`, and yield its result, reusing kept results.

    Each result enters `results` whole, when its rule is done: a run that is stopped leaves the rules it finished and
    nothing of the one at hand. Raises SnapshotRefused, EngineMissing, and RunFailed naming the rule.
    """
    asked, say = asked or Asked(), tell or (lambda _: None)
    judge, motor = engine_named(asked.motor)
    started = time.perf_counter()
    snapshot = engines.open_snapshot(path)
    say(Progress("abrir", snapshot.digest, time.perf_counter() - started, sum(snapshot.rows.values())))
    versions = by_tables(rule if isinstance(rule, RuleVersion) else version_of(rule) for rule in rules)
    home = results / snapshot.digest
    home.mkdir(parents=True, exist_ok=True)
    done = {v.digest: kept for v in versions if (kept := _kept(home, v, asked)) is not None}
    pending = [version for version in versions if version.digest not in done]
    _sweep(home)
    work = Path(tempfile.mkdtemp(prefix=".trabajo-", dir=home))
    held = os.open(work, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_SH)  # it goes with this process, however this process ends
    running = judge(snapshot, pending, work, asked, say)
    try:
        for version in versions:
            result = done.get(version.digest) or _keep(next(running), home, asked, motor)
            found = result.states["hallazgo"].rows
            say(Progress("regla", version.rule.id, result.seconds, result.judged, found, result.reused))
            yield result
        if pending:
            next(running, None)  # to its end: an engine checks after its last rule that nobody touched the snapshot
    finally:
        running.close()
        shutil.rmtree(work, ignore_errors=True)
        os.close(held)


def _sweep(home: Path) -> None:
    """Throw away what runs that were killed left behind: the folders that no process holds."""
    for left in home.glob(".trabajo-*"):
        with suppress(OSError):  # held, or already gone
            seen = os.open(left, os.O_RDONLY)
            try:
                fcntl.flock(seen, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(seen)


def _keep(judged: Judged, home: Path, asked: Asked, motor: str) -> RuleResult:
    about = {
        "regla": judged.version.rule.id,
        "motor": motor,
        "juzgados": judged.judged,
        "segundos": judged.seconds,
        "estados": {state: asdict(tally) for state, tally in judged.states.items()},
        "archivos": {name: engines.sha256_of(judged.folder / name) for name in FILES},
    }
    (judged.folder / "resultado.json").write_text(json.dumps(about), encoding="utf-8")
    final = home / _name(judged.version, asked)
    shutil.rmtree(final, ignore_errors=True)
    judged.folder.replace(final)
    return RuleResult(judged.version, final, judged.judged, judged.states, judged.seconds, motor)


def _name(version: RuleVersion, asked: Asked) -> str:
    engine = "" if asked.motor == "duckdb" else f"-{asked.motor}"
    only = "" if asked.contabilidad is None else f"-{asked.contabilidad}"
    return f"{version.rule.id}-{version.digest[:32]}{engine}{only}"


def _kept(home: Path, version: RuleVersion, asked: Asked) -> RuleResult | None:
    """Return the kept result of a rule version if its files match their SHA-256, else None, and the rule runs again."""
    folder = home / _name(version, asked)
    try:
        about = read_json(folder / "resultado.json")
        if about["archivos"] != {name: engines.sha256_of(folder / name) for name in FILES}:
            return None
    except (OSError, ValueError, KeyError):
        return None
    states = {state: Tally(**tally) for state, tally in about["estados"].items()}
    return RuleResult(version, folder, about["juzgados"], states, about["segundos"], about["motor"], reused=True)
