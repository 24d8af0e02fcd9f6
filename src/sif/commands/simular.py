"""`sif simular`: invent a whole national process, written as a snapshot with the key of the faults planted in it."""

import argparse
import json
import sys
from pathlib import Path


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "simular",
        help="inventa un proceso nacional como instantánea, con la clave de las faltas plantadas",
        epilog="Ejemplo: sif simular --contabilidades 400 --polizas 50000 --semilla 7 --salida proceso. Una elección "
        "pequeña, registrada, firmada y auditada por los servicios de verdad, con su propia clave: sif demo",
    )
    parser.add_argument(
        "--etapa",
        choices=("campana", "ordinario"),
        default="campana",
        help="campana: una elección entera (lo normal); ordinario: un año de libros de unos partidos, con las faltas "
        "que sólo ahí caben y lo que está a un centavo o a un día de cada límite; no usa --contabilidades ni --polizas",
    )
    parser.add_argument("--partidos", type=int, default=36, help="cuántos partidos lleva un año ordinario (36)")
    parser.add_argument("--contabilidades", type=int, default=40_000, help="cuántas contabilidades (40000)")
    parser.add_argument("--polizas", type=int, default=10_000_000, help="cuántas pólizas, aproximadamente (10000000)")
    parser.add_argument("--semilla", type=int, default=1, help="la misma semilla da los mismos archivos (1)")
    parser.add_argument("--salida", type=Path, required=True, help="carpeta nueva o vacía donde queda la instantánea")
    parser.add_argument("--memoria", type=int, default=3, metavar="GB", help="memoria del motor en GB (3)")
    parser.add_argument("--json", action="store_true", help="un solo objeto JSON en la salida")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the snapshot whole or not at all; 2 when it cannot be written there, with the reason."""
    from sif.simulation.generate import SimulationRefused, simulate, simulate_year

    try:
        if args.etapa == "ordinario":
            done = simulate_year(args.salida.resolve(), partidos=args.partidos, semilla=args.semilla)
        else:
            done = simulate(
                args.salida.resolve(),
                contabilidades=args.contabilidades,
                polizas=args.polizas,
                semilla=args.semilla,
                memory=f"{max(1, args.memoria)}GB",
                progress=_progress,
            )
    except (SimulationRefused, ValueError) as refused:
        print(f"{refused} No quedó nada a medias.", file=sys.stderr)
        return 2
    if args.json:
        print(
            json.dumps(
                {
                    "instantanea": done.digest,
                    "segundos": round(done.segundos, 3),
                    "renglones": done.rows,
                    "plantadas": done.planted,
                }
            )
        )
        return 0
    print(f"Instantánea {done.digest[:16]}… en {args.salida}, en {done.segundos:,.1f} s.")
    for name in ("contabilidades", "polizas", "movimientos", "evidencias", "cfdi", "aportaciones"):
        print(f"  {name:16}{done.rows.get(name, 0):>14,}")
    print(f"Faltas plantadas: {sum(done.planted.values()):,}, de {len(done.planted)} reglas; la clave está a su lado.")
    print(f"Audítela: sif auditar --instantanea {args.salida} --clave")
    return 0


def _progress(done: int, slices: int) -> None:
    print(f"  rebanada {done:,} de {slices:,}", file=sys.stderr, flush=True)
