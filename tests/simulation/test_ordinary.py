"""An invented year of ordinary books, and that both processes stand at each side of every figure of every rule."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from sif.audit.answer_key import Score, planted_key, score
from sif.audit.derived import build_derived
from sif.audit.engine import judge, set_parameters
from sif.audit.look_alikes import look_alikes, score_page
from sif.audit.results import RuleResult, judge_snapshot
from sif.rulebook.derived import DERIVED
from sif.rulebook.published import TABLES
from sif.rulebook.reading import load_rules
from sif.rulebook.rule import Rule, RuleParameter
from sif.simulation.generate import MOST, Simulated, simulate_year
from sif.simulation.look_alikes import WITHOUT

REFERENCE = Path(__file__).parents[2] / "docs/reference/simulacion-ordinaria.md"
ONLY_THERE = {"AP009", "DE001", "DE002", "IN002", "RE005"}
UNPLANTED = {
    ("AP002", "sin_banco"),
    ("AP010", "nacionalidad"),
    ("AP010", "residencia"),
    ("BA002", "sin_aviso"),
    ("CA002", "renta_sin_costo"),
    ("CF005", "definitivo_despues"),
    ("CF005", "presunto"),
    ("CF012", "de_otra_contabilidad"),
    ("CF013", "sin_distinguir"),
    ("CO001", "omitido"),
    ("CO001", "tras_la_entrega"),
    ("EV001", "ingreso_sin_evidencia"),
    ("EV001", "otra_sin_evidencia"),
    ("FO001", "salto"),
    ("IN002", "avance_omitido"),
    ("IN002", "avance_extemporaneo"),
    ("LI002", "fuera_del_catalogo"),
    ("PO001", "no_repartible"),
    ("PO003", "no_suma"),
    ("PO003", "residuo_de_mas"),
    ("SN001", "en_otro_partido"),
    ("SN001", "en_otro_cargo"),
    ("TE001", "anulada"),
    ("TE003", "anulada"),
    ("TO001", "rebase_si_se_confirma"),
}
"""Outcomes that accuse and that neither process holds: their cases alone try them."""


@pytest.fixture(scope="module")
def results(year: tuple[Path, Simulated], tmp_path_factory: pytest.TempPathFactory) -> list[RuleResult]:
    """What each rule of ordinary books found in that year."""
    rules = [rule for rule in load_rules("mx") if "ordinario" in rule.applies_to]
    return list(judge_snapshot(year[0], rules, tmp_path_factory.mktemp("resultados")))


@pytest.fixture(scope="module")
def scores(year: tuple[Path, Simulated], results: list[RuleResult]) -> dict[str, Score]:
    return {result.version.rule.id: score(result, year[0]) for result in results}


@contextmanager
def opened(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a snapshot with its derived tables."""
    with duckdb.connect(":memory:") as engine:
        for name in TABLES:
            engine.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{folder}/{name}.parquet')")
        build_derived(engine, DERIVED, "mx")
        yield engine


def test_every_fault_of_the_year_is_found_with_its_amount_and_nothing_else(
    year: tuple[Path, Simulated], scores: dict[str, Score]
) -> None:
    planted = year[1].planted
    assert scores == {rule: Score(planted.get(rule, 0), planted.get(rule, 0), 0) for rule in scores}
    assert set(planted) >= ONLY_THERE


def test_every_rule_is_planted_in_one_process_or_the_other(
    process: tuple[Path, Simulated], year: tuple[Path, Simulated]
) -> None:
    accusing = {r.id for r in load_rules("mx") if any(outcome.state == "hallazgo" for outcome in r.outcomes)}
    assert set(process[1].planted) | set(year[1].planted) == accusing


def test_every_outcome_that_accuses_is_planted_in_one_process_or_the_other(
    process: tuple[Path, Simulated], year: tuple[Path, Simulated]
) -> None:
    """A rule is not found by one of its outcomes alone: each that accuses has its row, or stands in the list of those
    that have none, from which it goes when it is planted."""
    told: dict[str, set[str]] = {}
    for stage, (folder, _) in (("campana", process), ("ordinario", year)):
        with opened(folder) as engine:
            for rule in (each for each in load_rules("mx") if stage in each.applies_to):
                set_parameters(engine, rule.parameters)
                judge(engine, rule)
                rows = engine.execute("SELECT DISTINCT resultado FROM veredicto").fetchall()
                told.setdefault(rule.id, set()).update(name for (name,) in rows)
    accuse = {(r.id, o.name) for r in load_rules("mx") for o in r.outcomes if o.state == "hallazgo"}
    assert {(rule, name) for rule, name in accuse if name not in told[rule]} == UNPLANTED


def test_every_rule_planted_in_the_year_has_look_alikes_that_it_judges_and_does_not_accuse(
    year: tuple[Path, Simulated], results: list[RuleResult]
) -> None:
    folder, done = year
    found = {r.version.rule.id: look_alikes(r, folder) for r in results}
    assert {rule for rule in done.planted if not found[rule]} == set()
    assert [(rule, each) for rule, kinds in found.items() for each in kinds if each.acusados] == []
    with opened(folder) as engine:
        for rule in (each.version.rule for each in results if found[each.version.rule.id]):
            set_parameters(engine, rule.parameters)
            judge(engine, rule)
            missing = engine.execute(
                "SELECT clave FROM read_parquet($1) WHERE regla = $2 AND (clave, contabilidad_id) NOT IN "
                f"(SELECT {planted_key(rule).clave}, contabilidad_id FROM veredicto) LIMIT 3",
                [f"{folder}/parecidos.parquet", rule.id],
            ).fetchall()
            assert missing == [], rule.id


def test_faults_of_the_year_come_alone_and_in_pairs(year: tuple[Path, Simulated]) -> None:
    with duckdb.connect(":memory:") as engine:
        sets = engine.execute(
            "SELECT list_sort(list(DISTINCT regla)) FROM read_parquet($1) GROUP BY contabilidad_id",
            [f"{year[0]}/clave.parquet"],
        ).fetchall()
    found = {frozenset(rules) for (rules,) in sets}
    alone = {next(iter(rules)) for rules in found if len(rules) == 1}
    assert alone >= ONLY_THERE
    pairs = {pair for rules in found for pair in ((a, b) for a in rules for b in rules if a < b)}
    assert {(a, b) for a in ONLY_THERE for b in ONLY_THERE if a < b} <= pairs


def test_both_sides_of_every_figure_of_every_rule_have_a_row(
    process: tuple[Path, Simulated], year: tuple[Path, Simulated]
) -> None:
    """A centavo, a day, an hour or a basis point more in the rule, and one less: each must change what it says."""
    wanted: set[tuple[str, str, int]] = set()
    seen: set[tuple[str, str, int]] = set()
    for stage, (folder, _) in (("campana", process), ("ordinario", year)):
        with opened(folder) as engine:
            for rule in load_rules("mx"):
                if stage not in rule.applies_to or not rule.parameters:
                    continue
                told = _told(engine, rule, rule.parameters)
                for parameter in rule.parameters:
                    for step in (1, -1):
                        wanted.add((rule.id, parameter.name, step))
                        if _told(engine, rule, _moved(rule, parameter, step)) != told:
                            seen.add((rule.id, parameter.name, step))
    assert len(wanted) > 60
    assert wanted - seen == set()


def _moved(rule: Rule, parameter: RuleParameter, step: int) -> tuple[RuleParameter, ...]:
    moved = replace(parameter, values=tuple(replace(value, valor=value.valor + step) for value in parameter.values))
    return tuple(moved if each is parameter else each for each in rule.parameters)


def _told(
    engine: duckdb.DuckDBPyConnection, rule: Rule, parameters: tuple[RuleParameter, ...]
) -> set[tuple[object, ...]]:
    """Return what the rule says of each row with those figures; amounts apart, which move with any figure."""
    set_parameters(engine, parameters)
    judge(engine, rule)
    return set(engine.execute(f"SELECT {', '.join(rule.key)}, contabilidad_id, resultado FROM veredicto").fetchall())


def test_the_page_of_scores_of_the_year_is_the_one_of_the_reference(
    year: tuple[Path, Simulated], results: list[RuleResult], scores: dict[str, Score]
) -> None:
    page = score_page(results, scores, year[0], WITHOUT, "un año de libros ordinarios")
    if os.environ.get("SIF_RENUEVA_DORADOS"):
        REFERENCE.write_text(page, encoding="utf-8")
    assert REFERENCE.read_text(encoding="utf-8") == page


def test_the_same_seed_gives_the_same_year_and_another_gives_another(tmp_path: Path) -> None:
    one, same, other = (
        simulate_year(tmp_path / name, partidos=27, semilla=seed).digest
        for name, seed in (("una", 3), ("otra", 3), ("tercera", 4))
    )
    assert one == same
    assert one != other


@pytest.mark.parametrize("parties", [26, MOST + 1])
def test_a_year_of_too_few_or_too_many_parties_is_refused(tmp_path: Path, parties: int) -> None:
    with pytest.raises(ValueError, match=f"Se pidieron {parties} partidos"):
        simulate_year(tmp_path / "anio", partidos=parties, semilla=3)
    assert list(tmp_path.iterdir()) == []


def test_the_command_invents_a_year_that_the_audit_opens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from sif.commands.main import main

    folder = str(tmp_path / "anio")
    assert main(["simular", "--etapa", "ordinario", "--partidos", "27", "--semilla", "3", "--salida", folder]) == 0
    assert "Faltas plantadas" in capsys.readouterr().out
    assert main(["auditar", "--instantanea", folder, "--clave", "--regla", "DE001", "--regla", "RE005"]) == 0
    told = capsys.readouterr().out
    assert "DE001" in told
    assert "RE005" in told
