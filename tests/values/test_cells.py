"""No text of a CSV is run by a spreadsheet, numbers keep their sign, and a file of ours is read as it was said."""

import csv
import io

import pytest
from django.utils.text import format_lazy

from sif.values import Money, as_said, csv_writer, harmless

WIDE = ["＝1+1", "＋52", "－Pago", "＠SUM(A1)"]  # where one types with wide letters, these are run too
TRIMMED = [" =1+1", "\x0b@SUM(A1)", "\xa0=1+1", "\ufeff=1+1", "\u200b+52", "\x00=1+1"]  # as by who trims what they read


@pytest.mark.parametrize("text", ["=1+1", "+52 55", "@SUM(A1)", "\tx", "\rx", "-Pago", "-1+1", "-2;3", *WIDE, *TRIMMED])
def test_a_text_to_be_run_is_quoted_and_read_as_it_was_said(text: str) -> None:
    stream = io.StringIO(newline="")
    csv_writer(stream)([text])
    ((cell,),) = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert (cell, as_said(cell)) == (f"'{text}", text)


@pytest.mark.parametrize("mark", [";", ",", "|", "\t", "\n", "\r\n"])
@pytest.mark.parametrize("formula", ["=1+1", "+52", "-Pago", "@SUM(A1)", "-5", *WIDE])
def test_no_cell_begins_with_a_formula_for_who_splits_by_another_mark(mark: str, formula: str) -> None:
    text = f'Renta "A"{mark}{formula}'
    for delimiter in ",;\t":
        stream = io.StringIO(newline="")
        csv_writer(stream, delimiter=delimiter)(["7", text, "fin"])
        for other in ",;|\t":  # without quotes, as where the mark of the file is not the one that splits
            for line in csv.reader(io.StringIO(stream.getvalue()), delimiter=other, quoting=csv.QUOTE_NONE):
                assert not any(cell.startswith(tuple("=+-@＝＋－＠")) for cell in line)
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


class Said:
    """What writes itself as text, as a sentence to be translated does."""

    def __str__(self) -> str:
        """Something to be run."""
        return "=1+1"


def test_what_writes_itself_as_text_is_quoted_as_text_is() -> None:
    stream = io.StringIO(newline="")
    csv_writer(stream, ending="\n")([Said(), format_lazy("@SUM(A1)")])  # type: ignore[list-item]
    assert stream.getvalue() == "'=1+1,'@SUM(A1)\n"


@pytest.mark.parametrize("text", ["'62", "'", "", "O'Gorman", "'-5"])
def test_an_apostrophe_that_was_said_stays(text: str) -> None:
    assert as_said(text) == text


@pytest.mark.parametrize("text", ["'=1", "''=1", " '=1", "'-5", "a;'=1", "a;''=1", "'a;=1", "'=1;'=1"])
def test_no_two_texts_are_written_alike(text: str) -> None:
    assert harmless(text) != harmless(text.replace("'", "", 1))
    assert as_said(harmless(text)) == text
