"""`sif auditar`: apply the rulebook to a process, or to a snapshot at hand, and say what was found."""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sif.commands import database
from sif.commands.environment import jurisdiction

if TYPE_CHECKING:
    from sif.audit.answer_key import Score
    from sif.audit.models import Corrida
    from sif.audit.results import Asked, Progress, RuleResult
    from sif.rulebook.rule import Rule

ENGINES = ("duckdb", "spark")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = subparsers.add_parser(
        "auditar",
        help="congela un proceso y le aplica el reglamento, o lo aplica a una instantánea",
        epilog="Ejemplos: sif auditar PELO-ANA-2026 --etapa campana · sif auditar --instantanea proceso --clave --json",
    )
    parser.add_argument("proceso", nargs="?", help="clave del proceso que se congela y audita")
    parser.add_argument(
        "--instantanea", type=Path, metavar="CARPETA", help="audita esta instantánea, sin base de datos"
    )
    parser.add_argument(
        "--etapa", default="campana", help="campana (por omisión), precampana, apoyo_ciudadano, ordinario"
    )
    parser.add_argument("--clave", action="store_true", help="compara con la clave de faltas de un proceso simulado")
    parser.add_argument(
        "--calificacion",
        type=Path,
        metavar="RUTA.md",
        help="con --clave, escribe lo que cada regla halló de lo puesto, y a qué parecidos inocentes acusó",
    )
    parser.add_argument("--motor", choices=ENGINES, default="duckdb", help="quién corre las reglas (duckdb)")
    parser.add_argument("--regla", action="append", metavar="ID", help="sólo esta regla; puede repetirse")
    parser.add_argument(
        "--contabilidad", type=int, metavar="ID", help="con --instantanea, sólo los renglones de esta contabilidad"
    )
    parser.add_argument(
        "--memoria", type=int, default=4, metavar="GB", help="memoria del motor; lo demás va al disco (4)"
    )
    parser.add_argument("--hilos", type=int, default=2, help="hilos del motor (2)")
    parser.add_argument(
        "--resultados", type=Path, metavar="CARPETA", help="guarda aquí lo hecho, para seguir si se interrumpe"
    )
    parser.add_argument("--json", action="store_true", help="un solo objeto JSON en la salida")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Audit and print by rule; exit 2 when what was asked for is not there, 1 when a rule did not run whole."""
    if (args.proceso is None) == (args.instantanea is None):
        print("Dé la clave de un proceso o --instantanea CARPETA, y sólo uno de los dos.", file=sys.stderr)
        return 2
    if args.proceso and args.contabilidad is not None:
        told = "--contabilidad va con --instantanea: la corrida de un proceso se guarda, y examina cada contabilidad."
        print(told, file=sys.stderr)
        return 2
    return _process(args) if args.proceso else _snapshot(args)


def _asked(args: argparse.Namespace) -> "Asked":
    from sif.audit.results import Asked

    return Asked(f"{max(1, args.memoria)}GB", max(1, args.hilos), args.contabilidad, args.motor)


def _chosen(args: argparse.Namespace, stages: frozenset[str]) -> "list[Rule] | None":
    """The rules asked for, of those that apply to any of those stages; None, with the reason told, if one does not."""
    from sif.rulebook import load_rules

    able = sorted((r for r in load_rules(jurisdiction()) if stages & set(r.applies_to)), key=lambda rule: rule.id)
    if not args.regla:
        return able
    wanted = {text.upper() for text in args.regla}
    if missing := sorted(wanted - {rule.id for rule in able}):
        print(f"No hay regla {', '.join(missing)} para esta etapa. Véalas con: sif reglas", file=sys.stderr)
        return None
    return [rule for rule in able if rule.id in wanted]


def _snapshot(args: argparse.Namespace) -> int:
    from sif.audit.answer_key import has_key, score
    from sif.audit.engine import RunFailed, SnapshotRefused
    from sif.audit.look_alikes import has_look_alikes, score_page
    from sif.audit.results import EngineMissing, judge_snapshot, stages_of
    from sif.simulation.look_alikes import WITHOUT

    folder: Path = args.instantanea
    if args.calificacion and not (args.clave and has_look_alikes(folder) and args.calificacion.parent.is_dir()):
        print(
            "--calificacion pide --clave, una carpeta que exista y un proceso de `sif simular` con parecidos.parquet.",
            file=sys.stderr,
        )
        return 2
    try:
        stages = stages_of(folder)
        rules = _chosen(args, stages)
        if rules is None:
            return 2
        if args.clave and not has_key(folder):
            print(f"{folder} no trae clave.parquet: sólo la tiene un proceso de `sif simular`.", file=sys.stderr)
            return 2
        with tempfile.TemporaryDirectory(prefix="sif-auditar-") as own:
            began = time.perf_counter()
            results = list(judge_snapshot(folder, rules, args.resultados or Path(own), _asked(args), _progress))
            seconds = time.perf_counter() - began
            results.sort(key=lambda result: result.version.rule.id)
            scores = {result.version.rule.id: score(result, folder) for result in results} if args.clave else {}
            rows = [_row(result, scores.get(result.version.rule.id)) for result in results]
            if args.calificacion:
                title = "una elección inventada" if "campana" in stages else "un año de libros ordinarios"
                args.calificacion.write_text(score_page(results, scores, folder, WITHOUT, title), encoding="utf-8")
    except (SnapshotRefused, EngineMissing) as refused:
        print(str(refused), file=sys.stderr)
        return 2
    except RunFailed as failed:
        print(str(failed), file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps({"segundos": round(seconds, 3), "reglas": rows}))
    else:
        _print_rows(rows, seconds)
    return 0


def _row(result: "RuleResult", seen: "Score | None") -> dict[str, object]:
    row: dict[str, object] = {
        "id": result.version.rule.id,
        "segundos": round(result.seconds, 3),
        "examinadas": result.judged,
        "hallazgos": result.states["hallazgo"].rows,
        "no_aplica": result.states["no_aplica"].rows,
    }
    if seen is not None:
        row |= {"plantadas": seen.plantadas, "encontradas": seen.encontradas, "falsas": seen.falsas}
    return row


def _print_rows(rows: list[dict[str, object]], seconds: float) -> None:
    names = list(rows[0]) if rows else []
    print("".join(f"{name:>14}" for name in names))
    for row in rows:
        print(
            "".join(f"{value:>14,}" if isinstance(value, int | float) else f"{value!s:>14}" for value in row.values())
        )
    print(f"{len(rows)} reglas en {seconds:,.1f} s.")


def _process(args: argparse.Namespace) -> int:
    database.setup_django()
    database.migrate()
    from sif.audit import services
    from sif.audit.engine import RunFailed, SnapshotRefused
    from sif.audit.results import EngineMissing
    from sif.registry import clock
    from sif.registry.models import Etapa
    from sif.registry.scope import everything

    etapa = Etapa.objects.filter(proceso__clave=args.proceso, tipo=args.etapa).select_related("proceso").first()
    if etapa is None:
        known = ", ".join(Etapa.objects.order_by("pk").values_list("proceso__clave", flat=True)) or "ninguno todavía"
        print(f"No hay un proceso «{args.proceso}» con etapa «{args.etapa}». Los que hay: {known}.", file=sys.stderr)
        return 2
    rules = _chosen(args, frozenset({etapa.tipo}))
    if rules is None:
        return 2
    with everything():
        try:
            frozen = services.freeze(etapa, clock.today())
            corrida = services.run(frozen, rules, asked=_asked(args), tell=_progress)
        except EngineMissing as missing:
            print(str(missing), file=sys.stderr)
            return 2
        except (RunFailed, SnapshotRefused) as error:
            print(str(error), file=sys.stderr)
            return 1
        _tell(args, corrida)
    return 0


def _tell(args: argparse.Namespace, corrida: "Corrida") -> None:
    from sif.audit.changes import changes, counts

    snapshot = corrida.instantanea
    rows = list(corrida.reglas.order_by("regla"))
    since = changes(corrida)
    if args.json:
        fields = ("regla", "juzgadas", "hallazgo", "cumple", "no_aplica", "sin_dato")
        rules = [{name: getattr(row, name) for name in fields} | {"monto": row.monto_hallazgo} for row in rows]
        print(
            json.dumps(
                {
                    "proceso": args.proceso,
                    "instantanea": snapshot.digest,
                    "reglas": rules,
                    "cambios": dict(counts(since)),
                }
            )
        )
        return
    print(f"Instantánea {snapshot.digest[:16]}… al {snapshot.corte_el}")
    print(f"{'regla':8}{'juzgadas':>10}{'hallazgos':>11}{'cumple':>9}{'no aplica':>11}{'sin dato':>10}{'monto':>18}")
    for row in rows:
        amount = row.monto_hallazgo
        print(
            f"{row.regla:8}{row.juzgadas:>10,}{row.hallazgo:>11,}{row.cumple:>9,}{row.no_aplica:>11,}"
            f"{row.sin_dato:>10,}{amount // 100:>15,}.{amount % 100:02d}"
        )
    told = ", ".join(f"{count:,} {word}{'' if count == 1 else 's'}" for word, count in counts(since))
    print(f"Frente a la corrida anterior: {told}." if since.anterior else "Es la primera corrida de esta etapa.")


def _progress(done: "Progress") -> None:
    if done.what == "regla":
        again = " (ya estaba)" if done.reused else ""
        text = f"{done.name}{done.seconds:>9.2f} s{done.rows:>14,} renglones{done.found:>10,} hallazgos{again}"
    elif done.what == "derivada":
        text = f"{done.name}{done.seconds:>9.2f} s, tabla derivada"
    else:
        text = f"instantánea {done.name[:16]}…, {done.rows:,} renglones comprobados en {done.seconds:.2f} s"
    print(f"  {text}", file=sys.stderr, flush=True)
