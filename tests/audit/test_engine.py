"""The locked engine: it runs rules over a snapshot, refuses what is not whole, and lets nothing in or out."""

import dataclasses
import fcntl
import json
import os
import resource
import threading
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sif.audit import duck
from sif.audit import engine as engines
from sif.audit.derived import arrow_type
from sif.audit.engine import (
    RunFailed,
    SnapshotRefused,
    Tally,
    load_tables,
    locked_engine,
    manifest_digest,
    open_snapshot,
    tables_of,
)
from sif.audit.live import AT_FILING, run_live
from sif.audit.results import Asked, Judged, Progress, RuleResult, judge_snapshot, parameters_on
from sif.audit.versions import RuleVersion, by_tables, thaw, version_of
from sif.rulebook import Rule, published, read_rule

RULE = """\
id: EX001
title: Registro extemporáneo
severity: sustantiva
applies_to: [campana]
since: 2014-12-19
reach: contabilidad
basis: [{article: RF 38.1, says: "Registrar en tres días.", status: por confirmar}]
parameters:
  plazo: {unit: días, values: [[2014-12-19, 2020-01-01, 3], [2020-01-01, null, 5]], basis: RF 38.1}
key: [poliza_id]
group: [contabilidad_id, fecha_operacion]
day: fecha_operacion
universe: SELECT COUNT(*) FROM polizas
query: |
  SELECT p.contabilidad_id, p.poliza_id, p.fecha_operacion, n.neto AS monto,
         CASE WHEN DATE_DIFF('day', p.fecha_operacion, p.fecha_registro) > t.valor THEN 'tarde'
              ELSE 'a_tiempo' END AS resultado
  FROM polizas p
  LEFT JOIN polizas_netas n ON n.poliza_id = p.poliza_id
  LEFT JOIN p_plazo t ON p.fecha_operacion >= t.desde AND p.fecha_operacion < t.hasta
outcomes:
  tarde: {state: hallazgo, says: "Tarde por {monto}.", asks: "Explique.", sanction: registro_extemporaneo}
  a_tiempo: {state: cumple}
cases:
  - name: filo
    given:
      polizas: |
        poliza_id | contabilidad_id | fecha_operacion | fecha_registro | total
        1 | 7 | 2020-01-01 | 2020-01-06 | 5
        2 | 7 | 2020-01-01 | 2020-01-07 | 6
    expect: |
      poliza_id | resultado | monto
      1 | a_tiempo | 5
      2 | tarde | 6
"""

Poliza = tuple[int, int, date | None, date, int, int | None]


@pytest.fixture
def rule(tmp_path: Path) -> Rule:
    path = tmp_path / "EX001.yaml"
    path.write_text(RULE, encoding="utf-8")
    return read_rule(path, "mx")


def polizas(*rows: Poliza) -> list[tuple[object, ...]]:
    """Rows of `polizas` from (poliza, contabilidad, operation, registration, total, reverses)."""
    return [(p, c, 1, "normal", "EG", p, f"R{p}", "ordinaria", day, reg, rev, tot) for p, c, day, reg, tot, rev in rows]


BOOKS = polizas(
    (3, 8, date(2024, 5, 1), date(2024, 5, 9), 70_000, None),
    (1, 7, date(2024, 5, 1), date(2024, 5, 2), 50_000, None),
    (2, 7, date(2024, 5, 1), date(2024, 5, 20), 60_000, None),
    (4, 8, date(2024, 5, 20), date(2024, 5, 20), -30_000, 3),
    (5, 8, None, date(2024, 5, 20), 10, None),
    (6, 8, date(2014, 12, 18), date(2024, 5, 20), 20, None),
)


def write_snapshot(folder: Path, **tables: Sequence[Sequence[object]]) -> Path:
    """A snapshot folder with those tables, each a Parquet of its published columns."""
    folder.mkdir()
    manifest: dict[str, dict[str, object]] = {}
    for name, rows in tables.items():
        columns = published.TABLES[name].columns
        arrays = [pa.array([row[n] for row in rows], type=arrow_type(column)) for n, column in enumerate(columns)]
        pq.write_table(pa.Table.from_arrays(arrays, names=[c.name for c in columns]), folder / f"{name}.parquet")
        manifest[name] = {"rows": len(rows), "sha256": engines._sha256(folder / f"{name}.parquet")}
    text = json.dumps({"digest": manifest_digest(manifest), "tables": manifest})
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    return write_snapshot(tmp_path / "corte", polizas=BOOKS)


def run_one(snapshot: Path, rule: Rule) -> RuleResult:
    (run,) = judge_snapshot(snapshot, [rule], snapshot.parent / "resultados", Asked("500MB", 1))
    return run


def verdict(rule: Rule) -> tuple[int, list[tuple[str, str]]]:
    """The universe of the rule over BOOKS, and the result of each row that is not clean."""
    with locked_engine() as engine:
        load_tables(engine, {"polizas": BOOKS}, tables_of(rule))
        engines.set_parameters(engine, rule.parameters)
        engines.judge(engine, rule)
        rows = engines.verdict_rows(engine, rule, states=frozenset({"hallazgo", "no_aplica", "sin_dato"}))
        found = [engines.finding_of(rule, row) for row in rows]
        return engines.integer(engine, rule.universe), [(each.key, each.resultado) for each in found]


def test_it_judges_every_row_and_keeps_whole_those_that_are_not_clean(snapshot: Path, rule: Rule) -> None:
    run = run_one(snapshot, rule)
    universe, unclean = verdict(rule)
    assert (run.version.rule.id, run.version.rule.digest, run.judged, universe) == ("EX001", rule.digest, 6, 6)
    coverage = dict(run.coverage())
    assert coverage[7] == {
        "hallazgo": Tally(1, 60_000),
        "cumple": Tally(1, 50_000),
        "no_aplica": Tally(),
        "sin_dato": Tally(),
    }
    assert coverage[8]["hallazgo"] == Tally(1, 40_000)
    assert coverage[8]["sin_dato"] == Tally(1, 10) and coverage[8]["no_aplica"] == Tally(1, 20)
    assert run.states["cumple"] == Tally(2, 50_000 - 30_000)
    assert sum(run.states[state].rows for state in ("hallazgo", "cumple", "no_aplica", "sin_dato")) == run.judged
    findings = list(run.findings())
    assert [(f.key, f.resultado, f.state) for f in findings] == [
        ("poliza_id=2", "tarde", "hallazgo"),
        ("poliza_id=3", "tarde", "hallazgo"),
        ("poliza_id=5", "sin_fecha", "sin_dato"),
    ]
    assert unclean == [(f.key, f.resultado) for f in findings] + [("poliza_id=6", "fuera_de_vigencia")]
    late = findings[0]
    assert (late.message, late.asks, late.sanction) == ("Tarde por $600.00.", "Explique.", "registro_extemporaneo")
    assert (late.group, late.day, late.monto) == (
        "contabilidad_id=7;fecha_operacion=2024-05-01",
        date(2024, 5, 1),
        60_000,
    )
    assert late.row["contabilidad_id"] == 7


def test_it_records_the_figures_in_force(rule: Rule) -> None:
    assert [(p.name, p.valor) for p in parameters_on(rule, date(2024, 5, 1))] == [("plazo", 5)]
    days = (date(2014, 12, 18), date(2014, 12, 19), date(2019, 12, 31), date(2020, 1, 1))
    assert [[p.valor for p in parameters_on(rule, day)] for day in days] == [[], [3], [3], [5]]


def test_two_runs_say_the_same_whatever_the_order_of_the_rows(tmp_path: Path, rule: Rule) -> None:
    runs = [
        run_one(write_snapshot(tmp_path / name, polizas=rows), rule)
        for name, rows in (("a", BOOKS), ("b", BOOKS[::-1]))
    ]
    one, other = runs
    assert (one.version, one.judged, one.states) == (other.version, other.judged, other.states)
    assert list(one.findings()) == list(other.findings())
    assert list(one.coverage()) == list(other.coverage())


def test_it_tells_its_progress_and_leaves_no_temporary_files(snapshot: Path, rule: Rule) -> None:
    told: list[Progress] = []
    results = snapshot.parent / "resultados"
    list(judge_snapshot(snapshot, [rule, rule], results, Asked("500MB", 1), told.append))
    assert [each.name for each in told if each.what == "regla"] == ["EX001", "EX001"]
    assert not list(results.rglob(".trabajo-*"))
    work = snapshot.parent / "trabajo"
    work.mkdir()
    (work / "resto_de_otra_corrida.tmp").write_text("x")
    with locked_engine(work=work):
        assert not list(work.iterdir())
    assert not work.exists()


def test_what_a_killed_run_left_is_thrown_away_and_what_another_holds_is_not(snapshot: Path, rule: Rule) -> None:
    results = snapshot.parent / "resultados"
    home = results / open_snapshot(snapshot).digest
    for name in ("muerto", "vivo"):
        (home / f".trabajo-{name}" / "EX001").mkdir(parents=True)
    held = os.open(home / ".trabajo-vivo", os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_SH)
    try:
        list(judge_snapshot(snapshot, [rule], results, Asked("500MB", 1)))
    finally:
        os.close(held)
    assert [left.name for left in home.glob(".trabajo-*")] == [".trabajo-vivo"]


def test_a_disk_that_fills_up_stops_the_rule_and_keeps_nothing_of_it(snapshot: Path, rule: Rule) -> None:
    results, limit = snapshot.parent / "resultados", resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limit[1]))
    try:
        with pytest.raises(RunFailed, match=r"EX001 no corrió: no se pudo escribir .* Libere espacio"):
            list(judge_snapshot(snapshot, [rule], results, Asked("500MB", 1)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert list((results / open_snapshot(snapshot).digest).iterdir()) == []


BREAKS: list[tuple[str, dict[str, str], str]] = [
    ("universe", {"universe": "SELECT COUNT(*) + 1 FROM polizas"}, "juzgó 6 renglones y el universo tiene 7"),
    (
        "inner join that drops",
        {
            "query": "FROM polizas AS p LEFT JOIN=FROM polizas AS p INNER JOIN cfdi_poliza AS x ON "
            "x.poliza_id = p.poliza_id LEFT JOIN"
        },
        "juzgó 0 renglones",
    ),
    ("unknown result", {"query": "ELSE 'a_tiempo'=ELSE 'quizá'"}, "«quizá»"),
    ("null result", {"query": "ELSE 'a_tiempo'=ELSE NULL"}, "«None»"),
    ("no amount", {"query": "n.neto AS monto=NULL AS monto"}, "no trae importe"),
    ("no accounting", {"query": "SELECT p.contabilidad_id=SELECT NULL AS contabilidad_id"}, "no trae contabilidad"),
    ("repeated key", {"key": "contabilidad_id"}, "la llave contabilidad_id=7 se repite"),
    ("engine error", {"query": "n.neto AS monto=CAST(p.clase AS BIGINT) AS monto"}, "no corrió"),
]


@pytest.mark.parametrize(("name", "change", "says"), BREAKS, ids=[name for name, *_ in BREAKS])
def test_a_run_that_is_not_whole_fails_and_names_the_rule(
    tmp_path: Path, rule: Rule, name: str, change: dict[str, str], says: str
) -> None:
    snapshot = write_snapshot(tmp_path / "corte", polizas=BOOKS, cfdi_poliza=[])
    if "query" in change:
        old, _, new = change["query"].partition("=")
        if "x.poliza_id" in change["query"]:
            old, new = "FROM polizas AS p LEFT JOIN", change["query"].split("=", 1)[1]
        assert old in rule.query
        rule = dataclasses.replace(rule, query=rule.query.replace(old, new, 1))
    if "universe" in change:
        rule = dataclasses.replace(rule, universe=change["universe"])
    if "key" in change:
        rule = dataclasses.replace(rule, key=(change["key"],))
    with pytest.raises(RunFailed, match="EX001") as failed:
        run_one(snapshot, rule)
    assert says in str(failed.value)


def test_a_changed_byte_missing_table_or_false_manifest_is_no_snapshot(tmp_path: Path, rule: Rule) -> None:
    changed = write_snapshot(tmp_path / "a", polizas=BOOKS)
    with (changed / "polizas.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(SnapshotRefused, match=r"polizas\.parquet no es el archivo"):
        open_snapshot(changed)
    missing = write_snapshot(tmp_path / "b", polizas=BOOKS)
    (missing / "polizas.parquet").unlink()
    with pytest.raises(SnapshotRefused, match=r"Falta polizas\.parquet"):
        open_snapshot(missing)
    forged = write_snapshot(tmp_path / "c", polizas=BOOKS)
    manifest = json.loads((forged / "manifest.json").read_text())
    (forged / "manifest.json").write_text(json.dumps(manifest | {"digest": "0" * 64}))
    with pytest.raises(SnapshotRefused, match="resumen digital"):
        open_snapshot(forged)
    with pytest.raises(SnapshotRefused, match=r"manifest\.json"):
        open_snapshot(tmp_path)
    other = write_snapshot(tmp_path / "d", corte=[(date(2024, 6, 1), "x")])
    with pytest.raises(SnapshotRefused, match="no trae la tabla polizas"):
        run_one(other, rule)


def test_a_table_with_other_columns_is_refused(tmp_path: Path, rule: Rule) -> None:
    folder = write_snapshot(tmp_path / "corte", polizas=BOOKS)
    pq.write_table(pa.table({"poliza_id": [1]}), folder / "polizas.parquet")
    manifest = {"polizas": {"rows": 1, "sha256": engines._sha256(folder / "polizas.parquet")}}
    (folder / "manifest.json").write_text(json.dumps({"digest": manifest_digest(manifest), "tables": manifest}))
    with pytest.raises(SnapshotRefused, match="columnas publicadas"):
        run_one(folder, rule)


def test_live_answers_only_where_the_scope_covers_the_reach(rule: Rule) -> None:
    wide = dataclasses.replace(rule, id="EX002", reach="sujeto")
    answers = list(run_live({"polizas": [row for row in BOOKS if row[1] == 7]}, [wide, rule], "contabilidad"))
    assert [(a.rule, a.says) for a in answers] == [("EX002", AT_FILING), ("EX001", "")]
    assert answers[0].run is None and answers[1].run is not None
    assert answers[1].run.coverage[7]["hallazgo"] == Tally(1, 60_000)
    both = run_live({"polizas": BOOKS}, [wide, rule], "nacional")
    assert all(answer.run is not None for answer in both)


def test_live_says_the_same_of_an_accounting_as_the_whole(snapshot: Path, rule: Rule) -> None:
    whole = run_one(snapshot, rule)
    (alone,) = run_live({"polizas": [row for row in BOOKS if row[1] == 8]}, [rule], "contabilidad")
    assert alone.run is not None
    assert alone.run.findings == tuple(f for f in whole.findings() if f.contabilidad_id == 8)


def test_live_asks_nothing_of_a_rule_with_nothing_to_judge(rule: Rule) -> None:
    broken = dataclasses.replace(rule, id="EX002", query="SELECT no_existe FROM polizas")
    (nothing,) = run_live({"polizas": []}, [broken], "contabilidad")
    assert nothing.run is not None
    assert (nothing.run.judged, nothing.run.coverage, nothing.run.findings) == (0, {}, ())
    with pytest.raises(RunFailed, match="EX002"):
        list(run_live({"polizas": BOOKS}, [broken], "contabilidad"))


def test_rows_of_another_width_are_refused(rule: Rule) -> None:
    with pytest.raises(ValueError, match="sus 12 columnas"):
        list(run_live({"polizas": [(1, 2)]}, [rule], "contabilidad"))


REACHES_OUT = [
    "SELECT content FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/etc/*')",
    "COPY (SELECT 1) TO '{fuera}/fuga.csv'",
    "ATTACH '{fuera}/otra.db'",
    "EXPORT DATABASE '{fuera}/todo'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SELECT * FROM read_csv('https://example.org/x.csv')",
    "SET threads = 9",
    "SET memory_limit = '99GB'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET allowed_directories = ['/']",
    "SET temp_directory = '{fuera}'",
    "RESET memory_limit",
    "SELECT getenv('HOME')",
    "SELECT * FROM secreto_de_python",
]


@pytest.mark.parametrize("text", REACHES_OUT)
def test_the_third_wall_alone_lets_nothing_in_or_out(tmp_path: Path, snapshot: Path, text: str) -> None:
    secreto_de_python = pa.table({"a": [1]})
    assert secreto_de_python.num_rows == 1
    with locked_engine(snapshot=snapshot, work=tmp_path / "w") as engine, pytest.raises(duckdb.Error):
        engine.execute(text.replace("{fuera}", str(tmp_path)))
    assert not (tmp_path / "fuga.csv").exists()


def test_a_snapshot_written_during_a_run_is_noticed(snapshot: Path, rule: Rule) -> None:
    # The engine alone would allow this write inside the folder of the snapshot: the subset, the mode of the files
    # and this last look are what keep it whole.
    def told(done: Progress) -> None:
        if done.what == "regla":
            intrude(snapshot)

    runs = judge_snapshot(snapshot, [rule], snapshot.parent / "resultados", Asked("500MB", 1), told)
    next(runs)
    with pytest.raises(SnapshotRefused, match="cambió mientras corría"):
        next(runs)


def intrude(snapshot: Path) -> None:
    """Write where nobody should."""
    (snapshot / "intruso.parquet").write_bytes(b"x")


@pytest.mark.skipif(
    os.geteuid() == 0, reason="el superusuario escribe donde quiere; el cuarto muro es el modo de los archivos"
)
def test_the_fourth_wall_alone_is_the_mode_of_the_files(tmp_path: Path, snapshot: Path) -> None:
    for file in snapshot.iterdir():
        file.chmod(0o444)
    snapshot.chmod(0o555)
    try:
        with locked_engine(snapshot=snapshot, work=tmp_path / "w") as engine, pytest.raises(duckdb.Error):
            engine.execute(f"COPY (SELECT 1 AS a) TO '{snapshot}/polizas.parquet'")
    finally:
        snapshot.chmod(0o755)


def test_a_rule_that_runs_away_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rule: Rule) -> None:
    monkeypatch.setattr(engines, "SECONDS_PER_RULE", 0.2)
    rows = polizas(*((n, 7, date(2024, 5, 1), date(2024, 5, 2), 1, None) for n in range(4_000)))
    bomb = "SELECT COUNT(*) FROM polizas AS a, polizas AS b, polizas AS c, polizas AS d"
    snapshot = write_snapshot(tmp_path / "corte", polizas=rows)
    started = time.monotonic()
    with pytest.raises(RunFailed, match=r"pasó de 0\.2 segundos"):
        run_one(snapshot, dataclasses.replace(rule, universe=bomb))
    assert time.monotonic() - started < 10


def test_a_rule_that_fails_stops_the_one_judged_beside_it(
    monkeypatch: pytest.MonkeyPatch, snapshot: Path, rule: Rule
) -> None:
    began = threading.Event()

    def judge_one(engine: duckdb.DuckDBPyConnection, version: RuleVersion, *_: object) -> None:
        if version.rule.id == "EX001":
            assert began.wait(60)
            raise RunFailed("EX001", "no pudo.")
        began.set()
        while True:  # it ends when it is interrupted, and not before
            engine.execute("SELECT COUNT(*) FROM range(1000000000) a, range(1000000000) b").fetchall()

    monkeypatch.setattr(duck, "judge_one", judge_one)
    both = [rule, dataclasses.replace(rule, id="EX002")]
    with pytest.raises(RunFailed, match="EX001"):
        list(judge_snapshot(snapshot, both, snapshot.parent / "resultados", Asked("500MB", 1)))
    assert not list((snapshot.parent / "resultados").glob("*/*"))


def test_rules_are_judged_one_at_a_time_where_memory_is_short(snapshot: Path) -> None:
    opened = dataclasses.replace(open_snapshot(snapshot), rows={"polizas": 4_000_000, "movimientos": 6_000_000})
    assert [duck.handed_out(opened, memory) for memory in ("1GB", "1000MB", "999MB")] == [3, 3, 1]


def test_an_audit_holds_its_memory_and_no_other_engine_does(
    snapshot: Path, rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, ask = set(), duck.judge_one

    def look(engine: duckdb.DuckDBPyConnection, *asked: Any) -> Judged:
        held.add(engine.execute("SELECT current_setting('block_allocator_memory')").fetchall()[0][0])
        return ask(engine, *asked)

    monkeypatch.setattr(duck, "judge_one", look)
    run_one(snapshot, rule)
    with locked_engine() as engine:
        held.add(engine.execute("SELECT current_setting('block_allocator_memory')").fetchall()[0][0])
    assert held == {"381.4 MiB", "0 bytes"}  # of 500MB


def test_a_rule_that_wants_a_table_otherwise_waits(snapshot: Path, rule: Rule) -> None:
    now = version_of(rule)
    before = dataclasses.replace(now, derived={"polizas_netas": "SELECT * FROM polizas"})
    wide = dataclasses.replace(now, rule=dataclasses.replace(rule, reach="sujeto"))
    with locked_engine(snapshot=snapshot) as engine:
        desk = duck.Desk(engine, open_snapshot(snapshot), Asked(contabilidad=7), lambda _: None)
        assert desk.replaces(now)  # nobody reads anything yet
        desk.prepare(now)
        assert [desk.replaces(version) for version in (now, before, wide)] == [False, True, True]


def test_a_version_keeps_which_outcomes_a_basis_grounds_and_is_the_one_it_was_where_it_grounds_all(rule: Rule) -> None:
    kept = dataclasses.replace(rule, basis=(dataclasses.replace(rule.basis[0], outcomes=("extemporanea",)),))
    assert thaw(version_of(kept).compiled).rule.basis == kept.basis
    assert '"outcomes": ["extemporanea"]' in version_of(kept).compiled
    assert json.loads(version_of(rule).compiled)["regla"]["basis"][0].keys() == {"article", "says", "status"}


def test_rows_are_not_lost_behind_an_outer_join_known_to_be_empty() -> None:
    with locked_engine() as engine:
        engine.execute("CREATE TABLE p AS SELECT * FROM (VALUES (1, NULL::BIGINT), (2, NULL)) t(id, rev)")
        engine.execute("CREATE TABLE m AS SELECT * FROM (VALUES (1, 100), (2, 0)) t(id, cargo)")
        rows = engine.execute(
            "WITH r AS (SELECT id, rev FROM p WHERE rev IS NOT NULL), a AS (SELECT COALESCE(r.rev, m.id) AS k, "
            "SUM(m.cargo) AS c FROM m LEFT JOIN r ON r.id = m.id GROUP BY COALESCE(r.rev, m.id)) "
            "SELECT * FROM a WHERE c > 0"
        ).fetchall()
    assert rows == [(1, 100)]


def reading(rule: Rule, name: str, *tables: str) -> RuleVersion:
    return dataclasses.replace(version_of(rule), digest=name, derived=dict.fromkeys(tables, ""))


def test_rules_run_in_the_order_that_keeps_the_fewest_derived_tables(rule: Rule) -> None:
    wanted = {"a": "xy", "b": "x", "c": "", "d": "z", "e": "xy", "f": "x"}
    given = [reading(rule, name, *tables) for name, tables in wanted.items()]
    assert [version.digest for version in by_tables(given)] == ["c", "d", "b", "f", "a", "e"]


def test_rules_that_let_a_table_go_run_before_those_that_only_keep_it(rule: Rule) -> None:
    wanted = {"a": "x", "b": "xy", "c": "xyz", "d": "yw", "e": "x"}
    given = [reading(rule, name, *tables) for name, tables in wanted.items()]
    assert [version.digest for version in by_tables(given)] == ["a", "e", "b", "c", "d"]


def test_a_wide_derived_table_waits_while_a_narrow_one_is_there(rule: Rule) -> None:
    wanted = {"a": ("expedientes", "requisitos"), "b": ("requisitos", "x"), "c": ("x", "expedientes")}
    given = [reading(rule, name, *tables) for name, tables in wanted.items()]
    assert [version.digest for version in by_tables(given)] == ["b", "a", "c"]


def test_memory_has_a_ceiling(tmp_path: Path) -> None:
    with locked_engine(memory="64MB") as engine, pytest.raises(duckdb.Error):
        engine.execute("SELECT LIST(a || repeat('x', 1000)) FROM range(1000000) t(a)").fetchall()
