"""`sif libros abrir` and `sif libros ajustar`: the books of a year, with what the year before left."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from sif.commands import database

_OPEN = """ejemplos:
  sif libros abrir --contabilidad 41220 --de 41201 --usuario alicia --ver
  sif libros abrir --contabilidad 41220 --de 41201 --usuario alicia

Pasan los saldos de activo, pasivo, patrimonio y orden; el resultado pasa al patrimonio. Lo que se debe conserva el
día desde el que se debe. Se hace una vez: pedirlo otra vez no cambia nada. Con --ver no se registra nada."""
_ADJUST = """ejemplo:
  sif libros ajustar --contabilidad 41220 --usuario alicia --motivo "Corrección del ejercicio anterior"

Registra la diferencia entre los saldos con que se abrió y los que dice hoy la contabilidad anterior."""


def add_verbs(verbs: Any) -> None:
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
            verb.add_argument("--de", required=True, type=int, metavar="ID", help="la del ejercicio que terminó")
            verb.add_argument("--ver", action="store_true", help="dice qué pasaría y no registra nada")
        else:
            verb.add_argument("--motivo", required=True, help="por qué se ajusta")


def run_open(args: argparse.Namespace) -> int:
    """Open; 0 if it is open now, 1 if it was refused, 2 if the books or the person are not there."""
    from sif.batch.openings import next_year, open_next_year
    from sif.books.services.aperturas import Standing

    def act(books: dict[int, Any], by: Any) -> int:
        de, nueva = books[args.de], books[args.contabilidad]
        if args.ver:
            found: Standing = next_year(de, nueva, by)
            for each in found.partidas:
                owed = f"  desde {each.fecha:%d/%m/%Y}  {each.referencia}" if each.fecha else f"  {each.concepto}"
                print(f"{each.cuenta}  {_pesos(each.neto):>20}{owed}".rstrip())
            print(f"Saldos: {len(found.partidas):,}. Cargos y abonos: {found.cargos}.")
            _tell(found.problemas)
            return 1 if found.problemas else 0
        done = open_next_year(de, nueva, by)
        words = "Se abrió con" if done.nueva else "Ya se había abierto, y nada cambió: es"
        print(f"{words} la póliza {done.apertura.poliza.eslabon} de la contabilidad {nueva.pk}.")
        return 0

    return _run(args, (args.contabilidad, args.de), act)


def run_adjust(args: argparse.Namespace) -> int:
    """Adjust; 0 if it was adjusted, 1 if it was refused, 2 if the books or the person are not there."""
    from sif.books.services.aperturas import adjust_books

    def act(books: dict[int, Any], by: Any) -> int:
        done = adjust_books(books[args.contabilidad], args.motivo, by)
        print(f"Se ajustó con la póliza {done.poliza.eslabon} de la contabilidad {args.contabilidad}.")
        return 0

    return _run(args, (args.contabilidad,), act)


def _run(args: argparse.Namespace, numbers: tuple[int, ...], act: Callable[[dict[int, Any], Any], int]) -> int:
    database.setup_django()
    from sif.registry.models import Contabilidad, Usuario
    from sif.registry.scope import everything
    from sif.values import Refused

    with everything():
        rows = Contabilidad.objects.select_related("etapa__proceso", "sujeto").filter(pk__in=numbers)
        books = {row.pk: row for row in rows}
        by = Usuario.objects.filter(username=args.usuario, is_active=True).first()
        missing = [f"la contabilidad {number}" for number in numbers if number not in books]
        missing += [] if by else [f"el usuario {args.usuario}"]
        if missing or by is None:
            print(f"sif libros: no existe {', '.join(missing)}. Revise cómo se escribe.", file=sys.stderr)
            return 2
        try:
            with everything(by.pk):
                return act(books, by)
        except Refused as refused:
            _tell(refused.problems)
        except PermissionError as refused:
            print(f"sif libros: {refused}", file=sys.stderr)
        return 1


def _tell(problems: Any) -> None:
    for problem in problems:
        print(f"{problem.donde}: {problem.mensaje} {problem.cura} ({problem.codigo})", file=sys.stderr)


def _pesos(centavos: int) -> str:
    from sif.values import Money

    return str(Money(centavos))
