"""Compare a proposed publication with the current one: rows and sums before and after."""

import json
from dataclasses import dataclass
from typing import Any

from sif.books.services import read_file
from sif.disclosure.content import FORMAT, TABLES

SUMS: tuple[tuple[str, str], ...] = (
    ("contabilidades", "ingresos"),
    ("contabilidades", "egresos"),
    ("contabilidades", "no_reportado"),
    ("sanciones", "monto"),
)
"""The sums that are shown: a part of the content and a column of it, in centavos."""


@dataclass(frozen=True, slots=True)
class PartChange:
    """Rows of a part before and after, and how many of them enter, leave or say something else.

    `distintas` is None where the publication in sight has another form, whose rows are not compared.
    """

    parte: str
    antes: int
    despues: int
    entran: int
    salen: int
    distintas: int | None


@dataclass(frozen=True, slots=True)
class SumChange:
    """A sum of a column of a part in centavos, before and after."""

    parte: str
    columna: str
    antes: int
    despues: int


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of the public data: rows by part, and sums."""

    partes: list[PartChange]
    sumas: list[SumChange]


def compare(before: str, after: str) -> Changes:
    """Read two contents by their digests and compare them; '' is nothing in sight."""
    old, new = _content(before), _content(after)
    sums = [SumChange(part, column, *(_sum(content, part, column) for content in (old, new))) for part, column in SUMS]
    return Changes(_parts(old, new, comparable=not (before and after) or old["formato"] == new["formato"]), sums)


def _parts(old: dict[str, Any], new: dict[str, Any], *, comparable: bool) -> list[PartChange]:
    found = []
    for part, (_model, key) in TABLES.items():
        was, will = ({row[key]: row for row in content[part]} for content in (old, new))
        changed = sum(was[name] != will[name] for name in was.keys() & will.keys())
        entering, leaving = len(will.keys() - was.keys()), len(was.keys() - will.keys())
        found.append(PartChange(part, len(was), len(will), entering, leaving, changed if comparable else None))
    return found


def _content(huella: str) -> dict[str, object]:
    empty: dict[str, object] = {"formato": FORMAT, **{part: [] for part in TABLES}}
    return json.loads(read_file(huella)) if huella else empty


def _sum(content: dict[str, Any], part: str, column: str) -> int:
    return sum(row[column] or 0 for row in content[part])  # null is what the council has not resolved
