"""The figures of the house: what is counted of a room, and that every room is in the page."""

import importlib.util
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


def test_the_page_has_every_room_once(casa: ModuleType) -> None:
    rows = [line.split(" | ") for line in casa.house_page().splitlines() if line.startswith("| ")]
    named = [row[1] for row in rows[1:-1]]
    rooms = {path.parent.name for path in (SCRIPT.parents[1] / "src/sif").glob("*/__init__.py")}
    assert len(named) == len(set(named)) and set(named) <= rooms | {"commands", "jurisdictions"}
    assert {"web", "books", "law", "values"} <= set(named)
    assert all(int(row[3].replace(",", "")) > 0 for row in rows[1:-1])
