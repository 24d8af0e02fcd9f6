"""`sif migrar`: bring the database up to date, and the catalogues of law that books need in it."""

import argparse
import sys

from sif.commands import database


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

    load_catalogs(settings.JURISDICTION)
    print("La base de datos está al día.")
    return 0
