"""Check what a commit changes, in a minute: form, types, floors, and the tests nearest to the changed files.

A test file is near if it changed, if it imports a changed module, or if it stands in the folder of a changed room.
Those that cannot begin within the minute are named and left to `make check`, which runs everything.
"""

import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SECONDS = 60
LAST = 15  # seconds that a file may take: none begins with less than that left
ALWAYS = ("tests/architecture/test_house.py",)


def changed() -> list[str]:
    """List the files that differ from the last commit, new ones too; those of the last commit if none does."""
    dirty = _git("status", "--porcelain", "--untracked-files=all", "--no-renames").splitlines()
    if dirty:
        return sorted(line[3:] for line in dirty if line[:2].strip() != "D")
    return sorted(_git("diff", "--name-only", "--diff-filter=d", "HEAD~1", "HEAD").splitlines())


def near(files: list[str], root: Path = ROOT) -> list[str]:
    """Order the test files near to some files: changed, then importers of what changed, then those of the same room."""
    tests = {path.relative_to(root).as_posix(): path.read_text() for path in sorted(root.glob("tests/**/test_*.py"))}
    modules = [name.removeprefix("src/").removesuffix(".py").replace("/", ".") for name in files if _is_source(name)]
    patterns = [re.compile(rf"\b{re.escape(name)}\b") for name in modules] + [
        re.compile(rf"from {re.escape(name.rpartition('.')[0])} import [^\n]*\b{name.rpartition('.')[2]}\b")
        for name in modules
    ]
    rooms = {name.split("/")[2] for name in files if name.startswith("src/sif/") and name.count("/") > 2}
    ranked = [
        [name for name in tests if name in files],
        [name for name, text in tests.items() if any(pattern.search(text) for pattern in patterns)],
        [name for name in tests if name.split("/")[1] in rooms],
    ]
    return list(dict.fromkeys(name for names in ranked for name in names))


def _is_source(name: str) -> bool:
    return name.startswith("src/") and name.endswith(".py") and "/migrations/" not in name


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def _run(name: str, *command: object) -> list[str]:
    print(f"== {name}", flush=True)
    return [name] if subprocess.run([str(part) for part in command], cwd=ROOT).returncode else []


def _tests(names: list[str], ends: float) -> tuple[list[str], list[str]]:
    """Run test files in batches until the time ends; returns what failed and which files were left out."""
    failed: list[str] = []
    while names and time.monotonic() < ends - LAST:
        batch, names = names[:4], names[4:]
        failed += _run(" ".join(batch), sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", *batch)
    return failed, names


def main() -> int:
    """Run the checks; returns 1 if any failed."""
    ends, files = time.monotonic() + SECONDS, changed()
    python = [name for name in files if name.endswith(".py")]
    failed = _run("ruff: faults", BIN / "ruff", "check", *python) if python else []
    failed += _run("ruff: form", BIN / "ruff", "format", "--check", *python) if python else []
    failed += _run("types", BIN / "mypy") + _run("floors", BIN / "lint-imports")
    broken, left = _tests([*ALWAYS, *near(files)], ends)
    if left:
        print(f"Left to `make check`, {len(left)} test files: {', '.join(left)}")
    if failed + broken:
        print("Failed: " + ", ".join(failed + broken), file=sys.stderr)
    return 1 if failed + broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
