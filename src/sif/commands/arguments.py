"""Declare the arguments that several commands share, and tell what was refused."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sif.values import Problem, Refused, read_iso_day

if TYPE_CHECKING:
    from sif.registry.models import Contabilidad, Etapa, SujetoObligado, Usuario

PIECE = 1024 * 1024

type Subparsers = "argparse._SubParsersAction[argparse.ArgumentParser]"


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
        where = f"{each.donde}: " if each.donde else ""
        print(f"sif {command}: {where}{each.mensaje} {each.cura}".rstrip(), file=sys.stderr)


def stage_named(command: str, clave: str, tipo: str) -> "Etapa | None":
    """Find a stage of a process by the key of this and its kind; where it is not there, say so as the command."""
    from sif.registry.models import Etapa

    found = Etapa.objects.filter(proceso__clave=clave, tipo=tipo).select_related("proceso").first()
    if found is None:
        there = Etapa.objects.filter(proceso__clave=clave).order_by("inicia_el").values_list("tipo", flat=True)
        cure = f"Tiene {', '.join(there)}." if there else "Los dice «sif procesos»."
        what = f"el proceso {clave} no tiene la etapa «{tipo}»" if there else f"no hay un proceso {clave}"
        print(f"sif {command}: {what}. {cure}", file=sys.stderr)
    return found


def subject_named(command: str, siglas: str) -> "SujetoObligado | None":
    """Find a subject by its siglas, in capitals or not; where nobody has them, say so as the command."""
    from sif.registry.models import SujetoObligado

    found = SujetoObligado.objects.filter(siglas__iexact=siglas.strip()).first()
    if found is None:
        print(f"sif {command}: no hay un sujeto con las siglas «{siglas[:20]}». Corríjalas.", file=sys.stderr)
    return found


def act_as(command: str, username: str, act: "Callable[[Usuario], int]") -> int:
    """Do an act in the name of a person and return its code; 1 saying what was refused, 2 if nobody is called so."""
    from sif.commands import database

    database.setup_django()
    from sif.registry.scope import everything

    by = person_named(command, username)
    if by is None:
        return 2
    try:
        with everything(by.pk):
            return act(by)
    except (Refused, PermissionError) as refused:
        return refused_as(command, refused)


def refused_as(command: str, refused: Refused | PermissionError) -> int:
    """Say what was refused, each problem at its place, and return the code of a command that was."""
    if isinstance(refused, Refused):
        tell(command, refused)
    else:
        print(f"sif {command}: {refused}", file=sys.stderr)
    return 1
