"""Counts the house, room by room: files, lines, imports of other rooms, long functions, Any, tests and their lines.

`scripts/casa.py` prints the page that the site of the documentation shows as «The house in figures».
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONG = 40
"""Lines of a function, as the formatter leaves it, from which it is counted as long."""
SKIPS = re.compile(r"pytest\.skip\(|mark\.skip(?:if)?\b|importorskip")


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
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    print(house_page())
