"""Serve rows of typed cells as public files."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse

from sif.jobs.bounds import unbounded
from sif.values import Cell
from sif.web.files import csv_bytes, file_response


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file before it is written: its columns and its rows."""

    columnas: Sequence[str]
    filas: Sequence[Sequence[Cell]]

    def csv(self) -> bytes:
        """Write it as open data: CSV without a byte order mark."""
        return csv_bytes(self.columnas, self.filas)


def sheet_response(sheet: Sheet, kind: str, name: str) -> HttpResponse:
    """Answer the sheet as a download name.kind, whole. Raises Http404 when kind is neither csv nor xlsx."""
    with unbounded():
        return file_response(kind, name, sheet.columnas, sheet.filas, mark=False)
