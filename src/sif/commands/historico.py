"""`sif historico cargar`: keep the totals of a past process from its public file; it opens no books."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sif.commands import database
from sif.commands.arguments import Subparsers, person_named, refused_as
from sif.values import Money, Refused

if TYPE_CHECKING:
    from sif.disclosure.history import HistoryLoad

_EXAMPLE = """ejemplos:
  sif historico cargar PEFO_20-21_CAMPAÑA_G_RUBRO_210622.csv
  sif historico cargar cuentas-2012.xlsx --mapa columnas.yaml --json

Lee CSV y XLSX con los títulos de los datos abiertos del INE. Los de otro archivo se dicen en un mapa, YAML: dato, dos
puntos y el título de su columna; con «=» delante, un texto que vale para todos los renglones.
  nombre: Candidatura
  gasto: Gasto total
  tope: Tope
  proceso: =PEF-2011-2012
  rubros: [Propaganda, Operativos]
Los datos son id, proceso, ambito, entidad, lugar, cargo, asociacion, sujeto, siglas, nombre, inicia, termina, estatus,
tope, ingresos, gasto, determinado, rubros y origenes. Entra entero o no entra; el mismo otra vez no cambia nada.
termina con 0 si quedó cargado, 1 si algo no se entiende y 2 si falta un archivo o la persona."""


def register(subparsers: Subparsers) -> None:
    """Add `sif historico cargar` to the command."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = subparsers.add_parser("historico", help="procesos que ya pasaron, con sus totales y sin libros")
    verbs = parser.add_subparsers(dest="verbo", metavar="VERBO", required=True)
    load = verbs.add_parser("cargar", help="carga un archivo público", epilog=_EXAMPLE, formatter_class=as_written)
    load.add_argument("archivo", type=Path, metavar="RUTA", help="CSV o XLSX, una cuenta por renglón")
    load.add_argument("--mapa", type=Path, metavar="COLUMNAS.yaml", help="qué columna es cada dato")
    load.add_argument("--nombre", default="", help="cómo se llama el proceso en las páginas")
    load.add_argument("--por", default="", help="usuario que administra; sin él, quien opera el sistema")
    load.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    load.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Load it; 0 if it stands loaded, 1 if it was refused, 2 if a file or the person is not there."""
    try:
        data, said = args.archivo.read_bytes(), args.mapa.read_bytes() if args.mapa else None
    except OSError as error:
        print(f"sif historico: no se puede leer {error.filename}: {error.strerror}.", file=sys.stderr)
        return 2
    database.setup_django()
    from sif.disclosure.history import load_history
    from sif.disclosure.history_reading import read_columns
    from sif.registry.scope import everything

    by = person_named("historico", args.por)
    if by is None and args.por:
        return 2
    try:
        mapa = read_columns(said) if said is not None else None
        with everything(by.pk if by else None):
            found = load_history(data, args.archivo.name, by, mapa=mapa, nombre=args.nombre)
    except (Refused, PermissionError) as refused:
        return refused_as("historico", refused)
    print(json.dumps(found.hoja.as_dict(), ensure_ascii=False) if args.json else _told(found))
    return 0


def _told(found: "HistoryLoad") -> str:
    sheet, said = found.hoja, found.hoja.as_dict()
    over = sorted(((each.excess, each) for each in sheet.cuentas if each.excess is not None), key=lambda pair: -pair[0])
    lines = [
        f"{found.carga.nombre}: {len(sheet.cuentas):,} cuentas, gasto {Money.parse(str(said['gasto']))}.",
        f"{len(over):,} sobre su tope; {said['sin_tope']:,} sin tope o con tope de cero; "
        f"{said['ajustes_negativos']:,} ajustes negativos.",
    ]
    lines += [
        f"  {each.id}  {each.textos.get('nombre', '')}: {excess // 100}.{excess % 100:02d} % sobre su tope"
        for excess, each in over[:20]
    ]
    if sheet.redondeados:
        lines.append(f"{sheet.redondeados:,} importes traen fracciones de centavo y se redondearon.")
    if sheet.descuadrados:
        lines.append(f"{sheet.descuadrados:,} cuentas tienen rubros que no suman su total.")
    if found.repetida:
        lines.append("Ya estaba cargado: nada cambió.")
    return "\n".join(lines)
