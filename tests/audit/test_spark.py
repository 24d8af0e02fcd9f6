"""Spark says of every rule, row by row, what DuckDB says; without Java or the extra there is nothing to compare."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import duckdb
import pyarrow.parquet as pq
import pytest

pytest.importorskip("pyspark", reason="falta el extra spark: «pip install 'sif-abierto[spark]'»")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("falta Java 17 o posterior: apt-get install default-jre-headless", allow_module_level=True)

from pyspark.sql import SparkSession

from sif.audit import spark
from sif.audit.cases import differences
from sif.audit.engine import RunFailed, integer, judge, load_tables, set_parameters, tables_of
from sif.audit.results import Asked, EngineMissing, judge_snapshot
from sif.rulebook import Rule, load_rules
from sif.simulation.generate import simulate

RULES = load_rules("mx")
QUICK = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.parquet.compression.codec": "uncompressed",
    "spark.sql.shuffle.partitions": "1",
}
"""For many small questions: nothing is compiled that is asked once."""


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    """One session for every test; `judge` takes the one that is open."""
    with spark.spark_session(Asked(memory="1GB", threads=2), QUICK) as opened:
        yield opened


@pytest.fixture(scope="module")
def election(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small invented process with its faults."""
    folder = tmp_path_factory.mktemp("spark") / "eleccion"
    simulate(folder, contabilidades=60, polizas=1_500, semilla=7)
    return folder


def run(
    election: Path, rules: list[Rule], motor: str, home: Path, contabilidad: int | None = None
) -> dict[str, dict[str, object]]:
    """What each rule says: rows judged, states, and both of its files, byte by byte."""
    asked = Asked("1GB", 2, contabilidad, motor)
    return {
        result.version.rule.id: {
            "juzgados": result.judged,
            "estados": dict(result.states),
            "cobertura": (result.folder / "cobertura.parquet").read_bytes(),
            "hallazgos": (result.folder / "hallazgos.parquet").read_bytes(),
            "renglones": pq.read_metadata(result.folder / "hallazgos.parquet").num_rows,
        }
        for result in judge_snapshot(election, rules, home / motor, asked)
    }


def test_every_rule_says_the_same_on_both_engines(session: SparkSession, election: Path, tmp_path: Path) -> None:
    duck, other = (run(election, RULES, motor, tmp_path) for motor in ("duckdb", "spark"))
    assert [rule for rule in duck if duck[rule] != other[rule]] == []
    assert sum(said["juzgados"] for said in duck.values()) > 40_000  # type: ignore[misc]
    assert sum(said["renglones"] > 0 for said in duck.values()) > 20  # type: ignore[operator]


@pytest.mark.skipif("SIF_SPARK_COMPLETO" not in os.environ, reason="los casos de todas las reglas: «make spark»")
def test_every_case_of_every_rule_comes_out_on_spark(session: SparkSession) -> None:
    engine = spark.SparkEngine(session)
    speaks = cast(duckdb.DuckDBPyConnection, engine)
    wrong = []
    for rule in RULES:
        for case in rule.cases:
            load_tables(speaks, {name: rows.rows for name, rows in case.given.items()}, tables_of(rule))
            set_parameters(speaks, rule.parameters)
            judge(speaks, rule)
            rows = [row.asDict() for row in session.table("veredicto").collect()]
            wrong += [f"{rule.id} {case.name}: {text}" for text in differences(rule, case, rows)]
            if len(rows) != integer(speaks, rule.universe):
                wrong.append(f"{rule.id} {case.name}: universo")
    assert wrong == []


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"universe": "SELECT COUNT(*) FROM movimientos"}, "el universo tiene"),
        ({"query": "SELECT nada FROM polizas"}, "nada"),
    ],
)
def test_a_rule_that_does_not_run_whole_is_named(
    session: SparkSession, election: Path, tmp_path: Path, broken: dict[str, str], says: str
) -> None:
    rule = replace(next(rule for rule in RULES if rule.id == "RE001"), **broken)  # type: ignore[arg-type]
    with pytest.raises(RunFailed, match=rf"RE001 no corrió: .*{says}"):
        run(election, [rule], "spark", tmp_path)


def test_a_sum_that_does_not_fit_is_an_error_and_never_another_number(
    session: SparkSession, election: Path, tmp_path: Path
) -> None:
    rule = next(rule for rule in RULES if rule.id == "RE001")
    wide = rule.query.replace("p.neto AS monto", "p.neto + 9223372036854775807 AS monto")
    assert wide != rule.query
    for motor in ("duckdb", "spark"):
        with pytest.raises(RunFailed, match="RE001 no corrió"):
            run(election, [replace(rule, query=wide)], motor, tmp_path)


def test_one_accounting_alone_is_the_same_on_both_engines(
    session: SparkSession, election: Path, tmp_path: Path
) -> None:
    rules = [rule for rule in RULES if rule.id in ("RE001", "AP001")]  # of its own books, and of others beside
    said = [run(election, rules, motor, tmp_path, contabilidad=7) for motor in ("duckdb", "spark")]
    assert said[0] == said[1]
    assert said[0]["RE001"]["juzgados"] > 0  # type: ignore[operator]


def test_without_the_extra_it_says_how_to_install_it(
    election: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(EngineMissing, match=r"falta pyspark.*pip install"):
        run(election, RULES[:1], "spark", tmp_path)
