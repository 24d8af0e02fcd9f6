"""Runs every check of the project, all of them before failing, and says which failed."""

import subprocess
import sys
from pathlib import Path

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
BESIDE = [[*PYTEST, "tests/registry/test_eyes.py"], [*PYTEST, "--collect-only", "tests"]]
"""Tests that need the migrated template of the database, which takes one processor most of a minute; and a reading of
every test, whose compiled files each worker would otherwise write for itself."""


def main(names: list[str]) -> int:
    """Run the checks named (all when none is); returns 1 if any failed. The tests come last and close the output.

    What the tests find made (BESIDE) is made beside the checks before them, and waited for.
    """
    failed = []
    made = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) for command in BESIDE if not names]
    for name, command in CHECKS.items():
        if names and name not in names:
            continue
        print(f"== {name}", flush=True)
        for making in made if name == "tests" else ():
            making.wait()  # what fails there fails again, and is told, among the tests
        if subprocess.run([str(part) for part in command], cwd=ROOT).returncode:
            failed.append(name)
    if failed:
        print("Fallaron: " + ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
