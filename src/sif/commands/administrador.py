"""`sif administrador --enlace`: the one-time link of the first administrator, while there is none."""

import argparse
import sys
from typing import Any
from urllib.parse import urlsplit

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
    parser.add_argument(
        "--sitio", metavar="DIRECCIÓN", help="dirección pública de esta instalación; sin ella, la de SIF_DOMINIOS"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the link; 0 if it was made, 1 if there is an administrator already, 2 for a site that is not this one."""
    database.setup_django()
    try:
        site = site_of(args.sitio)
    except ValueError as wrong:
        print(f"sif administrador: {wrong}", file=sys.stderr)
        return 2
    from sif.registry.invitations import HOURS, InvitationRefused, Invited, Rol, invite

    try:
        token = invite(Invited(Rol.ADMINISTRADOR, args.nombre, args.usuario), None)
    except (InvitationRefused, PermissionError) as refused:
        print(f"sif administrador: {refused}", file=sys.stderr)
        return 1
    print(f"{site}/cuenta/invitacion/{token}/")
    print(f"Sirve una vez, durante {HOURS} horas.", file=sys.stderr)
    return 0


def site_of(text: str | None) -> str:
    """Return the address where people reach this installation; its first name where none was given.

    Raises ValueError for one that would not open the link: plain HTTP in production, or a host that is refused.
    """
    from django.conf import settings
    from django.http.request import validate_host

    if text is None:
        return f"https://{settings.ALLOWED_HOSTS[0]}" if settings.PRODUCTION else "http://localhost:8000"
    try:
        parts = urlsplit(text)
        host, bare = parts.hostname or "", parts.path in ("", "/") and not parts.query and parts.port != 0
    except ValueError:
        host, bare = "", False
    schemes = ("https",) if settings.PRODUCTION else ("http", "https")
    if not bare or parts.scheme not in schemes or parts.username or not validate_host(host, settings.ALLOWED_HOSTS):
        raise ValueError(
            f"--sitio dice «{text}» y el enlace no abriría. Escriba {schemes[0]}:// y un nombre de SIF_DOMINIOS "
            f"({', '.join(settings.ALLOWED_HOSTS)}), con su puerto si no es el usual y nada más."
        )
    return text.rstrip("/")
