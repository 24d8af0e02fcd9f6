"""`sif indicios` and `sif muestra`: what is out of the ordinary in a snapshot, and a sample that anyone draws again."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from sif.commands import database


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both commands to the parser."""
    look = subparsers.add_parser(
        "indicios",
        help="mira una instantánea con la lente estadística: dónde mirar, nunca una falta",
        epilog="Ejemplos: sif indicios PELO-ANA-2026 · sif indicios --instantanea proceso --lente benford --json",
    )
    look.add_argument("--lente", metavar="CLAVE", help="sólo esta lente")
    look.set_defaults(run=_with_snapshot(_look))
    draw = subparsers.add_parser(
        "muestra",
        help="saca una muestra de pólizas por unidad monetaria, que cualquiera repite con su semilla",
        epilog="Ejemplo: sif muestra PELO-ANA-2026 --semilla 'sorteo del 1 de junio: 48213' --tamano 60",
    )
    draw.add_argument("--semilla", required=True, metavar="TEXTO", help="lo que se publicó antes de la revisión")
    draw.add_argument("--tamano", type=int, default=60, metavar="N", help="centavos elegidos (60)")
    draw.add_argument("--contabilidad", type=int, metavar="ID", help="sólo el gasto de esta contabilidad")
    draw.set_defaults(run=_with_snapshot(_draw))
    for parser in (look, draw):
        parser.add_argument("proceso", nargs="?", help="clave del proceso: su última instantánea auditada")
        parser.add_argument("--etapa", default="campana", help="campana (por omisión), precampana, ordinario…")
        parser.add_argument("--instantanea", type=Path, metavar="CARPETA", help="esta instantánea, sin base de datos")
        parser.add_argument("--json", action="store_true", help="un solo objeto JSON en la salida")


def _with_snapshot(do: Callable[[argparse.Namespace, Path], int]) -> Callable[[argparse.Namespace], int]:
    """Return the command over the folder it names; exit 2 when there is none or it is no snapshot, with the reason."""

    def run(args: argparse.Namespace) -> int:
        if (args.proceso is None) == (args.instantanea is None):
            print("Dé la clave de un proceso o --instantanea CARPETA, y sólo uno de los dos.", file=sys.stderr)
            return 2
        from sif.audit.engine import SnapshotRefused

        path = args.instantanea or _last_of(args.proceso, args.etapa)
        if path is None:
            print(
                f"De «{args.proceso}», etapa «{args.etapa}», no hay una instantánea auditada. "
                f"Hágala con: sif auditar {args.proceso} --etapa {args.etapa}",
                file=sys.stderr,
            )
            return 2
        try:
            return do(args, path)
        except SnapshotRefused as error:
            print(str(error), file=sys.stderr)
            return 2

    return run


def _last_of(proceso: str, tipo: str) -> Path | None:
    database.setup_django()
    database.migrate()
    from sif.audit.selectors import last_run
    from sif.audit.services import folder_of
    from sif.registry.models import Etapa
    from sif.registry.scope import everything

    with everything():
        etapa = Etapa.objects.filter(proceso__clave=proceso, tipo=tipo).first()
        corrida = last_run(etapa) if etapa else None
        return folder_of(corrida.instantanea) if corrida else None


def _look(args: argparse.Namespace, path: Path) -> int:
    from sif.audit.lens.indicio import lenses
    from sif.audit.lens.services import look

    known = lenses()
    if args.lente and args.lente not in known:
        print(f"No hay una lente «{args.lente}». Las que hay: {', '.join(known)}.", file=sys.stderr)
        return 2
    found = [each for each in look(path) if args.lente in (None, each.lente)]
    if args.json:
        print(json.dumps({"instantanea": path.name, "indicios": [asdict(each) for each in found]}, ensure_ascii=False))
        return 0
    for key, lens in known.items():
        mine = [each for each in found if each.lente == key]
        if mine:
            print(f"\n{lens.titulo} ({len(mine)})")
            print("\n".join(f"  · {each.dice}" for each in mine))
    print(f"\n{len(found)} indicios. Un indicio dice dónde mirar; no es una falta ni un hallazgo.")
    return 0


def _draw(args: argparse.Namespace, path: Path) -> int:
    from sif.audit.lens.sampling import SampleRefused
    from sif.audit.lens.services import sample
    from sif.values import Money

    try:
        drawn = sample(path, args.semilla, args.tamano, args.contabilidad)
    except SampleRefused as error:
        print(str(error), file=sys.stderr)
        return 2
    if args.json:
        print(json.dumps(asdict(drawn), ensure_ascii=False))
        return 0
    print(f"Instantánea {drawn.digest}, semilla «{drawn.semilla}»")
    print(
        f"{drawn.poblacion:,} pólizas por ${Money(drawn.total)}; un centavo cada ${Money(drawn.intervalo)}, "
        f"desde el centavo {drawn.arranque:,}"
    )
    for row in drawn.polizas:
        print(f"{row.poliza_id:>12}  {row.referencia:<34} {f'${Money(row.monto)}':>18}  {row.veces}")
    return 0
