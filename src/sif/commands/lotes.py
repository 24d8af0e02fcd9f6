"""`sif lotes`: load a large file of pólizas that has nothing to cure, all or nothing."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sif.commands import database
from sif.commands.arguments import Subparsers, books_and_person, pieces, tell_coded

_EXAMPLE = """ejemplo:
  sif lotes cargar --contabilidad 41201 --usuario alicia polizas.csv

El archivo es el de la plantilla «Pólizas», en CSV o XLSX, con los renglones de cada póliza juntos. Si algo está mal
no se registra nada y se dice cada error con su fila y su columna. El mismo archivo dos veces no cambia nada."""
_EVERY = 1.0  # seconds between two words of progress


def register(subparsers: Subparsers) -> None:
    """Add `sif lotes cargar` to the command."""
    parser = subparsers.add_parser(
        "lotes",
        help="carga pólizas de un archivo grande",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(dest="verbo", metavar="VERBO", required=True)
    verb = verbs.add_parser(
        "cargar",
        help="registra todas las pólizas de un archivo, o ninguna",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.add_argument("archivo", type=Path, help="CSV o XLSX con las columnas de la plantilla")
    verb.add_argument("--contabilidad", required=True, type=int, metavar="ID", help="número de la contabilidad")
    verb.add_argument("--usuario", required=True, metavar="NOMBRE", help="quién registra; debe capturar en ella")
    verb.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Load; 0 if it was posted now or before, 1 if it was refused, 2 if the books, person or file are not there."""
    database.setup_django()
    from sif.batch.direct_load import load_direct
    from sif.registry.scope import everything
    from sif.values import Refused

    with everything():
        found, by, missing = books_and_person([args.contabilidad], args.usuario)
        if missing or by is None:
            return _fail(f"no existe {missing[0]}. Revise cómo se escribe.", 2)
        began, books, file = time.monotonic(), found[args.contabilidad], (args.archivo.name, pieces(args.archivo))
        try:
            with everything(by.pk):
                done = load_direct(books, file, by, progress=_teller(began))
        except OSError as error:
            if error.filename is None:  # not of the file: the person does not capture there
                return _fail(str(error), 1)
            return _fail(f"no se puede leer {error.filename}: {error.strerror}.", 2)
        except Refused as refused:
            tell_coded(refused.problems)
            return _fail(f"no se registró nada; errores: {len(refused.problems):,}.", 1)
    if not done.nuevo:
        print(f"Este archivo ya se había registrado, con {done.polizas:,} pólizas (lote {done.lote.pk}): nada cambió.")
        return 0
    taken = time.monotonic() - began
    print(f"Registradas: {done.polizas:,} pólizas en {taken:,.1f} s (lote {done.lote.pk}).")
    return 0


def _fail(words: str, code: int) -> int:
    print(f"sif lotes: {words}", file=sys.stderr)
    return code


def _teller(began: float) -> Callable[[int], None]:
    """Tells from time to time how many pólizas were read."""
    last = [began]

    def tell(count: int) -> None:
        now = time.monotonic()
        if now - last[0] >= _EVERY:
            last[0] = now
            print(f"{count:,} pólizas leídas, {count / (now - began):,.0f} por segundo", file=sys.stderr, flush=True)

    return tell
