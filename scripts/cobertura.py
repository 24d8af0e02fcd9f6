"""Runs the tests with coverage by branch and prints a table by room: statements run, branches taken, worst files.

`make cobertura` runs every test; `scripts/cobertura.py tests/law` only those of a folder. What other processes run (the
openers of files of strangers, the browser) is not measured. The record stays in `datos/cobertura/`, where
`coverage html --data-file=datos/cobertura/huellas` reads it line by line.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "datos" / "cobertura"
WORST = 10
"""Files with the most branches that no test takes, which are named below the table."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many statements and branches there are, and how many of them some test ran."""

    statements: int
    run: int
    branches: int
    taken: int

    def __add__(self, other: "Share") -> "Share":
        return Share(
            self.statements + other.statements,
            self.run + other.run,
            self.branches + other.branches,
            self.taken + other.taken,
        )

    def row(self, name: str) -> str:
        """Return its line of the table."""
        return (
            f"{name:16}{self.statements:>10,}{_percent(self.run, self.statements):>8}"
            f"{self.branches:>10,}{_percent(self.taken, self.branches):>8}"
        )


NOTHING = Share(0, 0, 0, 0)


def _percent(part: int, whole: int) -> str:
    return f"{part * 1000 // whole / 10:.1f}" if whole else "–"


def shares(report: Mapping[str, Mapping[str, Mapping[str, Mapping[str, int]]]]) -> dict[str, Share]:
    """Return the share of each file of `src/sif`, out of the JSON that coverage writes."""
    return {
        path: Share(
            each["summary"]["num_statements"],
            each["summary"]["covered_lines"],
            each["summary"]["num_branches"],
            each["summary"]["covered_branches"],
        )
        for path, each in report["files"].items()
    }


def table(files: Mapping[str, Share]) -> Iterator[str]:
    """Write the table by room, the least covered branches first, its sum and the files that lack the most."""
    rooms: dict[str, Share] = {}
    for path, share in files.items():
        room = path.removeprefix("src/sif/").partition("/")[0]
        rooms[room] = rooms.get(room, NOTHING) + share
    yield f"{'sala':16}{'sentencias':>10}{'%':>8}{'ramas':>10}{'%':>8}"
    for room, share in sorted(
        rooms.items(), key=lambda each: (each[1].taken / each[1].branches if each[1].branches else 1, each[0])
    ):
        yield share.row(room)
    yield sum(rooms.values(), NOTHING).row("todo")
    yield ""
    for path, share in sorted(files.items(), key=lambda each: each[1].taken - each[1].branches)[:WORST]:
        yield f"{share.branches - share.taken:>4} ramas sin tomar  {path}"


def measure(tests: Sequence[str], workers: int) -> int:
    """Run some tests, or all, and keep what they pass by; returns what pytest returned."""
    KEPT.mkdir(parents=True, exist_ok=True)
    spread = ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]
    cov = [
        "--cov=src/sif",
        "--cov-branch",
        "--cov-config=pyproject.toml",
        f"--cov-report=json:{KEPT / 'cobertura.json'}",
    ]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *spread, *cov, *tests],
        cwd=ROOT,
        env={**os.environ, "COVERAGE_FILE": str(KEPT / "huellas")},
        check=False,
    )
    return ran.returncode


def main() -> int:
    """Measure and print; fails where a test fails."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("pruebas", nargs="*", help="archivos o carpetas de pruebas; todas si no se dice")
    asked.add_argument("--procesos", type=int, default=2)
    given = asked.parse_args()
    failed = measure(given.pruebas, given.procesos)
    report = json.loads((KEPT / "cobertura.json").read_text(encoding="utf-8"))
    print("\n".join(table(shares(report))))
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
