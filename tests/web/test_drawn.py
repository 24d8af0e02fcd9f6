"""Tables, pages of rows and files of web are each made in one place; what is drawn otherwise is named here with why."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sif import web

ROOT = Path(web.__file__).parent
PLAIN = {
    "columns.py": "draws what columns declare",
    "party/libros/book_table.py": "the columns of a book are declared once, in its report, for its files and its page",
    "party/prorrateo/class_words.py": "adds to a table the line of what nobody is charged, which is of no row",
    "samples.py": "shows the piece itself in each of its states",
}
"""Modules that build a table row by row, each with its reason."""
WRITERS = {"csv", "openpyxl", "xlsxwriter", "sif.jobs.sheets"}


@cache
def modules() -> list[tuple[str, list[ast.AST]]]:
    """Every module with its nodes."""
    return [
        (path.relative_to(ROOT).as_posix(), list(ast.walk(ast.parse(path.read_text(encoding="utf-8")))))
        for path in sorted(ROOT.rglob("*.py"))
        if "migrations" not in path.parts
    ]


def callers(*names: str) -> set[str]:
    return {
        module
        for module, nodes in modules()
        for node in nodes
        if isinstance(node, ast.Call)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")) in names
    }


def imported(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            yield from (node.module or "", *(f"{node.module}.{each.name}" for each in node.names))
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def test_a_table_is_drawn_from_its_columns_or_says_why_not() -> None:
    assert callers("Table", "Row") == PLAIN.keys()


def test_one_piece_cuts_rows_in_pages() -> None:
    assert callers("pager_for") == {"tables.py"}
    assert callers("Pager") == {"tables.py", "keyset.py", "samples.py"}


def test_one_piece_writes_each_kind_of_file() -> None:
    writes = {module for module, nodes in modules() if WRITERS & set(imported(nodes))}
    assert writes == {"files.py"}
    assert not {module for module, nodes in modules() if "sif.values.csv_writer" in set(imported(nodes))}
