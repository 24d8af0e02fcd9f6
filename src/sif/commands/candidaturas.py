"""`sif candidaturas`: load the approved candidacies of a process from a file; each formula opens its books."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from sif.commands import database

_EXAMPLE = """ejemplo:
  sif candidaturas cargar candidaturas.csv --proceso PELO-2021-2022

El archivo es CSV con un primer renglón de columnas: PARTIDO_COALICION, CARGO, ENTIDAD, NUM_LISTA_O_FORMULA y
NOMBRE_CANDIDATO; y las que apliquen: DISTRITO LOCAL, CIRCUNSCRIPCION, MUNICIPIO, TIPO_CANDIDATO, SEXO, CURP y
TOPE_GASTOS."""


def register(subparsers: Any) -> None:
    """Add `sif candidaturas cargar` to the command."""
    parser = subparsers.add_parser(
        "candidaturas", help="carga candidaturas aprobadas y abre sus contabilidades", epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    acts = parser.add_subparsers(dest="acto", metavar="ACTO", required=True)
    load = acts.add_parser(
        "cargar", help="carga un CSV", epilog=_EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    load.add_argument("archivo", type=Path, help="CSV de candidaturas")
    load.add_argument("--proceso", required=True, help="clave del proceso, por ejemplo PELO-2021-2022")
    load.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    load.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Load; 0 if every row was good, 1 if some was refused, 2 if the file or the process cannot be used."""
    if not args.archivo.is_file():
        print(f"sif candidaturas: no existe el archivo {args.archivo}. Revise la ruta.", file=sys.stderr)
        return 2
    database.setup_django()
    from sif.registry.loading import load_candidaturas
    from sif.registry.models import Etapa
    from sif.registry.scope import everything

    etapa = Etapa.objects.filter(proceso__clave=args.proceso, tipo=Etapa.Tipo.CAMPANA).first()
    if etapa is None:
        print(
            f"sif candidaturas: el proceso {args.proceso} no tiene etapa de campaña. Regístrela antes de cargar.",
            file=sys.stderr,
        )
        return 2
    with everything():
        report = load_candidaturas(args.archivo, etapa)
    if args.json:
        print(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        print(
            f"{report.buenas} candidaturas y {report.contabilidades} contabilidades; "
            f"{report.malas} renglones con problema."
        )
    for problem in report.problemas:
        print(f"{problem.donde}: {problem.mensaje} {problem.cura}", file=sys.stderr)
    return 1 if report.malas else 0
