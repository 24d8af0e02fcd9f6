"""Runs every check of the project, all of them before failing, and says which failed."""

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CHECKS = {
    "ruff: faults": [BIN / "ruff", "check", "."],
    "ruff: form": [BIN / "ruff", "format", "--check", "."],
    "types": [BIN / "mypy"],
    "floors": [BIN / "lint-imports"],
    "yaml": [BIN / "yamllint", "-s", "src", "docs", ".pre-commit-config.yaml"],
    "pages of rules": [BIN / "sif", "reglas", "documentar", "docs/reference/reglas", "--comprobar"],
    "migrations": [sys.executable, "scripts/manage.py", "makemigrations", "--check", "--dry-run"],
    "tests": ["make", "--silent", "test"],
}


PYTEST = [sys.executable, "-m", "pytest", "-q"]
BEFORE = [[*PYTEST, "tests/registry/test_eyes.py"], [*PYTEST, "--collect-only", "tests"]]
"""Tests that need the migrated template of the database, for which every worker would wait; and a reading of every
test, whose compiled files each worker would otherwise write for itself."""


def main(names: list[str]) -> int:
    """Run the checks named (all when none is); returns 1 if any failed.

    All are run by two: the tests, which are told as they go, and beside them the rest, told when it ends. The last that
    is said when nothing fails is how many tests passed, in the words of who ran them.
    """
    if names:
        return run(names)
    with tempfile.TemporaryFile("w+") as said, ThreadPoolExecutor(1) as other:
        beside = other.submit(_told, [name for name in CHECKS if name != "tests"], said)
        for making in [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) for command in BEFORE]:
            making.wait()  # what fails there fails again, and is told, among the tests
        failed = run(["tests"])
        if beside.result():
            print("Falló algo de lo que se dijo antes de las pruebas o entre ellas.", file=sys.stderr, flush=True)
        return failed | beside.result()


def _told(names: list[str], said: TextIO) -> int:
    """Run the checks of these names and then say at once all that they said."""
    failed = run(names, said)
    said.seek(0)
    print(f"\n{said.read()}", end="", flush=True)
    return failed


def run(names: list[str], said: TextIO | None = None) -> int:
    """Run the checks of these names one after another; returns 1 if any failed, and says which."""
    failed = []
    for name in names:
        print(f"== {name}", flush=True, file=said)
        beside = subprocess.STDOUT if said else None
        if subprocess.run([str(part) for part in CHECKS[name]], cwd=ROOT, stdout=said, stderr=beside).returncode:
            failed.append(name)
    if failed:
        print("Fallaron: " + ", ".join(failed), file=said or sys.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
