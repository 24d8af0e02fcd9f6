"""`sif candidaturas`: load those approved from a file whose names a person matched once, and act on one of them."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sif.commands import database
from sif.commands.arguments import Subparsers, person_named, refused_as, stage_named
from sif.commands.candidaturas_actos import add_acts
from sif.commands.environment import jurisdiction
from sif.values import Problem, Refused

if TYPE_CHECKING:
    from sif.registry.loading import LoadReport
    from sif.registry.models import Etapa, Usuario

_NAMES = """ejemplo:
  sif candidaturas nombres candidaturas.csv > sujetos.csv

Escribe los nombres de partidos y coaliciones que trae el archivo. En SIGLAS va el sujeto que es cada uno, si ya se
sabe; llene las que falten y cárguelo con --sujetos. Si el sujeto no existe, escriba sus siglas y «sí» en REGISTRAR."""
_EXAMPLE = """ejemplos:
  sif candidaturas cargar candidaturas.csv --proceso PELO-2021-2022
  sif candidaturas cargar candidaturas.csv --proceso PELO-2021-2022 --sujetos sujetos.csv --por ana

El archivo es CSV o XLSX con un primer renglón de columnas: PARTIDO_COALICION, CARGO, ENTIDAD, NUM_LISTA_O_FORMULA y
NOMBRE_CANDIDATO; y las que apliquen: DISTRITO LOCAL, CIRCUNSCRIPCION, MUNICIPIO, TIPO_CANDIDATO, SEXO, CURP y
TOPE_GASTOS. Quién es cada nombre se dice una vez, en la página o con --sujetos: un renglón de nadie no entra.
Con --por queda quién cargó, y se abren las concentradoras de los partidos y coaliciones que contienden."""


def register(subparsers: Subparsers) -> None:
    """Add `sif candidaturas nombres` and `sif candidaturas cargar` to the command."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = subparsers.add_parser(
        "candidaturas",
        help="carga candidaturas aprobadas con sus contabilidades; termina, sustituye o cambia una",
        epilog=_EXAMPLE,
        formatter_class=as_written,
    )
    acts = parser.add_subparsers(dest="acto", metavar="ACTO", required=True)
    names = acts.add_parser("nombres", help="los sujetos de un archivo", epilog=_NAMES, formatter_class=as_written)
    names.add_argument("archivo", type=Path, help="CSV o XLSX de candidaturas")
    names.set_defaults(run=write)
    load = acts.add_parser("cargar", help="carga un archivo", epilog=_EXAMPLE, formatter_class=as_written)
    load.add_argument("archivo", type=Path, help="CSV o XLSX de candidaturas")
    load.add_argument("--proceso", required=True, help="clave del proceso, por ejemplo PELO-2021-2022")
    load.add_argument("--etapa", default="campana", help="etapa del proceso (campana)")
    load.add_argument("--acuerdo", default="", help="acuerdo de los topes cuyo renglón no lo dice")
    load.add_argument("--sujetos", type=Path, metavar="CSV", help="quién es cada nombre, de «sif candidaturas nombres»")
    load.add_argument("--por", default="", help="usuario que administra y carga; hace falta con --sujetos")
    load.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    load.set_defaults(run=run)
    add_acts(acts)


def _missing(path: Path) -> bool:
    if path.is_file():
        return False
    print(f"sif candidaturas: no existe el archivo {path}. Revise la ruta.", file=sys.stderr)
    return True


def _tell(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        print(f"{problem.donde}: {problem.mensaje} {problem.cura}", file=sys.stderr)


def write(args: argparse.Namespace) -> int:
    """Print the names of a file; 1 if it cannot be read, 2 if it is not there."""
    if _missing(args.archivo):
        return 2
    database.setup_django()
    from sif.registry.naming import write_names

    try:
        print(write_names(args.archivo.read_bytes()), end="")
    except Refused as refused:
        _tell(refused.problems)
        return 1
    return 0


def run(args: argparse.Namespace) -> int:
    """Load; 0 if every row was good, 1 if some was refused, 2 if the file, the process or the person is not there."""
    if _missing(args.archivo) or (args.sujetos and _missing(args.sujetos)):
        return 2
    database.setup_django()
    from sif.registry.naming import read_names
    from sif.registry.scope import everything

    by = person_named("candidaturas", args.por)
    if by is None and (args.por or args.sujetos):
        if not args.por:
            print("sif candidaturas: falta --por: quién dice los nombres de --sujetos.", file=sys.stderr)
        return 2
    etapa = stage_named("candidaturas", args.proceso, args.etapa)
    if etapa is None:
        return 2
    with everything(by.pk if by else None):
        try:
            if by is not None and args.sujetos:
                read_names(args.sujetos.read_bytes(), by)
            report = _loaded(args, etapa, by)
        except (Refused, PermissionError) as refused:
            return refused_as("candidaturas", refused)
    if args.json:
        print(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        print(
            f"{report.buenas} candidaturas y {report.contabilidades} contabilidades; "
            f"{report.malas} renglones con problema."
        )
    _tell(report.problemas)
    return 1 if report.malas else 0


def _loaded(args: argparse.Namespace, etapa: "Etapa", by: "Usuario | None") -> "LoadReport":
    """Load in the name of a person, or, as before there was one, by order of who operates. Raises Refused."""
    from sif.registry.loading import Load, load_candidaturas, load_rows

    if by is not None:
        return load_rows(args.archivo.read_bytes(), etapa, args.acuerdo, by)
    return load_candidaturas(args.archivo, etapa, jurisdiction(), Load(acuerdo=args.acuerdo.strip()))
