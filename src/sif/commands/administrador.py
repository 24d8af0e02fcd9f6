"""`sif administrador --enlace`: the one-time link of the first administrator, while there is none."""

import argparse
import sys
from typing import Any

from sif.commands import database


def register(subparsers: Any) -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "administrador", help="da el enlace de quien administra por primera vez",
        epilog='Ejemplo: sif administrador --enlace --nombre "Hugo Salas Prieto" --usuario hugo.salas',
    )  # fmt: skip
    parser.add_argument("--enlace", action="store_true", required=True, help="imprime un enlace que sirve una vez")
    parser.add_argument("--nombre", required=True, help="nombre de la persona")
    parser.add_argument("--usuario", required=True, help="usuario con que entrará")
    parser.add_argument("--sitio", default="http://localhost:8000", help="dirección pública de esta instalación")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the link; 0 if it was made, 1 if there is an administrator already or a datum is wrong."""
    database.setup_django()
    from sif.registry.invitations import HOURS, InvitationRefused, Invited, Rol, invite

    try:
        token = invite(Invited(Rol.ADMINISTRADOR, args.nombre, args.usuario), None)
    except (InvitationRefused, PermissionError) as refused:
        print(f"sif administrador: {refused}", file=sys.stderr)
        return 1
    print(f"{args.sitio.rstrip('/')}/cuenta/invitacion/{token}/")
    print(f"Sirve una vez, durante {HOURS} horas.", file=sys.stderr)
    return 0
