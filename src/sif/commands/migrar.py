"""`sif migrar`: bring the database up to date, and the catalogues of law that books need in it."""

import argparse
import sys
from itertools import islice

from sif.commands import database

MOST = 20  # differences of the chart told one by one


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "migrar", help="crea o pone al día las tablas", epilog="Ejemplo: SIF_DATOS=/srv/sif sif migrar"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Migrate as the owner of the tables; then load the chart of accounts of the law, as the ordinary role."""
    database.setup_django(keyed=False)
    database.announce_server()
    print("Poniendo al día las tablas; puede tardar minutos.", file=sys.stderr, flush=True)
    database.migrate(says=True)
    from django.conf import settings

    from sif.books.services import load_catalogs

    _say_chart()
    load_catalogs(settings.JURISDICTION)
    print("La base de datos está al día.")
    return 0


def _say_chart() -> None:
    """Say what of the chart that is there is not as the law has it, before it is put right: afterwards nobody can."""
    from django.db import connection

    from sif.books.models import Cuenta
    from sif.books.verifying import strange_chart

    if not Cuenta.objects.exists():
        return
    found = strange_chart(connection.connection)
    for table, key, what in islice(found, MOST):
        print(f"{table} {key}: {what}.", file=sys.stderr)
    if rest := sum(1 for _ in found):
        print(f"Y otras {rest:,} diferencias del catálogo con la ley.", file=sys.stderr)
