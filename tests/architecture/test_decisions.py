"""Hold the index of decisions: each page stands in it once, under its own title, and no two share a number."""

import re
from pathlib import Path

ADR = Path(__file__).parents[2] / "docs" / "adr"
ROW = re.compile(r"^- \[(\d{4})\]\((\S+\.md)\) (.+)$", re.MULTILINE)


def test_the_index_names_each_decision_once_under_its_title() -> None:
    index = {name: (number, title) for number, name, title in ROW.findall((ADR / "README.md").read_text("utf-8"))}
    assert len(index) == len(ROW.findall((ADR / "README.md").read_text("utf-8"))) > 100
    pages = {path.name: path.read_text("utf-8").splitlines()[0] for path in ADR.glob("[0-9]*.md")}
    assert sorted(pages) == sorted(index)
    wrong = [name for name, (number, title) in index.items() if pages[name] != f"# {number}. {title}"]
    assert not wrong


def test_no_two_decisions_share_a_number() -> None:
    numbers = [path.name[:4] for path in ADR.glob("[0-9]*.md")]
    assert len(set(numbers)) == len(numbers)
