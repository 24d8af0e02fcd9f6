"""The table of coverage by branch: rooms add up their files, and the files that lack the most are named."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "cobertura.py"


@pytest.fixture(scope="module")
def cobertura() -> ModuleType:
    spec = importlib.util.spec_from_file_location("cobertura", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def summary(statements: int, run: int, branches: int, taken: int) -> dict[str, dict[str, int]]:
    keys = ("num_statements", "covered_lines", "num_branches", "covered_branches")
    return {"summary": dict(zip(keys, (statements, run, branches, taken), strict=True))}


def test_each_room_adds_up_its_files_and_the_least_covered_goes_first(cobertura: ModuleType) -> None:
    files = {
        "src/sif/law/a.py": summary(100, 90, 10, 9),
        "src/sif/law/b.py": summary(100, 100, 10, 10),
        "src/sif/web/party/c.py": summary(40, 20, 8, 2),
        "src/sif/values/d.py": summary(5, 5, 0, 0),
    }
    lines = list(cobertura.table(cobertura.shares({"files": files})))
    rooms = [line.split() for line in lines[1 : lines.index("")]]
    assert rooms == [
        ["web", "40", "50.0", "8", "25.0"],
        ["law", "200", "95.0", "20", "95.0"],
        ["values", "5", "100.0", "0", "–"],
        ["todo", "245", "87.7", "28", "75.0"],
    ]
    assert lines[lines.index("") + 1] == "   6 ramas sin tomar  src/sif/web/party/c.py"
