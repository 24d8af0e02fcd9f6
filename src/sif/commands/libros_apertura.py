"""`sif libros abrir` and `sif libros ajustar`: the books of a year, with what the year before left."""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sif.commands import database
from sif.commands.arguments import Subparsers, books_and_person, tell_coded

if TYPE_CHECKING:
    from sif.batch.opening_files import ReadOpening
    from sif.books.services.aperturas import Standing
    from sif.registry.models import Contabilidad, Usuario

    type Act = Callable[[dict[int, Contabilidad], Usuario], int]

_OPEN = """ejemplos:
  sif libros abrir --contabilidad 41220 --de 41201 --usuario alicia --ver
  sif libros abrir --contabilidad 41220 --de 41201 --usuario alicia
  sif libros abrir --contabilidad 41220 --archivo saldos.csv --usuario alicia

Pasan los saldos de activo, pasivo, patrimonio y orden; el resultado pasa al patrimonio. Lo que se debe conserva el
día desde el que se debe. Se hace una vez: pedirlo otra vez no cambia nada. Con --ver no se registra nada. El archivo
es el de la plantilla de apertura, en CSV o XLSX, con lo que traía otro programa."""
_ADJUST = """ejemplo:
  sif libros ajustar --contabilidad 41220 --usuario alicia --motivo "Corrección del ejercicio anterior"

Registra la diferencia entre los saldos con que se abrió y los que dice hoy la contabilidad anterior."""


def add_verbs(verbs: Subparsers) -> None:
    """Add both verbs to `sif libros`."""
    for name, words, epilog, run in (
        ("abrir", "abre un ejercicio con los saldos del anterior", _OPEN, run_open),
        ("ajustar", "ajusta la apertura de un ejercicio", _ADJUST, run_adjust),
    ):
        verb = verbs.add_parser(name, help=words, epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter)
        verb.add_argument("--contabilidad", required=True, type=int, metavar="ID", help="la del ejercicio que se abre")
        verb.add_argument("--usuario", required=True, metavar="NOMBRE", help="quién registra; debe capturar en ella")
        verb.set_defaults(run=run)
        if name == "abrir":
            source = verb.add_mutually_exclusive_group(required=True)
            source.add_argument("--de", type=int, metavar="ID", help="la del ejercicio que terminó")
            source.add_argument("--archivo", type=Path, metavar="ARCHIVO", help="los saldos que traía otro programa")
            verb.add_argument("--ver", action="store_true", help="dice qué pasaría y no registra nada")
        else:
            verb.add_argument("--motivo", required=True, help="por qué se ajusta")
            verb.add_argument("--archivo", type=Path, metavar="ARCHIVO", help="lo que dice ahora, si vino en uno")


def run_open(args: argparse.Namespace) -> int:
    """Open; 0 if it is open now, 1 if it was refused, 2 if the books or the person are not there."""
    database.setup_django()
    from sif.batch.opening_files import open_from_file, read_opening
    from sif.batch.openings import next_year, open_next_year

    def act(books: "dict[int, Contabilidad]", by: "Usuario") -> int:
        nueva = books[args.contabilidad]
        if args.ver:
            return _show(read_opening(nueva, _file(args), by) if args.archivo else next_year(books[args.de], nueva, by))
        if args.archivo:
            read = read_opening(nueva, _file(args), by)
            done = open_from_file(nueva, read.sha256, read.nombre, by)
        else:
            done = open_next_year(books[args.de], nueva, by)
        words = "Se abrió con" if done.nueva else "Ya se había abierto, y nada cambió: es"
        print(f"{words} la póliza {done.apertura.poliza.eslabon} de la contabilidad {nueva.pk}.")
        return 0

    return _run(args, (args.contabilidad, *([args.de] if args.de else [])), act)


def _show(found: "Standing | ReadOpening") -> int:
    """Print what would be carried and what keeps it; 1 if something does."""
    for each in found.partidas:
        owed = f"  desde {each.fecha:%d/%m/%Y}  {each.referencia}" if each.fecha else f"  {each.concepto}"
        print(f"{each.cuenta}  {_pesos(each.neto):>20}{owed}".rstrip())
    print(f"Saldos: {len(found.partidas):,}. Suma de cargos: {found.cargos}.")
    tell_coded(found.problemas)
    return 1 if found.problemas else 0


def _file(args: argparse.Namespace) -> tuple[str, Iterator[bytes]]:
    return args.archivo.name, iter([args.archivo.read_bytes()])


def run_adjust(args: argparse.Namespace) -> int:
    """Adjust; 0 if it was adjusted, 1 if it was refused, 2 if the books or the person are not there."""
    database.setup_django()
    from sif.batch.opening_files import adjust_from_file, read_opening
    from sif.books.services.aperturas import adjust_books

    def act(books: "dict[int, Contabilidad]", by: "Usuario") -> int:
        nueva = books[args.contabilidad]
        if args.archivo:
            read = read_opening(nueva, _file(args), by)
            done = adjust_from_file(nueva, read.sha256, read.nombre, args.motivo, by)
        else:
            done = adjust_books(nueva, args.motivo, by)
        print(f"Se ajustó con la póliza {done.poliza.eslabon} de la contabilidad {args.contabilidad}.")
        return 0

    return _run(args, (args.contabilidad,), act)


def _run(args: argparse.Namespace, numbers: tuple[int, ...], act: "Act") -> int:
    from sif.registry.scope import everything
    from sif.values import Refused

    with everything():
        books, by, missing = books_and_person(numbers, args.usuario)
        if missing or by is None:
            print(f"sif libros: no existe {', '.join(missing)}. Revise cómo se escribe.", file=sys.stderr)
            return 2
        try:
            with everything(by.pk):
                return act(books, by)
        except Refused as refused:
            tell_coded(refused.problems)
        except OSError as refused:  # a file that is not there, or a person who does not record in these books
            said = f"no se puede leer {refused.filename}: {refused.strerror}." if refused.filename else str(refused)
            print(f"sif libros: {said}", file=sys.stderr)
        return 1


def _pesos(centavos: int) -> str:
    from sif.values import Money

    return str(Money(centavos))
