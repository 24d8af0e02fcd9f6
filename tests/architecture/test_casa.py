"""The figures of the house: what is counted of a room, and that every room is in the page."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "casa.py"


@pytest.fixture(scope="module")
def casa() -> ModuleType:
    spec = importlib.util.spec_from_file_location("casa", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_room_is_counted_without_its_migrations(casa: ModuleType, tmp_path: Path) -> None:
    room, tests = tmp_path / "src/sif/law", tmp_path / "tests/law"
    (room / "migrations").mkdir(parents=True)
    tests.mkdir(parents=True)
    body = "".join(f"    a{n} = {n}\n" for n in range(40))
    (room / "a.py").write_text(
        f"from typing import Any\nfrom sif.values import Money\nfrom sif.law import b\nx: Any = 1\ndef f():\n{body}"
    )
    (room / "b.py").write_text("from sif import signing\ndef g():\n    return 1\n")
    (room / "migrations" / "0001.py").write_text("x = 1\n" * 100)
    (tests / "test_a.py").write_text("def test_a():\n    pass\ndef helps():\n    pass\n")
    found = casa.count_room("law", tmp_path)
    assert (found.files, found.lines, found.long, found.untyped) == (2, 48, 1, 1)
    assert found.imports == {"values", "signing"} and (found.tests, found.test_lines) == (1, 4)


@pytest.mark.parametrize("page", ["README.md", "docs/explanation/the-house.md"])
def test_the_house_is_drawn_with_every_room_on_its_floor(casa: ModuleType, page: str) -> None:
    text = (SCRIPT.parents[1] / page).read_text("utf-8")
    drawing = next(block for block in re.findall(r"```\n(.+?)```", text, re.DOTALL) if "values  " in block)
    lines = [re.split(r" {2,}", line.strip())[0] for line in drawing.splitlines() if not line.startswith("  ")]
    drawn = [set(line.split(" · ")) for line in lines]
    assert drawn[:-1] == [set(floor) for floor in casa.floors()]
    assert drawn[-1] == {"jurisdictions/mx"}


def test_the_house_is_compared_with_what_it_was(casa: ModuleType) -> None:
    page = casa.house_page()
    rows = {line.split(" | ")[0][2:]: line.rstrip(" |").split(" | ")[1:] for line in page.splitlines() if "| " in line}
    assert all(name in rows for name in casa.BEFORE)
    assert rows["lines of `web`"][0] == "26,699" and int(rows["lines of `web`"][1].replace(",", "")) > 30_000
    assert casa.whole().keys() == casa.BEFORE.keys()
    assert page.count("party:") + page.count("auditor:") >= 5  # the slowest pages


def test_the_page_has_every_room_once(casa: ModuleType) -> None:
    rows = [line.split(" | ") for line in casa.house_page().partition("## ")[0].splitlines() if line[:2] == "| "]
    named = [row[1] for row in rows[1:-1]]
    rooms = {path.parent.name for path in (SCRIPT.parents[1] / "src/sif").glob("*/__init__.py")}
    assert len(named) == len(set(named)) and set(named) <= rooms | {"commands", "jurisdictions"}
    assert {"web", "books", "law", "values"} <= set(named)
    assert all(int(row[3].replace(",", "")) > 0 for row in rows[1:-1])
