"""`sif tablas`: the lists that the authority loads from files for the rules: which there are, and loading one."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sif.commands import database
from sif.commands.arguments import Subparsers, day

if TYPE_CHECKING:
    from sif.audit.authority_lists import LoadableTable

_EXAMPLE = """ejemplos:
  sif tablas cargar financiamiento acuerdo.csv --al 2026-01-20 --por dario
  sif tablas cargar visitas actas.csv --al 2026-05-31 --proceso PELO-ANA-2026 --por dario

el archivo es un CSV cuya primera fila tiene los nombres que dice «sif tablas mostrar NOMBRE». La lista se carga
entera, como estaba ese día, y las reglas leen la última hasta su corte. El mismo archivo otra vez no cambia nada.
termina con 0 si quedó cargada, 1 si algo no se entiende y 2 si falta el archivo, la persona o el proceso."""


def register(subparsers: Subparsers) -> None:
    """Add the command and its two verbs to the parser."""
    parser = subparsers.add_parser(
        "tablas",
        help="listas de la autoridad que leen las reglas: cuáles hay, y cargarlas",
        description="Sin verbo, dice qué listas hay y qué está cargado.",
    )
    verbs = parser.add_subparsers(dest="verbo", metavar="VERBO")
    show = verbs.add_parser("mostrar", help="qué columnas tiene el archivo de una lista y qué reglas la leen")
    show.add_argument("tabla", metavar="NOMBRE")
    load = verbs.add_parser(
        "cargar", help="carga una lista", epilog=_EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    load.add_argument("tabla", metavar="NOMBRE", help="la tabla, por ejemplo financiamiento")
    load.add_argument("archivo", type=Path, metavar="ARCHIVO")
    load.add_argument("--al", required=True, type=day, metavar="AAAA-MM-DD", help="día de lo que dice la lista")
    load.add_argument("--por", required=True, help="usuario de la autoridad que la carga")
    load.add_argument("--proceso", help="clave del proceso, si la lista es de uno")
    load.add_argument("--etapa", default="campana", help="etapa de ese proceso (campana)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List, show or load; 1 if the list was refused, 2 if something named is not there."""
    database.setup_django()
    if args.verbo == "cargar":
        return _load(args)
    return _show(args.tabla) if args.verbo == "mostrar" else _list()


def _tables() -> "dict[str, LoadableTable]":
    from django.conf import settings

    from sif.audit.authority_lists import loadable

    return loadable(settings.JURISDICTION)


def _list() -> int:
    from sif.audit.authority_lists import loads, readers

    loaded, reading = loads(), readers()
    for name, spec in _tables().items():
        print(f"{name:<20} {spec.titulo} ({', '.join(reading[name])})")
        for carga in loaded.get(name, []):
            of = f", {carga.etapa.proceso.clave}" if carga.etapa else ""
            print(f"{'':<20}   al {carga.al:%d/%m/%Y}{of}: {carga.renglones:,} renglones; {carga.cargada_por.username}")
        if name not in loaded:
            print(f"{'':<20}   no se ha cargado")
    return 0


def _show(name: str) -> int:
    from sif.audit.authority_lists import readers

    spec = _tables().get(name)
    if spec is None:
        print(f"sif tablas: no hay tabla «{name}». Son: {', '.join(_tables())}.", file=sys.stderr)
        return 2
    print(f"{name}: {spec.titulo}\n{spec.fuente}. {'Una por etapa' if spec.by_stage else 'Una para todos'}.")
    print("La leen las reglas: " + ", ".join(readers()[name]) + ".\n")
    for column in spec.columns:
        words = spec.valores.get(column.name)
        closed = f" ({', '.join(words)})" if words else ""
        print(
            f"  {column.name:<20} {spec.says[column.name]}{closed}{' [opcional]' if spec.is_optional(column) else ''}"
        )
    return 0


def _load(args: argparse.Namespace) -> int:
    from sif.audit.authority_lists import load_table
    from sif.registry.models import Etapa
    from sif.registry.selectors import account_named
    from sif.values import Refused

    by = account_named(args.por)
    etapa = None
    if args.proceso:
        etapa = Etapa.objects.filter(proceso__clave=args.proceso, tipo=args.etapa).first()
    if by is None or (args.proceso and etapa is None):
        missing = f"el usuario {args.por}" if by is None else f"{args.etapa} de {args.proceso}"
        print(f"sif tablas: no existe {missing}. Revise la clave.", file=sys.stderr)
        return 2
    try:
        data = args.archivo.read_bytes()
    except OSError as error:
        print(f"sif tablas: no se puede leer {args.archivo}: {error.strerror}.", file=sys.stderr)
        return 2
    try:
        carga = load_table(args.tabla, data, args.al, by, etapa=etapa, archivo=args.archivo.name)
    except (Refused, PermissionError) as refused:
        print(f"sif tablas: {refused}", file=sys.stderr)
        return 1
    print(f"{args.tabla} al {carga.al:%d/%m/%Y}: {carga.renglones:,} renglones.")
    return 0
