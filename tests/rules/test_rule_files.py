"""Every rule file proves itself: its form, each of its cases, its figures, its slices and its mutants."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sif.audit.cases import Bench, loose_pins, surviving_mutants, wrong_slices
from sif.rulebook import load_rules, read_rule, rule_paths
from sif.rulebook.reading import MAX_LINES
from sif.rulebook.survivors import explained_survivors, explanation, survivors_path

PATHS = rule_paths("mx")
IDS = [path.stem for path in PATHS]


@pytest.fixture(scope="module", params=PATHS, ids=IDS)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The cases of a rule, loaded once for the tests of its file, which pytest runs one after another."""
    with Bench(read_rule(request.param, "mx")) as bench:
        yield bench


def test_the_rulebook_is_whole() -> None:
    assert [rule.id for rule in load_rules("mx")] == IDS


def test_every_case_comes_out_as_expected(bench: Bench) -> None:
    assert list(bench.failures()) == []


def test_every_figure_is_pinned(bench: Bench) -> None:
    assert loose_pins(bench) == []


def test_an_accounting_alone_says_what_it_says_in_the_whole(bench: Bench) -> None:
    assert wrong_slices(bench) == []


def test_no_mutant_survives_unexplained(bench: Bench) -> None:
    explained = explained_survivors(bench.rule.id, "mx")
    alive = [mutant.name for mutant in surviving_mutants(bench)]
    assert [name for name in alive if explanation(name, explained) is None] == [], (
        f"explíquelos en {survivors_path('mx').name}"
    )


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_the_file_keeps_to_its_budget(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES
