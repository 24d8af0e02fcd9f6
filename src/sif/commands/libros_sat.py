"""`sif libros sat`: the files of contabilidad electrónica 1.3 of a month, each in its ZIP."""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sif.commands import database
from sif.commands.arguments import Subparsers
from sif.values import Problem

if TYPE_CHECKING:
    from sif.statements.sat.sending import Sending

_EXAMPLE = """ejemplos:
  sif libros sat --contabilidad 41201 --mes 2026-05 --salida envio/
  sif libros sat --contabilidad 41201 41202 --mes 2026-05 --solo balanza --salida envio/

Los archivos se revisan con los esquemas del SAT antes de dejarlos. Si uno no pasa, no se deja ninguno."""
KINDS = ("catalogo", "balanza", "polizas", "auxiliar")


def add_verb(verbs: Subparsers) -> None:
    """Add `sat` to the verbs of `sif libros`."""
    verb = verbs.add_parser(
        "sat",
        help="contabilidad electrónica 1.3 de un mes",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.add_argument("--contabilidad", required=True, type=int, nargs="+", metavar="ID", help="una o varias")
    verb.add_argument("--mes", required=True, metavar="AAAA-MM", help="mes que se envía")
    verb.add_argument("--salida", required=True, type=Path, metavar="CARPETA", help="dónde dejar los ZIP")
    verb.add_argument("--solo", choices=KINDS, nargs="+", default=KINDS, help="solo estos archivos")
    verb.add_argument("--solicitud", default="AF", choices=("AF", "FC", "DE", "CO"), help="por qué se piden")
    verb.add_argument("--orden", default="", help="número de orden (AF y FC)")
    verb.add_argument("--tramite", default="", help="número de trámite (DE y CO)")
    verb.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the files and print their names; 0 if all were written, 2 if none was."""
    database.setup_django()
    from sif.registry.scope import everything
    from sif.values import Refused

    try:
        with everything():
            names = _write(args)
    except Refused as refused:
        return _refuse(refused.problems)
    except OSError as error:
        print(f"sif libros sat: no se puede escribir {error.filename}: {error.strerror}.", file=sys.stderr)
        return 2
    print(*names, sep="\n")
    return 0


def _refuse(problems: Iterable[Problem]) -> int:
    for problem in problems:
        print(f"sif libros sat: {problem.donde}: {problem.mensaje} {problem.cura}", file=sys.stderr)
    return 2


def _write(args: argparse.Namespace) -> list[Path]:
    """Return all the files or none: each is written beside its place and all take their names at the end."""
    from sif.statements.sat.package import write_zip

    sent = _sending(args)
    args.salida.mkdir(parents=True, exist_ok=True)
    done: list[tuple[Path, Path]] = []
    try:
        for kind in args.solo:
            partial = args.salida / f"{sent.name(kind)}.zip.parte"
            done.append((partial, args.salida / f"{sent.name(kind)}.zip"))
            with partial.open("wb") as stream:
                write_zip(stream, sent, kind)
        for partial, target in done:
            os.replace(partial, target)  # noqa: PTH105 - the one that replaces on every system
    finally:
        for partial, _target in done:
            partial.unlink(missing_ok=True)
    return [target for _partial, target in done]


def _sending(args: argparse.Namespace) -> "Sending":
    from sif.registry.models import Contabilidad
    from sif.statements.sat.sending import sending
    from sif.values import Refused

    year, _dash, month = args.mes.partition("-")
    if not (year.isdecimal() and month.isdecimal() and len(year) == 4 and len(month) == 2):
        raise Refused(Problem("sat_mes", "--mes", f"«{args.mes}» no es un mes.", "Escriba AAAA-MM."))
    books = list(Contabilidad.objects.select_related("sujeto").filter(pk__in=args.contabilidad))
    if missing := set(args.contabilidad) - {each.pk for each in books}:
        said = f"No hay contabilidad {', '.join(map(str, sorted(missing)))}."
        raise Refused(Problem("sat_contabilidad", "--contabilidad", said, "Revise el número de seis cifras."))
    return sending(books, int(year), int(month), solicitud=args.solicitud, orden=args.orden, tramite=args.tramite)
