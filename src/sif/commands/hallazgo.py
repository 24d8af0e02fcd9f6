"""`sif hallazgo`: repeat a hallazgo with the same version of its rule over the same snapshot, whatever its age."""

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING

from sif.commands import database

if TYPE_CHECKING:
    from sif.audit.models import Hallazgo
    from sif.audit.replay import Repeated


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its verb to the parser."""
    parser = subparsers.add_parser(
        "hallazgo", help="repite un hallazgo y comprueba que sale igual", epilog="Ejemplo: sif hallazgo repetir 1024"
    )
    verbs = parser.add_subparsers(dest="verbo", metavar="VERBO", required=True)
    repeat = verbs.add_parser(
        "repetir",
        help="corre la misma versión de la regla sobre la misma instantánea",
        epilog="Ejemplo: sif hallazgo repetir 1024 --json",
    )
    repeat.add_argument("id", type=int, metavar="ID", help="número del hallazgo")
    repeat.add_argument("--json", action="store_true", help="un solo objeto JSON en la salida")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when it comes out byte by byte as it was kept, 1 when not, 2 when it cannot be repeated, with the reason."""
    database.setup_django()
    database.migrate()
    from sif.audit.engine import RunFailed, SnapshotRefused
    from sif.audit.models import Hallazgo
    from sif.audit.replay import CannotRepeat, repeat
    from sif.registry.scope import everything

    with everything():
        hallazgo = Hallazgo.objects.filter(pk=args.id).first()
        if hallazgo is None:
            print(
                f"No hay un hallazgo con el número {args.id}. Su página lo dice arriba a la derecha.", file=sys.stderr
            )
            return 2
        began = time.perf_counter()
        try:
            done = repeat(hallazgo)
        except (CannotRepeat, SnapshotRefused, RunFailed) as refused:
            print(str(refused), file=sys.stderr)
            return 2
    seconds = time.perf_counter() - began
    if args.json:
        print(json.dumps(_as_dict(hallazgo, done, seconds), ensure_ascii=False))
        return 0 if done.is_same else 1
    print(hallazgo.mensaje)
    print(f"Regla {hallazgo.regla}, versión {done.version[:16]}…, instantánea {done.instantanea[:16]}…")
    print(f"Corrió con {done.motor}; hoy con {done.motor_hoy}, en {seconds:.2f} s.")
    if done.is_same:
        print(f"Sale igual: los mismos {len(done.repetido):,} bytes.")
        return 0
    print("NO sale igual." if done.repetido else "La misma versión ya NO da ese renglón.")
    print(f"guardado: {done.guardado.decode()}\nrepetido: {done.repetido.decode()}")
    return 1


def _as_dict(hallazgo: "Hallazgo", done: "Repeated", seconds: float) -> dict[str, object]:
    return {
        "hallazgo": hallazgo.pk,
        "regla": hallazgo.regla,
        "version": done.version,
        "instantanea": done.instantanea,
        "motor": done.motor,
        "motor_hoy": done.motor_hoy,
        "igual": done.is_same,
        "segundos": round(seconds, 3),
        "guardado": json.loads(done.guardado),
        "repetido": json.loads(done.repetido) if done.repetido else None,
    }
