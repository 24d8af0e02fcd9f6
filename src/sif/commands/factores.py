"""`sif factores --borrar-ilegibles`: erase the second factors whose key was lost, so that their people add another."""

import argparse

from sif.commands import database
from sif.commands.arguments import Subparsers


def register(subparsers: Subparsers) -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "factores",
        help="borra los segundos factores cuya llave se perdió",
        epilog="Ejemplo: sif factores --borrar-ilegibles. Antes busque la llave: puesta en SIF_LLAVE_MFA detrás de la "
        "nueva, con una coma, todos vuelven a servir.",
    )
    parser.add_argument(
        "--borrar-ilegibles",
        action="store_true",
        required=True,
        help="borra los que ninguna llave de SIF_LLAVE_MFA abre; su persona agrega otro al entrar",
    )
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    """Erase them and print how many; 0."""
    database.setup_django()
    from sif.web.accounts.factors import drop_sealed_factors

    print(f"Segundos factores borrados: {drop_sealed_factors()}.")
    return 0
