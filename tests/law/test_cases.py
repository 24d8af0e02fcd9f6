"""Each of the 55 cases of reports, terms and duties has a test, which says its number: the table is cases.txt."""

import ast
import re
from collections import defaultdict
from pathlib import Path

TESTS = Path(__file__).parent.parent
ROW = re.compile(r"case (\d+): (\S+\.py)::(test_\w+)")
SAID = (
    re.compile(r"test_cases?_(\d+)(?:_and_(\d+))?_"),
    re.compile(r"\b[Cc]ase (\d+)()\b"),
    re.compile(r"^ +\((\d+)(), ", re.MULTILINE),
)
"""Where a test says its number: in its name, in a sentence, or first in a row of its data."""
RANGE = re.compile(r"test_cases_(\d+)_to_(\d+)_")


def table() -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for line in (TESTS / "law" / "cases.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            row = ROW.fullmatch(line)
            assert row, line
            found[int(row[1])].append((row[2], row[3]))
    return found


def numbers_of(file: str, name: str) -> set[int]:
    """The cases that a test says."""
    text = (TESTS / file).read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            said = "\n".join(text.splitlines()[first - 1 : node.end_lineno])
            spans = [range(int(a), int(b) + 1) for a, b in RANGE.findall(said)]
            told = [number for each in SAID for found in each.findall(said) for number in found if number]
            return {int(number) for number in told} | {number for span in spans for number in span}
    return set()


def test_each_case_has_a_test_that_says_its_number() -> None:
    cases = table()
    assert sorted(cases) == list(range(1, 56))
    silent = [
        (number, file, name)
        for number, rows in cases.items()
        for file, name in rows
        if number not in numbers_of(file, name)
    ]
    assert silent == []
