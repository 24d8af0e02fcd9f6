"""Declare the arguments that several commands share, and tell what was refused."""

import argparse
import sys
from datetime import date
from typing import TYPE_CHECKING

from sif.values import Refused, read_iso_day

if TYPE_CHECKING:
    from sif.registry.models import Usuario


def day(text: str) -> date:
    """Return a day written aaaa-mm-dd. Raises ArgumentTypeError."""
    try:
        return read_iso_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"«{text}» no es una fecha aaaa-mm-dd") from error


def person_named(command: str, username: str | None) -> "Usuario | None":
    """Find the person of an option, None where it was not given; where nobody has that name, say so as the command."""
    from sif.registry.models import Usuario

    found = Usuario.objects.filter(username=username).first()
    if found is None and username:
        print(f"sif {command}: no existe el usuario {username}. Revise la clave.", file=sys.stderr)
    return found


def tell(command: str, refused: Refused) -> None:
    """Say each problem of what was refused: where, what was seen and its cure."""
    for each in refused.problems:
        print(f"sif {command}: {each.donde}: {each.mensaje} {each.cura}", file=sys.stderr)
