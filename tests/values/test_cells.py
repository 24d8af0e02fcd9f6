"""No text of a CSV is run by a spreadsheet, numbers keep their sign, and a file of ours is read as it was said."""

import csv
import io

import pytest

from sif.values import Money, as_said, csv_writer, harmless


@pytest.mark.parametrize("text", ["=1+1", "+52 55", "@SUM(A1)", "\tx", "\rx", "-Pago", "-1+1", "-2;3"])
def test_a_text_to_be_run_is_quoted_and_read_as_it_was_said(text: str) -> None:
    stream = io.StringIO(newline="")
    csv_writer(stream)([text])
    ((cell,),) = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert (cell, as_said(cell)) == (f"'{text}", text)


@pytest.mark.parametrize("mark", [";", ",", "|", "\t", "\n", "\r\n"])
@pytest.mark.parametrize("formula", ["=1+1", "+52", "-Pago", "@SUM(A1)", "-5"])
def test_no_cell_begins_with_a_formula_for_who_splits_by_another_mark(mark: str, formula: str) -> None:
    text = f'Renta "A"{mark}{formula}'
    for delimiter in ",;\t":
        stream = io.StringIO(newline="")
        csv_writer(stream, delimiter=delimiter)(["7", text, "fin"])
        for other in ",;|\t":  # without quotes, as where the mark of the file is not the one that splits
            for line in csv.reader(io.StringIO(stream.getvalue()), delimiter=other, quoting=csv.QUOTE_NONE):
                assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line)
        (row,) = csv.reader(io.StringIO(stream.getvalue(), newline=""), delimiter=delimiter)
        assert [as_said(cell) for cell in row] == ["7", text, "fin"]


@pytest.mark.parametrize("text", ["Renta; mes, dos", "a - b", "Pago, -50 de ajuste", "5;3", "uno\ndos"])
def test_a_text_without_formulas_is_written_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(("cell", "written"), [("-12", "-12"), ("-12.50", "-12.50"), (Money(-50), "-0.50"), (-3, "-3")])
def test_a_number_keeps_its_sign(cell: object, written: str) -> None:
    stream = io.StringIO(newline="")
    csv_writer(stream, ending="\n")([cell])  # type: ignore[list-item]
    assert stream.getvalue() == f"{written}\n"


@pytest.mark.parametrize("text", ["'62", "'", "", "O'Gorman", "'-5"])
def test_an_apostrophe_that_was_said_stays(text: str) -> None:
    assert as_said(text) == text
