"""Declare the arguments that several commands share, and tell what was refused."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sif.values import Problem, Refused, read_iso_day

if TYPE_CHECKING:
    from sif.registry.models import Contabilidad, Usuario

PIECE = 1024 * 1024


def day(text: str) -> date:
    """Return a day written aaaa-mm-dd. Raises ArgumentTypeError."""
    try:
        return read_iso_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"«{text}» no es una fecha aaaa-mm-dd") from error


def person_named(command: str, username: str | None) -> "Usuario | None":
    """Find the person of an option, None where it was not given; where nobody has that name, say so as the command."""
    from sif.registry.selectors import account_named

    found = account_named(username)
    if found is None and username:
        print(f"sif {command}: no existe el usuario {username}. Revise la clave.", file=sys.stderr)
    return found


def books_and_person(
    numbers: Iterable[int], username: str
) -> tuple[dict[int, "Contabilidad"], "Usuario | None", list[str]]:
    """Find the books of some numbers and the person who acts on them; last, what of it is not there, in words."""
    from sif.registry.models import Contabilidad
    from sif.registry.selectors import account_named

    asked = list(numbers)
    rows = Contabilidad.objects.select_related("etapa__proceso", "sujeto").filter(pk__in=asked)
    books = {row.pk: row for row in rows}
    named = account_named(username)
    by = named if named is not None and named.is_active else None
    missing = [f"la contabilidad {number}" for number in asked if number not in books]
    return books, by, missing if by else [*missing, f"el usuario {username}"]


def pieces(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file in pieces. Raises OSError."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def tell_coded(problems: Iterable[Problem]) -> None:
    """Say each problem of a file: where, what was seen, its cure and its code."""
    for each in problems:
        print(f"{each.donde}: {each.mensaje} {each.cura} ({each.codigo})", file=sys.stderr)


def tell(command: str, refused: Refused) -> None:
    """Say each problem of what was refused: where, what was seen and its cure."""
    for each in refused.problems:
        print(f"sif {command}: {each.donde}: {each.mensaje} {each.cura}", file=sys.stderr)
