"""Every rule file proves itself: its form, each of its cases, its figures, its slices and its mutants."""

from functools import cache
from pathlib import Path

import pytest

from sif.audit.cases import Bench, loose_pins, run_case, surviving_mutants, wrong_slices
from sif.rulebook import Rule, load_rules, read_rule, rule_paths
from sif.rulebook.reading import MAX_LINES
from sif.rulebook.survivors import explained_survivors, explanation, survivors_path

PATHS = rule_paths("mx")
IDS = [path.stem for path in PATHS]


@cache
def rule_at(path: Path) -> Rule:
    return read_rule(path, "mx")


def test_the_rulebook_is_whole() -> None:
    assert [rule.id for rule in load_rules("mx")] == IDS


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_every_case_comes_out_as_expected(path: Path) -> None:
    rule = rule_at(path)
    assert {case.name: run_case(rule, case) for case in rule.cases} == {case.name: [] for case in rule.cases}


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_every_figure_is_pinned(path: Path) -> None:
    with Bench(rule_at(path)) as bench:
        assert loose_pins(bench) == []


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_an_accounting_alone_says_what_it_says_in_the_whole(path: Path) -> None:
    assert wrong_slices(rule_at(path)) == []


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_no_mutant_survives_unexplained(path: Path) -> None:
    explained = explained_survivors(path.stem, "mx")
    alive = [mutant.name for mutant in surviving_mutants(rule_at(path))]
    assert [name for name in alive if explanation(name, explained) is None] == [], (
        f"explíquelos en {survivors_path('mx').name}"
    )


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_the_file_keeps_to_its_budget(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES
