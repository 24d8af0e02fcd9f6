"""`sif libros`: take whole books to another program or to a file, and open those of a year."""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from sif.commands import database, libros_apertura, libros_sat, libros_traer
from sif.commands.arguments import Subparsers

_FORMATS = ("beancount", "hledger", "csv")
_EXAMPLE = """ejemplos:
  sif libros exportar --contabilidad 41201 --formato beancount --salida 41201.beancount
  sif libros exportar --contabilidad 41201 --formato hledger | hledger -f - balance

Salen todas las pólizas registradas, en el orden de su cadena. Los cargos son positivos y los abonos negativos en
beancount y hledger; en CSV cada uno está en su columna."""


def register(subparsers: Subparsers) -> None:
    """Add `sif libros` to the command."""
    parser = subparsers.add_parser(
        "libros",
        help="exporta los libros de una contabilidad, y abre los de un ejercicio",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(dest="verbo", metavar="VERBO", required=True)
    verb = verbs.add_parser(
        "exportar",
        help="todas sus pólizas, como texto de otro programa",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.add_argument("--contabilidad", required=True, type=int, metavar="ID", help="número de la contabilidad")
    verb.add_argument("--formato", required=True, choices=_FORMATS, help="para qué programa")
    verb.add_argument("--salida", type=Path, metavar="ARCHIVO", help="dónde dejarlo; si no, en la salida estándar")
    verb.set_defaults(run=run)
    libros_sat.add_verb(verbs)
    libros_apertura.add_verbs(verbs)
    libros_traer.add_verb(verbs)


def run(args: argparse.Namespace) -> int:
    """Export; 0 if it was written whole, 2 if the books do not exist or the file cannot be written."""
    database.setup_django()
    from sif.registry.models import Contabilidad
    from sif.registry.scope import everything
    from sif.statements.export_plain import export

    with everything():
        books = Contabilidad.objects.select_related("sujeto").filter(pk=args.contabilidad).first()
        if books is None:
            print(
                f"sif libros: no hay una contabilidad {args.contabilidad}. Revise el número de seis cifras.",
                file=sys.stderr,
            )
            return 2
        try:
            _write(export(books, args.formato), args.salida)
        except BrokenPipeError:
            raise
        except OSError as error:
            print(f"sif libros: no se puede escribir {error.filename}: {error.strerror}.", file=sys.stderr)
            return 2
    return 0


def _write(pieces: Iterable[str], target: Path | None) -> None:
    """Write to a file, whole or not at all, or to the standard output."""
    if target is None:
        sys.stdout.writelines(pieces)
        sys.stdout.flush()
        return
    partial = target.with_name(f"{target.name}.parte")
    try:
        with partial.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(pieces)
        os.replace(partial, target)  # noqa: PTH105 - the one that replaces on every system
    finally:
        partial.unlink(missing_ok=True)
