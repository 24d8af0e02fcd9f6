"""`sif obligaciones`: what a subject must deliver, when, and how each thing stands on a day."""

import argparse
import json
import sys
from datetime import date
from typing import TYPE_CHECKING

from sif.commands import database
from sif.commands.arguments import Subparsers, day
from sif.law.duties import STATES

if TYPE_CHECKING:
    from sif.duties.generating import Obligacion

AUTHORITY = "autoridad"
_EXAMPLE = """ejemplos:
  sif obligaciones PAN --al 2026-06-30
  sif obligaciones PAN --al 2026-06-30 --estado vencida --json
  sif obligaciones autoridad

SUJETO son sus siglas, su número, su RFC o su nombre; «autoridad», lo que la ley pide a la propia autoridad. Los
estados son programada, abierta, vencida, cumplida, tarde, omitida, suspendida, no_aplica y por_confirmar: este último
dice que la ley no da el día, o que este sistema no recibe lo que lo probaría. Un día con «?» está por confirmar."""


def register(subparsers: Subparsers) -> None:
    """Add `sif obligaciones` to the command."""
    parser = subparsers.add_parser(
        "obligaciones",
        help="dice qué debe entregar un sujeto, cuándo y cómo está",
        description="Dice lo que un sujeto debe entregar por ley y registro, con su fecha, artículo y estado.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("sujeto", metavar="SUJETO", help="siglas, número, RFC o nombre; o «autoridad»")
    parser.add_argument("--al", type=day, metavar="FECHA", help="día en que se miran, AAAA-MM-DD; si no, hoy")
    parser.add_argument("--estado", choices=STATES, help="solo las que están así")
    parser.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the duties of a subject; 0, or 2 when there is no such subject."""
    database.setup_django()
    from sif.registry import clock
    from sif.registry.scope import everything

    al: date = args.al or clock.today()
    with everything():
        rows = _rows(args.sujeto, al)
    if rows is None:
        return 2
    shown = [row for row in rows if args.estado in (None, row.estado)]
    if args.json:
        shape = [
            {
                "clave": row.clave,
                "que": row.que,
                "vence_el": row.vence_el.isoformat() if row.vence_el else None,
                "articulo": row.articulo,
                "estado": row.estado,
            }
            for row in shown
        ]
        print(json.dumps(shape, ensure_ascii=False))
        return 0
    for row in shown:
        due = row.vence_el.isoformat() if row.vence_el else "sin día   "
        doubt = "?" if row.vence_el and row.estatus != "confirmado" else " "
        proof = f": {row.evidencia}" if row.evidencia else ""
        print(f"{due}{doubt} {row.estado:<13} {row.que} ({row.articulo}){proof}")
    print(f"{len(shown)} obligaciones al {al}.", file=sys.stderr)
    return 0


def _rows(name: str, al: date) -> "list[Obligacion] | None":
    from sif.duties.selectors import obligations_of, obligations_of_authority, subject_named
    from sif.registry.models import SujetoObligado

    if name.casefold() == AUTHORITY:
        return obligations_of_authority(al)
    subject = subject_named(name)
    if subject is not None:
        return obligations_of([subject.pk], al)
    known = list(SujetoObligado.objects.order_by("siglas").values_list("siglas", flat=True)[:8])
    offered = f"Algunos: {', '.join(known)}." if known else "Todavía no hay sujetos registrados."
    print(f"sif obligaciones: no hay un sujeto «{name}». Dé sus siglas, su número o su RFC. {offered}", file=sys.stderr)
    return None
