"""The rows that a request writes of each form, and those that a sheet holds whoever writes it."""

from collections.abc import Iterator

import pytest

from sif.jobs.bounds import MOST_ROWS, SHEET_ROWS, LongFile, TooLongForSheet, bounded, must_fit, unbounded


@pytest.mark.parametrize(("form", "most"), MOST_ROWS.items())
def test_a_request_writes_up_to_the_bound_of_the_form_and_not_one_row_more(form: str, most: int) -> None:
    must_fit(most, form)
    with pytest.raises(LongFile, match=f"{most:,} renglones") as refused:
        must_fit(most + 1, form)
    assert refused.value.rows == most
    with unbounded():
        must_fit(most + 1, form)


def test_a_sheet_holds_its_last_row_and_not_one_more_even_for_a_job() -> None:
    with unbounded():
        must_fit(SHEET_ROWS, "xlsx")
        with pytest.raises(TooLongForSheet, match="Pídala en CSV"):
            must_fit(SHEET_ROWS + 1, "xlsx")
        must_fit(SHEET_ROWS + 1, "csv")


def test_rows_go_out_until_the_first_that_is_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MOST_ROWS, "pdf", 2)
    rows = bounded(iter("abc"), "pdf")
    assert [next(rows), next(rows)] == ["a", "b"]
    with pytest.raises(LongFile):
        next(rows)


def test_rows_left_at_their_bound_are_let_go_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MOST_ROWS, "pdf", 0)
    closed: list[bool] = []

    def rows() -> Iterator[str]:
        try:
            yield "a"
        finally:
            closed.append(True)

    with pytest.raises(LongFile) as kept:
        next(bounded((row for row in rows()), "pdf"))
    assert kept.tb and closed  # while its traceback is alive: a cursor is closed in the act that opened it
