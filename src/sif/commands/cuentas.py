"""`sif cuentas`: the chart of accounts of a process, and the accounts that its agreements add."""

import argparse
import sys

from sif.commands import database
from sif.commands.arguments import Subparsers

_EXAMPLE = """ejemplo:
  sif cuentas agregar 5-5-01-09-0000 "Cubrebocas con emblema" --proceso PELO-ANA-2026 \\
      --base CG/17/2026 --por irene

La cuenta hereda de su grupo naturaleza, rubro, auxiliar y evidencias. No se cambia ni se borra después."""


def register(subparsers: Subparsers) -> None:
    """Add `sif cuentas agregar` to the command."""
    parser = subparsers.add_parser(
        "cuentas",
        help="agrega cuentas al catálogo de un proceso",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    acts = parser.add_subparsers(dest="acto", metavar="ACTO", required=True)
    add = acts.add_parser(
        "agregar", help="agrega una cuenta", epilog=_EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add.add_argument("codigo", help="código N-N-NN-NN-NNNN, bajo un grupo existente")
    add.add_argument("nombre", help="nombre de la cuenta")
    add.add_argument("--proceso", required=True, help="clave del proceso, por ejemplo PELO-ANA-2026")
    add.add_argument("--base", required=True, help="acuerdo que agrega la cuenta")
    add.add_argument("--por", required=True, help="usuario que la agrega; debe administrar el sistema")
    add.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Add it; 0 if it was added, 1 if it was refused, 2 if the process or the person is not there."""
    database.setup_django()
    from sif.books.services import NewAccount, add_account
    from sif.registry.models import Proceso
    from sif.registry.scope import everything
    from sif.registry.selectors import account_named
    from sif.values import Refused

    proceso = Proceso.objects.filter(clave=args.proceso).first()
    by = account_named(args.por)
    if proceso is None or by is None:
        missing = f"el proceso {args.proceso}" if proceso is None else f"el usuario {args.por}"
        print(f"sif cuentas: no existe {missing}. Revise la clave.", file=sys.stderr)
        return 2
    try:
        with everything(by.pk):
            row = add_account(NewAccount(proceso, args.codigo, args.nombre, args.base), by)
    except (Refused, PermissionError) as refused:
        print(f"sif cuentas: {refused}", file=sys.stderr)
        return 1
    print(f"{row.codigo} «{row.nombre}» agregada a {proceso.clave} ({row.base}).")
    return 0
