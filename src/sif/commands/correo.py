"""`sif correo`: send what waits, and take the notification of a message that was returned."""

import argparse
import sys

from sif.commands import database
from sif.commands.arguments import Subparsers


def register(subparsers: Subparsers) -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "correo",
        help="manda el correo que espera, y anota lo que se devuelve",
        epilog='Ejemplo, en /etc/aliases: sif: "|/usr/bin/sudo -n -u sif /usr/local/bin/sif correo rebote"',
    )
    acts = parser.add_subparsers(dest="acto", metavar="ACTO", required=True)
    acts.add_parser("enviar", help="manda ahora lo que espera; un trabajador lo hace cada minuto").set_defaults(
        run=send
    )
    acts.add_parser(
        "rebote", help="lee por la entrada una notificación de entrega (RFC 3464) y marca el mensaje como devuelto"
    ).set_defaults(run=bounce)


def send(_args: argparse.Namespace) -> int:
    """Send what waits and print how many ended how; 1 where no mail is configured or some did not leave."""
    database.setup_django()
    from sif.mail.outbox import is_configured
    from sif.mail.sending import send_due

    if not is_configured():
        print("sif correo: esta instalación no manda correo. Diga SIF_SMTP_SERVIDOR.", file=sys.stderr)
        return 1
    ended = send_due()
    print(", ".join(f"{state}: {n}" for state, n in sorted(ended.items())) or "Nada espera.")
    return 0 if ended["enviado"] == ended.total() else 1


def bounce(_args: argparse.Namespace) -> int:
    """Mark the message that a notification says was returned; 0, also for what is of none of ours.

    An alias that ended otherwise would have the notification itself returned: what is not understood is said and left.
    """
    database.setup_django()
    from sif.mail.bounces import MOST_BYTES, NotABounce, note_bounce

    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        found, news = note_bounce(data)
    except NotABounce as refused:
        print(f"sif correo: {refused}", file=sys.stderr)
        return 0
    except Exception as broken:  # anybody writes to that address
        print(f"sif correo: no se entendió la notificación ({type(broken).__name__}).", file=sys.stderr)
        return 0
    print(f"El mensaje {found.pk} {'queda como devuelto' if news else 'ya estaba como devuelto'}.")
    return 0
