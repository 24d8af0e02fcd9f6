"""`sif cfdi estatus` and `sif cfdi consultar-sat`: what SAT says of invoices, from a file or from its service."""

import argparse
import sys
from pathlib import Path

from sif.commands import database
from sif.commands.arguments import Subparsers, person_named

_FILE = """ejemplo:
  sif cfdi estatus estatus-abril.csv --por alicia

el archivo es un CSV con las columnas uuid, estatus (vigente, cancelado o no encontrado) y al (aaaa-mm-dd); con emisor,
receptor y total se distingue de cuál habla cuando varios XML llevan el mismo folio.
entra entero o no entra; termina con 0 si entró, 1 si algo no se entiende y 2 si falta el archivo o la persona."""
_ASK = """ejemplo:
  SIF_SAT_ESTATUS=https://servicio/ConsultaCFDIService.svc sif cfdi consultar-sat --por alicia --maximo 200

pregunta primero por los que nunca se consultaron y luego por los de consulta más antigua; los cancelados ya no."""
MOST = 500
MOST_TOLD = 5  # folios


def add_verbs(verbs: Subparsers) -> None:
    """Add both verbs to `sif cfdi`."""
    load = verbs.add_parser(
        "estatus",
        help="anota los estatus del SAT que trae un CSV",
        epilog=_FILE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    load.add_argument("archivo", type=Path, metavar="ARCHIVO", help="CSV con uuid, estatus y al")
    load.add_argument("--por", required=True, help="usuario que lo carga")
    load.set_defaults(run=run_load)
    ask = verbs.add_parser(
        "consultar-sat",
        help="pregunta al servicio del SAT; apagado mientras SIF_SAT_ESTATUS no diga su dirección",
        epilog=_ASK,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    ask.add_argument("--por", required=True, help="usuario que consulta")
    ask.add_argument("--maximo", type=int, default=MOST, help=f"cuántos comprobantes a lo más ({MOST})")
    ask.set_defaults(run=run_ask)


def run_load(args: argparse.Namespace) -> int:
    """Load the file; 0 if it was noted whole, 1 if it was refused, 2 if the file or the person is not there."""
    database.setup_django()
    from sif.books.services import load_status
    from sif.registry.scope import everything
    from sif.values import Refused

    by = person_named("cfdi", args.por)
    if by is None:
        return 2
    try:
        data = args.archivo.read_bytes()
    except OSError as error:
        print(f"sif cfdi: no se puede leer {args.archivo}: {error.strerror}.", file=sys.stderr)
        return 2
    try:
        with everything():
            load = load_status(data, by)
    except (Refused, PermissionError) as refused:
        print(f"sif cfdi: {refused}", file=sys.stderr)
        return 1
    print(f"{load.anotados:,} estatus anotados; {load.desconocidos:,} folios que ninguna bandeja conoce.")
    if load.sin_distinguir:
        print(
            f"{len(load.sin_distinguir):,} folios vigentes que llevan XML distintos, sin anotar: agregue las columnas "
            f"emisor, receptor y total. Son {', '.join(load.sin_distinguir[:MOST_TOLD])}"
            f"{'…' if len(load.sin_distinguir) > MOST_TOLD else '.'}"
        )
    return 0


def run_ask(args: argparse.Namespace) -> int:
    """Ask; 0 if the service answered of every one, 1 if of some it did not or is off, 2 if the person is not there."""
    database.setup_django()
    from sif.books.estatus import least_known
    from sif.books.services import ask_sat
    from sif.registry.scope import everything
    from sif.values import Refused

    by = person_named("cfdi", args.por)
    if by is None:
        return 2
    with everything():
        try:
            answer = ask_sat(least_known()[: max(0, args.maximo)], by)
        except Refused as refused:
            print(f"sif cfdi: {refused}", file=sys.stderr)
            return 1
    print(f"{answer.anotados:,} estatus anotados; {answer.desconocidos:,} sin respuesta, que siguen como estaban.")
    return 1 if answer.desconocidos else 0
