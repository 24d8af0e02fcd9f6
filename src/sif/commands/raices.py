"""`sif raices`: cut the log of records and leave its sealed roots in a file to publish."""

import argparse
import json
from pathlib import Path
from typing import Any

from sif.commands import database


def register(subparsers: Any) -> None:
    """Add `sif raices` to the command."""
    parser = subparsers.add_parser(
        "raices", help="sella y entrega las raíces del registro", epilog="Ejemplo: sif raices --salida raices.json"
    )
    parser.add_argument("--salida", required=True, type=Path, metavar="ARCHIVO", help="dónde dejar raices.json")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Cut and write the roots; 0 when the file is there."""
    database.setup_django()
    from sif.filing.cuts import make_cut
    from sif.registry.scope import everything

    with everything():
        roots = make_cut()
    args.salida.write_text(json.dumps(roots, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{args.salida}: raíces del {roots['publicado_el']}.")
    return 0
