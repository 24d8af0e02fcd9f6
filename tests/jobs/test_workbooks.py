"""One room makes workbooks and one function writes CSV: what a spreadsheet would run is written as the text it is."""

import ast
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from sif.jobs.workbooks import put, workbook
from sif.values import Money

SOURCE = Path(__file__).parents[2] / "src"
OF_BANKS = "sif/banks/write.py"  # statements as a bank writes them: nothing of ours is added to their texts
INVENTED = "sif/demo/lotes.py"  # lots of the demonstration, which are loaded and that no person opens


def _nodes(said: str) -> Iterator[tuple[str, ast.AST]]:
    """Every node of the modules whose text says a name, with the path of its module."""
    for path in SOURCE.rglob("*.py"):
        if said in (text := path.read_text(encoding="utf-8")):
            yield from ((str(path.relative_to(SOURCE)), node) for node in ast.walk(ast.parse(text)))


def _users(library: str) -> set[str]:
    found = set()
    for path, node in _nodes(library):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        if any(name.partition(".")[0] == library for name in [*names, module]):
            found.add(path)
    return found


def _csv_writers() -> set[str]:
    return {
        path
        for path, node in _nodes("csv")
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("csv.writer", "csv.DictWriter")
    }


def test_one_module_makes_workbooks_and_one_writes_csv() -> None:
    assert _users("xlsxwriter") == {"sif/jobs/workbooks.py"}
    assert _csv_writers() == {"sif/values/cells.py", OF_BANKS, INVENTED}


EXPORTERS = {
    "sif/audit/grants.py": "ministrations",
    "sif/audit/matrix.py": "the matrix of precedents",
    "sif/batch/templates.py": "templates of lots",
    "sif/commands/personas.py": "links of invitations",
    "sif/disclosure/layout.py": "the public file of spending",
    "sif/jobs/sheets.py": "every list, and what is asked for by kind",
    "sif/registry/cap_formulas.py": "caps computed by a formula",
    "sif/registry/naming.py": "names of the registry",
    "sif/registry/sample_files.py": "sample files of candidacies and caps",
    "sif/statements/export_plain.py": "books for other programs",
    "sif/statements/files/plain.py": "books as text",
    "sif/statements/files/workbook.py": "books as workbooks",
}
"""Every door by which rows leave as a file that a spreadsheet opens."""
CELLS = frozenset({"write_formula", "write_array_formula", "write_dynamic_array_formula", "write_url", "write_row",
                   "write_column", "write_rich_string", "insert_textbox", "add_table", "set_header", "set_footer",
                   "write_string", "writerow", "writerows"})  # fmt: skip
"""Ways to a cell that pass by no guard."""
LITERALS = {"sif/batch/templates.py": {"write_comment"}}  # what the jurisdiction says of a column


def test_every_door_by_which_rows_leave_is_known_and_writes_by_the_guard_alone() -> None:
    doors = {
        path
        for name in ("csv_writer", "workbook")
        for path, node in _nodes(name)
        if isinstance(node, ast.ImportFrom) and node.module in ("sif.values", "sif.values.cells", "sif.jobs.workbooks")
        if name in {each.name for each in node.names}
    }
    assert doors - {"sif/values/__init__.py"} == set(EXPORTERS)
    for path in EXPORTERS:
        tree = ast.parse((SOURCE / path).read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        called = {each.func.attr: each.args for each in calls if isinstance(each.func, ast.Attribute)}
        assert not called.keys() & CELLS, path
        assert {each for each in called if each.startswith("write_")} <= LITERALS.get(path, set()), path
        assert all(isinstance(each, ast.Constant) for each in called.get("write", ())), path  # the mark of UTF-8


def test_each_cell_is_written_as_what_it_is_and_no_text_is_run() -> None:
    moment = datetime(2024, 6, 1, 5, 30, tzinfo=UTC)
    cells = ("=1+1", "https://a.mx", "00123", Money(-150), 7, date(2024, 5, 31), moment, None, "")
    for table in (False, True):
        stream = io.BytesIO()
        with workbook(stream, table=table, made=moment, title="Prueba") as book:
            sheet = book.add_worksheet("a")
            day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            for place, cell in enumerate(cells):
                put(sheet, 0, place, cell, day if isinstance(cell, date) else None)
        read = load_workbook(io.BytesIO(stream.getvalue()))
        row = next(iter(read["a"].iter_rows()))
        assert [cell.data_type for cell in row[:3]] == ["s", "s", "s"]
        assert not any(cell.hyperlink for cell in row)
        assert [cell.value for cell in row[3:5]] == [-1.5, 7]
        assert row[5].value == datetime(2024, 5, 31)  # noqa: DTZ001 - a cell has no zone
        assert row[6].value == datetime(2024, 5, 31, 23, 30)  # noqa: DTZ001
        assert not any(cell.value for cell in row[7:])
        assert (read.properties.title, read.properties.created) == ("Prueba", moment.replace(tzinfo=None))


@pytest.mark.parametrize("text", ["a" * 32_768, "ñ" * 40_000, "𝄞" * 16_384, "ab" + "𝄞" * 100_000])
def test_a_text_that_no_cell_holds_says_in_it_that_it_was_cut_and_how_long_it_is(text: str) -> None:
    for table in (False, True):
        stream = io.BytesIO()
        with workbook(stream, table=table) as book:
            put(book.add_worksheet("a"), 0, 0, text)
        read = str(load_workbook(io.BytesIO(stream.getvalue()))["a"]["A1"].value)
        kept, said = read.split(" […] ")
        assert text.startswith(kept) and len(kept.encode("utf-16-le")) > 65_000
        assert said == f"Cortado: el texto tiene {len(text):,} letras y en una celda caben 32,767."


@pytest.mark.parametrize("text", ["a" * 32_767, "𝄞" * 16_383])
def test_a_text_that_a_cell_holds_is_whole_in_it(text: str) -> None:
    stream = io.BytesIO()
    with workbook(stream) as book:
        put(book.add_worksheet("a"), 0, 0, text)
    assert load_workbook(io.BytesIO(stream.getvalue()))["a"]["A1"].value == text
