"""`sif auditar`: freeze a process, run the whole rulebook over it, and say what was found."""

import argparse
import json
import sys

from sif.commands import database


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "auditar",
        help="congela un proceso y le aplica todo el reglamento",
        epilog="Ejemplo: sif auditar PELO-ANA-2026 --etapa campana --json",
    )
    parser.add_argument("proceso", help="clave del proceso")
    parser.add_argument(
        "--etapa", default="campana", help="campana (por omisión), precampana, apoyo_ciudadano, ordinario"
    )
    parser.add_argument("--json", action="store_true", help="un solo objeto JSON en la salida")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Audit and print coverage by rule; exit 2 when the process is unknown, 1 when a rule did not run whole."""
    database.setup_django()
    database.migrate()
    from sif.audit import selectors, services
    from sif.audit.engine import RunFailed, SnapshotRefused
    from sif.registry import clock
    from sif.registry.models import Etapa
    from sif.registry.scope import everything

    etapa = Etapa.objects.filter(proceso__clave=args.proceso, tipo=args.etapa).select_related("proceso").first()
    if etapa is None:
        known = ", ".join(Etapa.objects.order_by("pk").values_list("proceso__clave", flat=True)) or "ninguno todavía"
        print(f"No hay un proceso «{args.proceso}» con etapa «{args.etapa}». Los que hay: {known}.", file=sys.stderr)
        return 2
    with everything():
        try:
            corrida = services.run(services.freeze(etapa, clock.today()), progress=None if args.json else _progress)
        except (RunFailed, SnapshotRefused) as error:
            print(str(error), file=sys.stderr)
            return 1
        rows = selectors.coverage_of(corrida)
        snapshot = corrida.instantanea
    if args.json:
        fields = ("regla", "juzgadas", "hallazgo", "cumple", "no_aplica", "sin_dato", "monto")
        rules = [{name: getattr(row, name) for name in fields} for row in rows]
        print(json.dumps({"proceso": args.proceso, "instantanea": snapshot.digest, "reglas": rules}))
        return 0
    print(f"Instantánea {snapshot.digest[:16]}… al {snapshot.corte_el}")
    print(f"{'regla':8}{'juzgadas':>10}{'hallazgos':>11}{'cumple':>9}{'no aplica':>11}{'sin dato':>10}{'monto':>18}")
    for row in rows:
        print(
            f"{row.regla:8}{row.juzgadas:>10,}{row.hallazgo:>11,}{row.cumple:>9,}{row.no_aplica:>11,}"
            f"{row.sin_dato:>10,}{row.monto // 100:>15,}.{row.monto % 100:02d}"
        )
    return 0


def _progress(rule: str) -> None:
    print(f"  {rule}", file=sys.stderr)
