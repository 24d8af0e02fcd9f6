"""`make check` says all that each check said, and last of all how many tests passed."""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import TextIO

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "check.py"


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, which prepares nothing for the tests."""
    spec = importlib.util.spec_from_file_location("check", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "BEFORE", [])
    return module


def says(words: str, code: int = 0) -> list[str]:
    return [sys.executable, "-c", f"import sys; print({words!r}); sys.exit({code})"]


@pytest.mark.parametrize(("code", "tests", "ends"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)])
def test_one_that_fails_fails_all_and_each_is_told(
    check: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    code: int,
    tests: int,
    ends: int,
) -> None:
    checks = {"form": says("formas", code), "floors": says("pisos"), "tests": says("7 passed", tests)}
    monkeypatch.setattr(check, "CHECKS", checks)
    assert check.main([]) == ends
    out, err = capfd.readouterr()
    assert "== form\nformas\n" in out and "== floors\npisos\n" in out and "== tests\n" in out and "7 passed\n" in out
    assert ("Fallaron: form\n" in out) is bool(code)
    assert ("Falló algo" in err) is bool(code)
    assert ("Fallaron: tests\n" in err) is bool(tests)


def test_the_last_said_is_the_count_of_the_tests(
    check: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = tmp_path / "dicho"
    os.mkfifo(told)
    door = os.open(told, os.O_RDWR)  # who reads waits for who writes, a minute at most
    waits = f"import signal; signal.alarm(60); open({str(told)!r}, 'rb').read(1); print('7 passed')"
    monkeypatch.setattr(check, "CHECKS", {"form": says("formas"), "tests": [sys.executable, "-c", waits]})
    tell = check._told

    def then_tests(names: list[str], said: TextIO) -> int:
        ended: int = tell(names, said)
        os.write(door, b"!")
        return ended

    monkeypatch.setattr(check, "_told", then_tests)
    assert check.main([]) == 0
    os.close(door)
    assert capfd.readouterr().out.splitlines()[-1] == "7 passed"
