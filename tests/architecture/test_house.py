"""The shape of the house: foreign keys run downward, files and functions stay small, each room says its duty."""

import ast
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "sif"
FILE_LIMIT, FUNCTION_LIMIT, PARAMETER_LIMIT, RULE_LIMIT = 500, 60, 6, 150


def _floors() -> dict[str, int]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    names = [[room.strip() for room in layer.replace(":", "|").split("|")] for layer in layers]
    return {room: len(names) - place for place, rooms in enumerate(names) for room in rooms}


def test_foreign_keys_run_downward() -> None:
    floors = _floors()
    upward = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("sif.")
        for field in model._meta.get_fields()
        if field.is_relation
        and field.related_model
        and not field.auto_created
        and field.related_model._meta.app_label in floors
        and floors[field.related_model._meta.app_label] > floors[model._meta.app_label]
    ]
    assert not upward


def _pages(patterns: Iterable[Any]) -> Iterator[str]:
    """The modules of the pages that some addresses lead to."""
    for each in patterns:
        if hasattr(each, "url_patterns"):
            yield from _pages(each.url_patterns)
        else:
            yield getattr(each.callback, "view_class", each.callback).__module__


def _imported(module: str) -> set[str]:
    tree = ast.parse((ROOT / "src" / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    whole = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    return (
        whole | {node.module or "" for node in found} | {f"{n.module}.{each.name}" for n in found for each in n.names}
    )


def test_no_page_imports_a_page() -> None:
    pages = {each for each in _pages(get_resolver().url_patterns) if each.startswith("sif.web.")}
    assert len(pages) > 100
    found = {(page, other) for page in pages for other in _imported(page) & pages - {page}}
    assert not found, "lo que dos páginas comparten va en un módulo que no es página"


RIDDLE = ("What", "How", "Where", "Whose", "Whom", "Those", "Which", "Whether", "Everything", "Who", "When", "Why")


def test_a_docstring_opens_with_what_its_code_does_or_is() -> None:
    riddles = [
        f"{path.relative_to(SOURCE)}: {getattr(node, 'name', 'module')}"
        for path in WRITTEN_BY_US
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if (ast.get_docstring(node) or "none").split()[0] in RIDDLE
    ]
    assert not riddles, riddles


WRITTEN_BY_US = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)


@pytest.mark.parametrize("path", WRITTEN_BY_US, ids=lambda path: str(path.relative_to(SOURCE)))
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= FILE_LIMIT, f"{path.name} pasa de {FILE_LIMIT} renglones"
    tree = ast.parse(text)
    assert ast.get_docstring(tree) or not text.strip(), f"{path.name} no dice para qué es"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < FUNCTION_LIMIT, f"{path.name}: {node.name} es larga"
            count = len(node.args.args) + len(node.args.kwonlyargs)
            assert count <= PARAMETER_LIMIT + 1, f"{path.name}: {node.name} pide {count} parámetros"


@pytest.mark.parametrize("path", sorted(SOURCE.glob("jurisdictions/*/rules/*/*.yaml")), ids=lambda path: path.stem)
def test_rule_files_stay_readable(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= RULE_LIMIT
    query = yaml.safe_load("\n".join(lines))["query"]
    assert len(query.splitlines()) <= 25


@pytest.mark.parametrize("room", sorted(_floors()))
def test_each_room_says_its_duty(room: str) -> None:
    assert (SOURCE / room / "README.md").is_file()


MOST_UNFOLDED = 40
"""Tables of data that read worse when the formatter folds them, in the whole house."""


def test_only_a_few_tables_are_kept_from_the_formatter() -> None:
    written = [*WRITTEN_BY_US, *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    found = [(path, n) for path in written for n, line in enumerate(_lines(path), 1) if line.endswith("# fmt: skip")]
    assert len(found) <= MOST_UNFOLDED
    tables = {
        (path, node.end_lineno)
        for path in {path for path, _line in found}
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
    }
    assert set(found) <= tables, "solo una tabla de datos de su módulo queda como se escribió"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


WIDE, MOST_WIDE = 160, 121
"""A line of a template that is too wide, and how many are left: one sentence or one choice that HTML cannot part."""


def test_lines_of_templates_fit_and_those_that_do_not_only_fall() -> None:
    wide = [
        f"{path.name}:{n}"
        for path in SOURCE.rglob("*.html")
        for n, line in enumerate(_lines(path), 1)
        if len(line) > WIDE
    ]
    assert len(wide) <= MOST_WIDE, wide
