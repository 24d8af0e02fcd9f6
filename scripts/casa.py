"""Counts the house, room by room: files, lines, imports of other rooms, long functions, Any, tests and their lines.

`scripts/casa.py` prints the page that the site of the documentation shows as «The house in figures»;
`scripts/casa.py FOLDER` counts another checkout, formatted first with `ruff format`, as BEFORE was counted.
"""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONG = 40
"""Lines of a function, as the formatter leaves it, from which it is counted as long."""
SKIPS = re.compile(r"pytest\.skip\(|mark\.skip(?:if)?\b|importorskip")


BEFORE_AT = "a6860cad", "27 November 2026"
"""The commit after which lists and forms became declarations, and its day."""
BEFORE = {
    "rooms": 25,
    "files of `web`": 197,
    "lines of `web`": 26_699,
    "addresses": 163,
    "lines of `web` for each address": 163,
    "files of every room": 633,
    "lines of every room": 83_644,
    "arrows from a room to another": 162,
    "functions over 40 lines": 32,
    "`Any` in 10,000 lines": 73,
    "`# fmt: skip`": 1_207,
    "libraries without types": 29,
    "tests": 1_876,
    "lines of tests": 39_544,
    "places where a test may be skipped": 18,
}
"""What `whole` counted there."""
SLOWEST = 10


@dataclass(frozen=True, slots=True)
class Room:
    """What is counted of a room. imports: the other rooms that its code names; migrations are left out."""

    name: str
    files: int
    lines: int
    imports: frozenset[str]
    long: int
    untyped: int
    tests: int
    test_lines: int


def floors(root: Path = ROOT) -> list[list[str]]:
    """Return the rooms of each floor, the highest first, as the contract of imports declares them."""
    config = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    return [[name.strip() for name in re.split(r"[|:]", layer)] for layer in layers]


def _trees(folder: Path) -> Iterator[tuple[int, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        if "migrations" not in path.parts:
            text = path.read_text(encoding="utf-8")
            yield len(text.splitlines()), ast.parse(text)


def _imports(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and node.module == "sif":
        yield from (each.name for each in node.names)
    elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sif."):
        yield (node.module or "").split(".")[1]


def _is_long(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return (node.end_lineno or node.lineno) - node.lineno + 1 > LONG


def count_room(name: str, root: Path = ROOT) -> Room:
    """Count a room and the folder of its tests."""
    found = list(_trees(root / "src" / "sif" / name))
    nodes = [node for _lines, tree in found for node in ast.walk(tree)]
    tests = list(_trees(root / "tests" / name))
    return Room(
        name,
        len(found),
        sum(lines for lines, _tree in found),
        frozenset(room for node in nodes for room in _imports(node)) - {name},
        sum(map(_is_long, nodes)),
        sum(isinstance(node, ast.Name) and node.id == "Any" for node in nodes),
        sum(
            isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
            for _lines, tree in tests
            for node in ast.walk(tree)
        ),
        sum(lines for lines, _tree in tests),
    )


def whole(root: Path = ROOT) -> dict[str, int]:
    """Count the whole repository, by what is counted in words."""
    rooms = [count_room(path.parent.name, root) for path in sorted((root / "src" / "sif").glob("*/__init__.py"))]
    web = next(room for room in rooms if room.name == "web")
    source = [
        path.read_text(encoding="utf-8") for path in (root / "src").rglob("*.py") if "migrations" not in path.parts
    ]
    tests = [path.read_text(encoding="utf-8") for path in (root / "tests").rglob("*.py")]
    functions = [node for text in tests for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    return {
        "rooms": len(rooms),
        "files of `web`": web.files,
        "lines of `web`": web.lines,
        "addresses": _addresses(root),
        "lines of `web` for each address": web.lines // _addresses(root),
        "files of every room": sum(room.files for room in rooms),
        "lines of every room": sum(room.lines for room in rooms),
        "arrows from a room to another": sum(len(room.imports) for room in rooms),
        "functions over 40 lines": sum(room.long for room in rooms),
        "`Any` in 10,000 lines": sum(room.untyped for room in rooms) * 10_000 // sum(room.lines for room in rooms),
        "`# fmt: skip`": sum(text.count("# fmt: skip") for text in source),
        "libraries without types": _untyped_libraries(root),
        "tests": sum(node.name.startswith("test_") for node in functions),
        "lines of tests": sum(len(text.splitlines()) for text in tests),
        "places where a test may be skipped": sum(len(SKIPS.findall(text)) for text in tests),
    }


def _addresses(root: Path) -> int:
    files = (root / "src" / "sif" / "web").rglob("urls.py")
    return sum(len(re.findall(r"\bpath\(", path.read_text(encoding="utf-8"))) for path in files)


def _untyped_libraries(root: Path) -> int:
    mypy = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    lists = [each["module"] for each in mypy["overrides"] if each.get("ignore_missing_imports")]
    return sum(len([each] if isinstance(each, str) else each) for each in lists)


def _compared(root: Path) -> list[str]:
    commit, day = BEFORE_AT
    rows = [f"| {name} | {BEFORE[name]:,} | {now:,} |" for name, now in whole(root).items()]
    told = f"Before: commit `{commit}`, {day}, when each list was a program. Both as the formatter leaves them."
    return ["## Before and after", "", told, "", "| | before | now |", "|---|--:|--:|", *rows, ""]


def _pages(root: Path) -> list[str]:
    """Write the slowest pages of the last measure of every page of every desk."""
    found = json.loads((root / "benchmarks" / "paginas.json").read_text(encoding="utf-8"))
    rows = sorted(found["paginas"], key=lambda row: -row[4])
    told = (
        f"The slowest {SLOWEST} of {len(rows)} on {found['fecha']}, with one part in {found['parte']} of the sizes of "
        "the goal; "
        f"{found['carga']} processes waited at the beginning and {found['al_terminar']} at the end. "
        "[Rendimiento](../rendimiento.md) has them all."
    )
    table = [
        f"| {desk} | {page} | {queries} | {median:,} | {worst:,} |"
        for desk, page, queries, median, worst in rows[:SLOWEST]
    ]
    head = ["| desk | page | queries | median ms | p95 ms |", "|---|---|--:|--:|--:|"]
    return ["## Pages", "", told, "", *head, *table, ""]


def house_page(root: Path = ROOT) -> str:
    """Write the table of the rooms by floor, and below it what is counted of the whole repository."""
    rooms = [(floor, count_room(name, root)) for floor, names in enumerate(floors(root)) for name in sorted(names)]
    all_floors = len(floors(root))
    parts = ["# The house in figures", "", f"Long: functions of more than {LONG} lines. Floor 1 is the lowest.", ""]
    parts += ["| floor | room | files | lines | imports | long | `Any` | tests | lines of tests |"]
    parts += ["|--:|---|--:|--:|--:|--:|--:|--:|--:|"]
    for floor, room in rooms:
        counts = (room.files, room.lines, len(room.imports), room.long, room.untyped, room.tests, room.test_lines)
        parts.append(f"| {all_floors - floor} | {room.name} | {' | '.join(f'{n:,}' for n in counts)} |")
    whole = [room for _floor, room in rooms]
    sums = [
        sum(each) for each in zip(*((r.files, r.lines, len(r.imports), r.long, r.untyped) for r in whole), strict=True)
    ]
    parts.append(f"| | **all** | {' | '.join(f'{n:,}' for n in sums)} | | |")
    written = [path.read_text(encoding="utf-8") for path in (root / "tests").rglob("*.py")]
    parts += [
        "",
        f"All tests: {sum(len(text.splitlines()) for text in written):,} lines in {len(written):,} files; in "
        f"{sum(len(SKIPS.findall(text)) for text in written):,} places one may be skipped.",
        "",
        *_compared(root),
        *_pages(root),
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    print(json.dumps(whole(Path(sys.argv[1])), indent=1) if sys.argv[1:] else house_page())
