"""An invented national process: what it resembles, that its key is exact, and that it is whole or not there."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from tests.simulation.conftest import BOOKS, POLIZAS

from sif.audit.answer_key import Score, has_key, planted_key, score
from sif.audit.derived import build_derived
from sif.audit.engine import judge, set_parameters
from sif.audit.look_alikes import look_alikes, score_page
from sif.audit.results import RuleResult, judge_snapshot
from sif.rulebook.derived import DERIVED
from sif.rulebook.published import TABLES
from sif.rulebook.reading import load_rules
from sif.simulation.generate import Simulated, SimulationRefused, simulate
from sif.simulation.look_alikes import WITHOUT

REFERENCE = Path(__file__).parents[2] / "docs/reference/simulacion.md"


@pytest.fixture(scope="module")
def results(process: tuple[Path, Simulated], tmp_path_factory: pytest.TempPathFactory) -> list[RuleResult]:
    """What each rule of a campaign found in that process."""
    rules = [rule for rule in load_rules("mx") if "campana" in rule.applies_to]
    return list(judge_snapshot(process[0], rules, tmp_path_factory.mktemp("resultados")))


@pytest.fixture(scope="module")
def scores(process: tuple[Path, Simulated], results: list[RuleResult]) -> dict[str, Score]:
    return {result.version.rule.id: score(result, process[0]) for result in results}


def ask(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """Rows of a query in which `{table}` stands for a table of the snapshot."""
    with duckdb.connect(":memory:") as engine:
        for name in TABLES:
            engine.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{folder}/{name}.parquet')")
        rows: list[tuple[object, ...]] = engine.execute(sql).fetchall()
    return rows


def test_every_planted_fault_is_found_and_nothing_else(
    process: tuple[Path, Simulated], results: list[RuleResult], scores: dict[str, Score]
) -> None:
    folder, done = process
    exact = {rule: Score(done.planted.get(rule, 0), done.planted.get(rule, 0), 0) for rule in scores}
    assert scores == exact
    rules = [result.version.rule for result in results]
    accusing = {rule.id for rule in rules if any(outcome.state == "hallazgo" for outcome in rule.outcomes)}
    assert set(done.planted) == accusing  # each rule of a campaign that accuses has faults to find
    assert has_key(folder)


def test_every_rule_that_is_planted_has_look_alikes_or_says_why_not_and_accuses_none(
    process: tuple[Path, Simulated], results: list[RuleResult]
) -> None:
    folder, done = process
    found = {r.version.rule.id: look_alikes(r, folder) for r in results}
    assert {rule for rule, kinds in found.items() if not kinds} & set(done.planted) == set(WITHOUT)
    assert [(rule, each) for rule, kinds in found.items() for each in kinds if each.acusados] == []


def test_every_look_alike_is_a_row_that_its_rule_judges(
    process: tuple[Path, Simulated], results: list[RuleResult]
) -> None:
    """None is innocent for being out of what the rule looks at."""
    folder, _ = process
    with duckdb.connect(":memory:") as engine:
        for name in TABLES:
            engine.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{folder}/{name}.parquet')")
        build_derived(engine, DERIVED, "mx")
        for rule in (result.version.rule for result in results):
            set_parameters(engine, rule.parameters)
            judge(engine, rule)
            missing = engine.execute(
                "SELECT clave FROM read_parquet($1) WHERE regla = $2 AND (clave, contabilidad_id) NOT IN "
                f"(SELECT {planted_key(rule).clave}, contabilidad_id FROM veredicto) LIMIT 3",
                [f"{folder}/parecidos.parquet", rule.id],
            ).fetchall()
            assert missing == [], rule.id


def test_the_page_of_scores_is_the_one_of_the_reference(
    process: tuple[Path, Simulated], results: list[RuleResult], scores: dict[str, Score]
) -> None:
    page = score_page(results, scores, process[0], WITHOUT, "una elección inventada")
    if os.environ.get("SIF_RENUEVA_DORADOS"):
        REFERENCE.write_text(page, encoding="utf-8")
    assert REFERENCE.read_text(encoding="utf-8") == page


def test_every_published_table_is_there_and_lines_balance(process: tuple[Path, Simulated]) -> None:
    folder, done = process
    assert {path.stem for path in folder.glob("*.parquet")} == set(TABLES) | {"clave", "parecidos"}
    [(polizas, books)] = ask(folder, "SELECT COUNT(*), COUNT(DISTINCT contabilidad_id) FROM polizas")
    assert polizas == done.rows["polizas"]
    assert isinstance(polizas, int)
    assert abs(polizas - POLIZAS) < POLIZAS // 10
    assert books == BOOKS
    [(wrong,)] = ask(
        folder,
        "SELECT COUNT(*) FROM (SELECT poliza_id FROM movimientos GROUP BY poliza_id HAVING SUM(cargo) <> SUM(abono))",
    )
    told = json.loads((folder / "clave.json").read_text(encoding="utf-8"))["plantadas"]
    assert told == done.planted
    assert isinstance(wrong, int)
    assert 0 < wrong <= told["LI001"]


def test_it_resembles_a_campaign(process: tuple[Path, Simulated]) -> None:
    folder, _ = process
    [(late, tail, shared, corrections, sides, cedulas)] = ask(
        folder,
        "WITH libros AS (SELECT contabilidad_id, COUNT(*) AS n FROM polizas GROUP BY 1) SELECT "
        "(SELECT AVG(CASE WHEN fecha_registro BETWEEN DATE '2024-05-26' AND DATE '2024-06-02' THEN 1.0 ELSE 0 END) "
        " FROM polizas), (SELECT SUM(n) FROM (SELECT n FROM libros ORDER BY n DESC LIMIT 50)) * 1.0 / "
        "(SELECT SUM(n) FROM libros), (SELECT MAX(n) FROM (SELECT COUNT(DISTINCT p.contabilidad_id) AS n "
        " FROM cfdi c JOIN cfdi_poliza p USING (cfdi_id) GROUP BY c.emisor_rfc)), "
        "(SELECT COUNT(*) FROM polizas WHERE tipo = 'correccion'), (SELECT COUNT(*) FROM transferencias), "
        "(SELECT COUNT(*) FROM prorrateos)",
    )
    assert isinstance(late, float)
    assert 0.58 < late < 0.68  # 63 % of the operations come in the last week
    assert isinstance(tail, float)
    assert tail > 0.45  # a tenth of the books holds about half of the operations
    assert isinstance(shared, int)
    assert shared > BOOKS // 8  # one supplier serves many
    assert corrections
    assert sides
    assert cedulas


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    one, same, other = (
        simulate(tmp_path / name, contabilidades=60, polizas=600, semilla=seed).digest
        for name, seed in (("una", 3), ("otra", 3), ("tercera", 4))
    )
    assert one == same
    assert one != other


def test_a_folder_with_something_or_a_disk_too_small_is_refused_before_writing(tmp_path: Path) -> None:
    (tmp_path / "nota.txt").write_text("mía")
    with pytest.raises(SimulationRefused, match="no está vacía"):
        simulate(tmp_path, contabilidades=60, polizas=600, semilla=3)
    with pytest.raises(SimulationRefused, match="hacen falta unos"):
        simulate(tmp_path / "proceso", contabilidades=60, polizas=10**13, semilla=3)
    assert [path.name for path in tmp_path.iterdir()] == ["nota.txt"]


def test_a_disk_that_fills_up_leaves_nothing(tmp_path: Path) -> None:
    """The command as a person runs it, where no file may grow beyond 40 kB."""
    command = [sys.executable, "-m", "sif.commands.main", "simular", "--contabilidades", "60", "--polizas", "1200"]
    full = subprocess.run(
        [*command, "--salida", str(tmp_path / "proceso")],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)),
    )
    assert full.returncode == 2, full.stderr
    assert "se llenó mientras se escribía" in full.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sif.commands.main import main

    asked = ["simular", "--contabilidades", "60", "--polizas", "600", "--semilla", "3", "--salida", str(tmp_path / "p")]
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["renglones"]["contabilidades"] == 60
    assert told["plantadas"]
    assert main(asked) == 2  # a snapshot is not written over
    assert "no está vacía" in capsys.readouterr().err
    assert main([*asked[:4], "100", *asked[5:-1], str(tmp_path / "q")]) == 2
    assert "ocho pólizas" in capsys.readouterr().err
