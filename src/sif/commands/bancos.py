"""`sif bancos leer`: say what each bank statement holds and what keeps it out, without loading anything."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from sif.banks.statement import Reading, problem_dicts
from sif.commands import database
from sif.commands.arguments import Subparsers
from sif.sandbox.client import Client
from sif.sandbox.opening import Limits
from sif.values import Problem, Refused

_EXAMPLE = """ejemplos:
  sif bancos leer abril.ofx
  sif bancos leer estados/ --json

Lee OFX, CAMT.053, MT940, CSV y XLSX (de estos dos, por los títulos de sus columnas) y no carga nada. Cada archivo se
abre en un proceso que no puede hacer otra cosa. De los avisos, «fuera_de_fechas» no impide cargarlo.
termina con 0 si todo se puede cargar, 1 si hay problemas y 2 si una ruta no existe."""


def register(subparsers: Subparsers) -> None:
    """Add `sif bancos leer` to the command."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = subparsers.add_parser("bancos", help="estados de cuenta de los bancos")
    verbs = parser.add_subparsers(dest="verbo", metavar="VERBO", required=True)
    read = verbs.add_parser("leer", help="qué trae cada archivo", epilog=_EXAMPLE, formatter_class=as_written)
    read.add_argument("rutas", nargs="+", type=Path, metavar="RUTA", help="archivo o carpeta")
    read.add_argument("--json", action="store_true", help="un objeto JSON por archivo")
    read.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what each file holds; 0 if everything could be loaded, 1 if something not, 2 when a path is missing."""
    missing = [path for path in args.rutas if not path.exists()]
    for path in missing:
        print(f"sif bancos: no existe la ruta «{path}». Revise cómo está escrita.", file=sys.stderr)
    if missing:
        return 2
    client = Client(database.data_folder(), ("sif.banks.openers",), "bancos")
    sound = True
    for path in _files(args.rutas):
        found = _read(client, path)
        sound = sound and isinstance(found, Reading) and not found.problemas
        print(_as_json(path, found) if args.json else _as_text(path, found))
    return 0 if sound else 1


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]


def _read(client: Client, path: Path) -> Reading | tuple[str, tuple[Problem, ...]]:
    """Return the reading of a file; for an unreadable file, its format ('' for none) and the problems."""
    kind = ""
    try:
        limits = Limits().grown(path.stat().st_size)
        kind = client.ask("banco_formato", path, {}, limits).value(str)
        args = {"mapa": None, "ayuda": None}
        found: Reading = client.ask("banco_estados", path, args, limits).value(Reading)
    except Refused as wrong:
        return kind, wrong.problems
    except OSError as error:
        return kind, (Problem("archivo", "archivo", f"No se puede leer: {error.strerror}.", "Revise sus permisos."),)
    return found


def _as_json(path: Path, found: Reading | tuple[str, tuple[Problem, ...]]) -> str:
    if isinstance(found, Reading):
        return json.dumps(found.as_dict(str(path)), ensure_ascii=False)
    kind, problems = found
    shape = {"archivo": str(path), "formato": kind or None, "cuentas": [], "problemas": problem_dicts(problems)}
    return json.dumps(shape, ensure_ascii=False)


def _as_text(path: Path, found: Reading | tuple[str, tuple[Problem, ...]]) -> str:
    lines = [str(path)]
    if isinstance(found, Reading):
        for each in found.cuentas:
            lines.append(
                f"  {found.formato}  cuenta {each.cuenta or 'sin número'}, {len(each.lines):,} movimientos del "
                f"{each.desde:%d/%m/%Y} al {each.hasta:%d/%m/%Y}: {each.saldo_inicial} → {each.saldo_final} "
                f"{each.moneda}"
            )
    problems = found.problemas if isinstance(found, Reading) else found[1]
    warned = found.avisos if isinstance(found, Reading) else ()
    for mark, problem in (*(("✗", each) for each in problems), *(("!", each) for each in warned)):
        lines += [f"  {mark} {problem.codigo}  {problem.donde}", f"    {problem.mensaje}", f"    → {problem.cura}"]
    return "\n".join("".join(char if char.isprintable() else "?" for char in line) for line in lines)
