"""The damages that `make danos` draws: each leaves code that runs, and each explanation still names one."""

import ast
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
import yaml

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "danos.py"


@pytest.fixture(scope="module")
def danos() -> ModuleType:
    spec = importlib.util.spec_from_file_location("danos", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_damages_are_other_code_that_parses_and_are_drawn_alike(danos: ModuleType) -> None:
    drawn = danos.drawn(60, 7)
    assert drawn == danos.drawn(60, 7) != danos.drawn(60, 8)
    assert {damage.room for damage in drawn} == set(danos.ROOMS)
    for damage in drawn:
        whole = (danos.ROOT / damage.path).read_bytes()
        before, after = ast.parse(whole), ast.parse(damage.damaged())
        assert ast.dump(before) != ast.dump(after), damage


def test_each_kind_of_damage_is_seen(danos: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(danos, "ROOT", tmp_path)
    path = tmp_path / "src" / "sif" / "books" / "module.py"
    path.parent.mkdir(parents=True)
    path.write_text(
        "def act(a, rows):\n"
        "    if not a:\n"
        "        raise ValueError('ñ')\n"
        "    lock_books(a)\n"
        "    rows.select_for_update().filter(day__lte=a)\n"
        "    return a < 3\n",
        encoding="utf-8",
    )
    damaged = [damage.damaged().decode() for damage in danos.damages_of(path)]
    seen = ["if False:", "    pass\n", "rows.all().filter(day__lte", "filter(day__lt=a)", "return (a <= 3)"]
    assert len(damaged) == len(seen)
    assert all(any(words in text for text in damaged) for words in seen)


def test_each_explanation_names_a_damage(danos: ModuleType) -> None:
    reasons = yaml.safe_load(SCRIPT.with_suffix(".yaml").read_text(encoding="utf-8"))
    found = {path: [f"{d.kind}: {d.text}" for d in danos.damages_of(danos.ROOT / path)] for path in reasons}
    stale = [
        f"{path}: {pattern}"
        for path, named in reasons.items()
        for pattern in named
        if not any(danos.names(pattern, damage) for damage in found[path])
    ]
    assert not stale, f"Quite de danos.yaml lo que ya no daña nada: {stale}"
