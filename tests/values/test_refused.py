"""One exception carries problems: its two texts, and no room writes another."""

import ast
from pathlib import Path

from sif.values import Problem, Refused, refusal

SOURCE = Path(__file__).parents[2] / "src"
HERE = SOURCE / "sif/values/refused.py"


def test_a_terminal_hears_the_places_and_a_page_does_not() -> None:
    refused = Refused(Problem("a", "fila 2", "Falta el folio.", "Escríbalo."), Problem("b", "", "Es otro.", ""))
    assert str(refused) == "fila 2: Falta el folio. Escríbalo.\nEs otro."
    assert refused.said == "Falta el folio. Escríbalo. Es otro."
    assert refusal("a", "fila 2", "Falta el folio.", "Escríbalo.").problems == refused.problems[:1]


def _carries_problems(node: ast.ClassDef) -> bool:
    bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    if not bases & {"Exception", "ValueError", "RuntimeError", "PermissionError", "LookupError"}:
        return False
    sets = [each for each in ast.walk(node) if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store)]
    return any(each.attr in ("problem", "problems") for each in sets)


def test_no_other_exception_carries_problems() -> None:
    found = [
        f"{path.relative_to(SOURCE)}: {node.name}"
        for path in SOURCE.rglob("*.py")
        if path != HERE and "problem" in (text := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef) and _carries_problems(node)
    ]
    assert not found, found
