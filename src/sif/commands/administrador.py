"""`sif administrador`: who holds the machine is the other eye of the first two administrators (ADR 0186)."""

import argparse
import sys
from urllib.parse import urlsplit

from sif.commands import database
from sif.commands.arguments import Subparsers


def register(subparsers: Subparsers) -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "administrador",
        help="da el enlace de las dos primeras personas que administran, y recupera el suyo",
        epilog='Ejemplo: sif administrador --enlace --nombre "Hugo Salas Prieto" --usuario hugo.salas '
        "--rfc SAPH800101AB5",
    )
    acts = parser.add_mutually_exclusive_group(required=True)
    acts.add_argument("--enlace", action="store_true", help="imprime un enlace que sirve una vez")
    acts.add_argument(
        "--recuperar", metavar="USUARIO", help="imprime el enlace con que quien administra escribe otra contraseña"
    )
    acts.add_argument(
        "--anotar-rfc",
        nargs=2,
        metavar=("USUARIO", "RFC"),
        help="anota el RFC de una cuenta sin él; no cambia",
    )
    parser.add_argument("--quitar-factor", action="store_true", help="con --recuperar: quita su segundo factor perdido")
    parser.add_argument("--nombre", default="", help="con --enlace: nombre de la persona")
    parser.add_argument("--usuario", default="", help="con --enlace: usuario con que entrará")
    parser.add_argument("--rfc", default="", help="con --enlace: RFC de la persona")
    parser.add_argument(
        "--sitio", metavar="DIRECCIÓN", help="dirección pública de esta instalación; sin ella, la de SIF_DOMINIOS"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do the act; 0 if it was done, 1 if it is refused, 2 for an account or a site that is not of this one."""
    database.setup_django()
    return _note(*args.anotar_rfc) if args.anotar_rfc else _link(args)


def _note(username: str, rfc: str) -> int:
    from sif.registry.eyes import RfcRefused, note_rfc
    from sif.registry.selectors import account_named
    from sif.values import InvalidKey

    user = account_named(username)
    if user is None:
        print(f"sif administrador: no existe el usuario {username}. Revise cómo se escribe.", file=sys.stderr)
        return 2
    try:
        noted = note_rfc(user, rfc)
    except (RfcRefused, InvalidKey) as refused:
        print(f"sif administrador: {refused}", file=sys.stderr)
        return 1
    print(f"{noted.username} tiene el RFC {noted.rfc}, que ya no cambia.")
    return 0


def _link(args: argparse.Namespace) -> int:
    try:
        site = site_of(args.sitio)
    except ValueError as wrong:
        print(f"sif administrador: {wrong}", file=sys.stderr)
        return 2
    from sif.registry.invitations import HOURS, Rol, invite, recover
    from sif.registry.invited import InvitationRefused, Invited
    from sif.registry.scope import OPERATOR, registering
    from sif.registry.selectors import account_named

    lost = account_named(args.recuperar)
    if args.recuperar and lost is None:
        print(f"sif administrador: no existe el usuario {args.recuperar}. Revise cómo se escribe.", file=sys.stderr)
        return 2
    try:
        with registering(OPERATOR):
            if lost is not None:
                token = recover(lost, without_factor=args.quitar_factor)
            else:
                token = invite(Invited(Rol.ADMINISTRADOR, args.nombre, args.usuario, args.rfc), None)
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
        return f"https://{settings.ALLOWED_HOSTS[0]}" if settings.PRODUCTION else str(settings.SITIO)
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
