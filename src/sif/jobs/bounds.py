"""Bound the rows of a file that a request writes; a job writes the file that has more."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

MOST_ROWS = {"pdf": 500, "xlsx": 5_000, "xml": 20_000, "csv": 50_000, "csv_punto_y_coma": 50_000}
"""Rows of a file that are written within a request, by its form. About a second each (ADR 0168, 0192)."""
SHEET_ROWS = 1_048_575  # below the head of a sheet of XLSX

_unbounded: ContextVar[bool] = ContextVar("sif_file_unbounded", default=False)


class LongFile(Exception):
    """A file has more rows than a request writes; `rows` is that bound."""

    def __init__(self, rows: int) -> None:
        super().__init__(f"El archivo pasa de {rows:,} renglones. Pídalo como trabajo: se escribe aparte.")
        self.rows = rows


class TooLongForSheet(ValueError):
    """A sheet of XLSX cannot hold that many rows, whoever writes it."""

    def __init__(self) -> None:
        super().__init__(f"Una hoja de XLSX admite {SHEET_ROWS:,} renglones y esta lista tiene más. Pídala en CSV.")


@contextmanager
def unbounded() -> Iterator[None]:
    """Lift the bounds of a request, for a job."""
    token = _unbounded.set(True)
    try:
        yield
    finally:
        _unbounded.reset(token)


def must_fit(rows: int, form: str) -> None:
    """Raise LongFile if a request must not write that many rows, TooLongForSheet if no sheet holds them."""
    if not _unbounded.get() and rows > MOST_ROWS[form]:
        raise LongFile(MOST_ROWS[form])
    if form == "xlsx" and rows > SHEET_ROWS:
        raise TooLongForSheet


def bounded[T](rows: Iterable[T], form: str) -> Iterator[T]:
    """Yield the rows of a file up to what `must_fit` admits; raises as it does at the first that is too many.

    It lets the rows go then: a cursor that its traceback held would be closed by the collector, within another act.
    """
    try:
        for number, row in enumerate(rows, 1):
            must_fit(number, form)
            yield row
    finally:
        del rows
