"""The table of security requirements: each answered once, what is met by a test that exists, the rest by a reason."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "seguridad.md"
STATES = {"met", "not met", "not applicable"}
_NUMBER = re.compile(r"(\d+)\.\d+\.\d+")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def _cells() -> list[list[str]]:
    """The cells of each row of a table of the section."""
    section = PAGE.read_text(encoding="utf-8").split("## OWASP ASVS 5.0", 1)[1]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]


def _rows() -> list[list[str]]:
    return [cells for cells in _cells() if _NUMBER.match(cells[0])]


@cache
def _functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_each_of_the_253_requirements_is_answered_once_under_its_chapter() -> None:
    numbers = [row[0] for row in _rows()]
    assert len(numbers) == len(set(numbers)) == 253
    assert all(_NUMBER.fullmatch(number) for number in numbers)
    assert {len(row) for row in _rows()} == {4}
    chapter = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        chapter = line.split()[1] if line.startswith("### ") else chapter
        found = _NUMBER.match(line.removeprefix("| "))
        assert not found or f"{found[1]}." == chapter, line


def test_each_has_a_topic_a_state_of_the_three_and_a_test_or_a_reason() -> None:
    for number, topic, state, said in _rows():
        assert topic, number
        assert state in STATES, number
        assert len(said) > 5, f"{number} no da prueba ni razón"


def test_what_is_met_names_a_test_that_exists() -> None:
    for number, _topic, state, said in _rows():
        found = _TEST.fullmatch(said)
        assert bool(found) is (state == "met"), f"{number}: «{said}»"
        if found:
            assert (ROOT / found[1]).is_file(), f"{number}: no existe {found[1]}"
            assert found[2] in _functions(found[1]), f"{number}: {found[1]} no tiene {found[2]}"


def test_the_counts_stated_are_those_of_the_rows() -> None:
    stated = {cells[0]: int(cells[1]) for cells in _cells() if len(cells) == 2 and cells[0] in STATES}
    assert stated == dict(Counter(row[2] for row in _rows()))
    assert sum(stated.values()) == 253


def test_lines_of_the_page_can_be_read() -> None:
    assert max(len(line) for line in PAGE.read_text(encoding="utf-8").splitlines()) <= 160
