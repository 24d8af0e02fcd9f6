"""`sif cfdi`: say of each invoice in files, folders and ZIPs what it is and what is wrong; note what SAT says of it."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from sif.cfdi import ComplementoIne, Lectura, read_path, trust
from sif.commands.cfdi_estatus import add_verbs

_EXAMPLE = """ejemplo:
  sif cfdi verificar factura.xml
  sif cfdi verificar facturas/ lote.zip --json

termina con 0 si todo se leyó sin problemas, 1 si hay problemas y 2 si una ruta no existe."""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `cfdi` and its verbs to the command line."""
    group = subparsers.add_parser("cfdi", help="facturas electrónicas (CFDI)", description="Facturas electrónicas.")
    verbs = group.add_subparsers(dest="verbo", required=True, metavar="VERBO")
    verify = verbs.add_parser(
        "verificar",
        help="verifica sello, certificado y complemento INE",
        description="Verifica el sello, el certificado y el complemento INE de facturas 3.2, 3.3 y 4.0.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verify.add_argument("rutas", nargs="+", metavar="RUTA", type=Path, help="archivo XML, carpeta o ZIP")
    verify.add_argument("--json", action="store_true", help="un objeto JSON por línea")
    verify.set_defaults(run=run)
    add_verbs(verbs)


def run(args: argparse.Namespace) -> int:
    """Print each invoice; 0 when all are readable and sound, 1 when there are problems, 2 when a path is missing."""
    missing = [path for path in args.rutas if not path.exists()]
    for path in missing:
        print(f"No existe la ruta «{path}». Revise cómo está escrita.", file=sys.stderr)
    if missing:
        return 2
    total = sound = 0
    for lectura in _readings(args.rutas):
        total += 1
        sound += lectura.is_trustworthy
        print(json.dumps(lectura.as_dict(), ensure_ascii=False) if args.json else _as_text(lectura))
    if not args.json:
        print(f"{total:,} archivos: {sound:,} sin problemas, {total - sound:,} con problemas.")
    return 0 if sound == total else 1


def _readings(paths: list[Path]) -> Iterator[Lectura]:
    known = trust()
    for path in paths:
        yield from read_path(path, known)


def _as_text(lectura: Lectura) -> str:
    cfdi = lectura.cfdi
    lines = [lectura.archivo]
    if cfdi is None:
        lines.append("  no es un CFDI que se pueda leer")
    else:
        lines.append(
            f"  CFDI {cfdi.version}  {cfdi.uuid or '(sin folio fiscal)'}  {cfdi.fecha:%Y-%m-%d}  sello {lectura.sello}"
        )
        lines.append(f"  {cfdi.emisor_rfc} → {cfdi.receptor_rfc}  {cfdi.total} {cfdi.moneda}")
        if cfdi.ine:
            lines.append(f"  {_ine_words(cfdi.ine)}")
    for problem in lectura.problemas:
        lines.append(f"  ✗ {problem.codigo}  {problem.donde}")
        lines.append(f"    {problem.mensaje}")
        lines.append(f"    → {problem.cura}")
    return "\n".join(_printable(line) for line in lines)


def _ine_words(ine: ComplementoIne) -> str:
    """Say what an INE complement says, in its order: process, comité, entities and their books."""
    own = () if ine.id_contabilidad is None else (ine.id_contabilidad,)
    said = [" ".join([f"complemento INE {ine.tipo_proceso}", ine.tipo_comite, *map(str, own)])]
    said += [" ".join([each.clave, each.ambito, *map(str, each.contabilidades)]) for each in ine.entidades]
    return "; ".join(" ".join(part.split()) for part in said)


def _printable(line: str) -> str:
    """Without the control characters with which a file could write over the terminal."""
    return "".join(char if char.isprintable() else "?" for char in line)
