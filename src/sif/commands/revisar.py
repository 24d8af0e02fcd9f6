"""`sif revisar-instalacion`: check that an installation is safe to serve, and print the cure of each fault."""

import argparse
import dataclasses
import json
import os
import sys

from sif.commands import database
from sif.commands.environment import environment_checks


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "revisar-instalacion",
        help="revisa si la instalación es segura y dice la cura de cada falta",
        epilog="Ejemplo: SIF_ENTORNO=produccion sif revisar-instalacion --json",
    )
    parser.add_argument("--json", action="store_true", help="imprime una lista de {que, bien, cura} y nada más")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print every check; 0 only when all hold. An unsafe environment is told before anything is opened."""
    checks = environment_checks(os.environ)
    if all(check.bien for check in checks):
        database.setup_django(keyed=False)
        from sif.commands.installation import installation_checks

        checks = installation_checks()
    if args.json:
        print(json.dumps([dataclasses.asdict(check) for check in checks], ensure_ascii=False, indent=1))
    else:
        for check in checks:
            print(
                f"{'bien ' if check.bien else 'FALTA'}  {check.que}" + ("" if check.bien else f"\n       {check.cura}")
            )
    failed = sum(not check.bien for check in checks)
    if failed and not args.json:
        print(f"{failed} de {len(checks)} no se cumplen.", file=sys.stderr)
    return 1 if failed else 0
