"""`sif listas 69b`: the authority loads a publication of SAT's list of article 69-B."""

import argparse
import sys
from pathlib import Path
from typing import Any

from sif.commands import database
from sif.commands.arguments import day
from sif.values import Refused

_EXAMPLE = """ejemplo:
  sif listas 69b Listado_Completo_69-B.csv --publicada 2026-05-18 --por dario

la fecha está en la primera línea del archivo del SAT. El mismo archivo otra vez no cambia nada.
termina con 0 si quedó cargada, 1 si algo no se entiende y 2 si falta el archivo o la persona."""


def register(subparsers: Any) -> None:
    """Add `sif listas 69b` to the command."""
    parser = subparsers.add_parser("listas", help="carga las listas que publica el SAT")
    lists = parser.add_subparsers(dest="lista", metavar="LISTA", required=True)
    load = lists.add_parser(
        "69b", help="la lista del artículo 69-B del CFF", epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    load.add_argument("archivo", type=Path, metavar="ARCHIVO", help="el CSV «Listado completo», tal como lo da el SAT")
    load.add_argument("--publicada", required=True, type=day, metavar="AAAA-MM-DD", help="día de su publicación")
    load.add_argument("--por", required=True, help="usuario de la autoridad que la carga")
    load.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Load it; 0 if it stands loaded, 1 if it was refused, 2 if the file or the person is not there."""
    database.setup_django()
    from sif.catalogs.services.listas import load_69b
    from sif.registry.models import Usuario
    from sif.registry.scope import everything

    by = Usuario.objects.filter(username=args.por).first()
    if by is None:
        print(f"sif listas: no existe el usuario {args.por}. Revise la clave.", file=sys.stderr)
        return 2
    try:
        data = args.archivo.read_bytes()
    except OSError as error:
        print(f"sif listas: no se puede leer {args.archivo}: {error.strerror}.", file=sys.stderr)
        return 2
    try:
        with everything(by.pk):
            lista = load_69b(data, args.publicada, by)
    except Refused as refused:
        for each in refused.problems:
            print(f"sif listas: {each.donde}: {each.mensaje} {each.cura}", file=sys.stderr)
        return 1
    except PermissionError as refused:
        print(f"sif listas: {refused}", file=sys.stderr)
        return 1
    print(f"Lista del artículo 69-B publicada el {lista.publicada_el:%d/%m/%Y}: {lista.renglones:,} contribuyentes.")
    return 0
