"""Damage guards, locks and acts one at a time and see whether a test fails: the score of the tests, not of the code.

`python scripts/danos.py --cuantos 100 --semilla 7` draws from every guard of the rooms below and prints each survivor
with its place. It works in a copy of the repository, so the tree is never touched.
"""

import argparse
import ast
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = {
    "registry": ["tests/registry", "tests/web/test_people_and_invitations.py", "tests/web/test_limits.py"],
    "proceedings": ["tests/proceedings", "tests/web/test_council.py"],
    "audit": ["tests/audit", "tests/proceedings"],
    "filing": ["tests/filing"],
    "disclosure": ["tests/disclosure"],
    "banks": ["tests/banks"],
    "apportionment": ["tests/apportionment"],
    "batch": ["tests/batch"],
    "books": ["tests/books"],
    "counterparties": ["tests/counterparties", "tests/catalogs"],
    "jobs": ["tests/jobs"],
}
"""Each room whose acts are damaged, and the tests that should notice; `likeliest_first` puts them in order."""
LOCKS = ("lock_", "_lock", "advisory")
CHECKS = ("check", "_check", "refuse", "_refuse", "require", "_require", "validate", "_validate")
FLIPPED = {ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">"}
SIGNS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
LONGEST = 400  # seconds of the tests of one damage


@dataclass(frozen=True, slots=True)
class Damage:
    """A piece of one file that is replaced by another text."""

    path: str
    line: int
    kind: str
    start: int
    end: int
    put: str

    def apply(self, root: Path) -> str:
        """Write the damaged file under a root and return the text that was there."""
        target = root / self.path
        whole = target.read_bytes()
        target.write_bytes(whole[: self.start] + self.put.encode() + whole[self.end :])
        return whole.decode()


def damages_of(path: Path) -> Iterator[Damage]:
    """Yield every damage of a module: guards that never refuse, locks and checks not called, bounds moved by one."""
    source = path.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    name = path.relative_to(ROOT).as_posix()

    def damage(node: ast.expr | ast.stmt, kind: str, put: str) -> Damage:
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        return Damage(name, node.lineno, kind, start, end, put)

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.If) and not node.orelse and isinstance(node.body[-1], ast.Raise):
            yield damage(node.test, "guardia que nunca rechaza", "False")
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = ast.unparse(node.value.func).rsplit(".", 1)[-1]
            if called.startswith((*LOCKS, *CHECKS)):
                yield damage(node, f"sin llamar a {called}", "pass")
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "select_for_update"
        ):
            yield damage(node, "sin candado de renglón", f"{ast.unparse(node.func.value)}.all()")
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in FLIPPED:
            left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
            yield damage(node, f"límite {SIGNS[type(node.ops[0])]}", f"({left} {FLIPPED[type(node.ops[0])]} {right})")


def drawn(count: int, seed: int) -> list[tuple[str, Damage]]:
    """Draw damages with a seed, rooms in turn, so that a large room does not take all."""
    chance = random.Random(seed)  # noqa: S311  a sample, not a secret
    pools = {}
    for room in ROOMS:
        files = [path for path in sorted((ROOT / "src" / "sif" / room).rglob("*.py")) if "migrations" not in path.parts]
        pools[room] = [each for path in files for each in damages_of(path)]
        chance.shuffle(pools[room])
    chosen = []
    while len(chosen) < count and any(pools.values()):
        chosen += [(room, pool.pop()) for room, pool in pools.items() if pool]
    return chosen[:count]


def copy_tree(target: Path) -> None:
    """Copy the repository without its data, and make an environment there that sees this one's packages."""
    shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(".git", "datos", "node_modules", ".venv", "capturas"))
    (target.parent / "shared").symlink_to(ROOT.parent / "shared")


def likeliest_first(room: str, damage: Damage) -> list[str]:
    """The tests of a room: for a lock, those of two acts at once come first; else those that name the module."""
    places = [ROOT / place for place in ROOMS[room]]
    files = [file for place in places for file in (sorted(place.rglob("test_*.py")) if place.is_dir() else [place])]
    is_lock = "candado" in damage.kind or any(word in damage.kind for word in LOCKS)
    module = damage.path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    likely = [
        file for file in files if ("at_once" in file.name if is_lock else module in file.read_text(encoding="utf-8"))
    ]
    return [file.relative_to(ROOT).as_posix() for file in dict.fromkeys((*likely, *files))]


def survives(root: Path, tests: list[str]) -> bool:
    """Run the tests of a room in the copy; tells whether all of them passed."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=LONGEST, check=False)
    return ran.returncode == 0


def main() -> int:
    """Print each survivor and the score; returns 0 whatever the score, 1 when a room is red without damage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuantos", type=int, default=100)
    parser.add_argument("--semilla", type=int, default=1)
    parser.add_argument("--lista", action="store_true", help="solo dice cuáles tocarían")
    args = parser.parse_args()
    chosen = drawn(args.cuantos, args.semilla)
    caught = 0
    with tempfile.TemporaryDirectory(prefix="sif-danos-") as folder:
        root = Path(folder) / "main"
        if not args.lista:
            copy_tree(root)
        for number, (room, damage) in enumerate(chosen, 1):
            place = f"{damage.path}:{damage.line} {damage.kind}"
            if args.lista:
                print(place)
                continue
            before, began = damage.apply(root), time.monotonic()
            try:
                alive = survives(root, likeliest_first(room, damage))
            except subprocess.TimeoutExpired:
                alive = False  # it hangs: somebody notices
            (root / damage.path).write_text(before, encoding="utf-8")
            caught += not alive
            words = "SOBREVIVE" if alive else "cae"
            print(f"{number:3} {words:9} {time.monotonic() - began:5.0f} s  {place}", flush=True)
    if not args.lista:
        print(f"{caught} de {len(chosen)} daños caen (semilla {args.semilla})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
