"""`sif raices`: cut the log of records and leave its sealed roots in a file to publish."""

import argparse
import sys
from pathlib import Path

from sif.commands import database
from sif.commands.arguments import Subparsers
from sif.signing.hours import legal_hour


def register(subparsers: Subparsers) -> None:
    """Add `sif raices` to the command."""
    parser = subparsers.add_parser(
        "raices", help="sella y entrega las raíces del registro", epilog="Ejemplo: sif raices --salida raices.json"
    )
    parser.add_argument("--salida", required=True, type=Path, metavar="ARCHIVO", help="dónde dejar raices.json")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Cut and write the roots and their time stamp; 0 when there is all that the installation asks for."""
    database.setup_django()
    from sif.filing.authority import AuthorityMissing
    from sif.filing.cuts import CutRefused, make_cut
    from sif.filing.stamping import service_address
    from sif.registry.scope import everything
    from sif.signing.problems import SigningError

    try:
        with everything():
            cut = make_cut()
    except (AuthorityMissing, CutRefused, SigningError) as refused:
        print(refused, file=sys.stderr)
        return 1
    args.salida.write_text(cut.raices, encoding="utf-8")
    print(f"{args.salida}: corte {cut.numero}, del {legal_hour(cut.hecho_el)}.")
    if cut.sello_de_tiempo is not None:
        stamp = args.salida.with_name(f"{args.salida.name}.tsr")
        stamp.write_bytes(cut.sello_de_tiempo)
        print(f"{stamp}: su sello de tiempo (RFC 3161).")
    elif service_address():
        print(f"{service_address()} no dio sello de tiempo: el corte quedó sin él.", file=sys.stderr)
        return 1
    return 0
