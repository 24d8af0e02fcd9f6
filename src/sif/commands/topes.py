"""`sif topes`: compute caps by the formulas of law, with their arithmetic, as the table of an accord."""

import argparse
import json
import sys
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from sif.commands import database
from sif.values import InvalidMoney, Money, Refused

_EXAMPLE = """ejemplos:
  sif topes calcular presidencia --dia 2023-12-15 --importe 3304893615
  sif topes calcular senaduria --dia 2023-12-15 --importe 2203262 --tabla distritos.csv
  sif topes calcular local --dia 2025-03-01 --tabla padron.xlsx --factor 15.5 --articulo "LIPEED 191" --csv > topes.csv

La tabla es CSV o XLSX con CARGO, el lugar (ENTIDAD, DISTRITO o MUNICIPIO) y BASE: el padrón, los distritos o el tope
anterior. Con --csv escribe la tabla que se sube en «Topes de gastos», donde los fija el acuerdo."""
_FORMULAS = (
    *("presidencia", "diputacion", "diputacion_intermedia", "senaduria"),
    *("precampana", "apoyo_ciudadano", "local"),
)


def register(subparsers: Any) -> None:
    """Add `sif topes calcular` to the command."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = subparsers.add_parser(
        "topes", help="calcula topes de gastos por las fórmulas de ley", epilog=_EXAMPLE, formatter_class=as_written
    )
    acts = parser.add_subparsers(dest="acto", metavar="ACTO", required=True)
    made = acts.add_parser("calcular", help="calcula y dice la cuenta", epilog=_EXAMPLE, formatter_class=as_written)
    made.add_argument("formula", choices=_FORMULAS)
    made.add_argument("--dia", required=True, help="día del acuerdo, por ejemplo 2023-12-15: da la UMA y la ley")
    made.add_argument("--importe", default="", help="financiamiento, o el tope del que parte la fórmula")
    made.add_argument("--tabla", type=Path, help="tabla de partida, CSV o XLSX")
    made.add_argument("--dia-antes", default="", help="día en que se fijó el tope anterior")
    made.add_argument("--factor", default="", help="factor de la ley local, en %%")
    made.add_argument("--articulo", default="", help="artículo y acuerdo que fijan el factor")
    shape = made.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    shape.add_argument("--csv", action="store_true", help="imprime solo la tabla que se carga")
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the caps of a formula; 1 where something is missing or wrong, 2 if the table is not there."""
    if args.tabla and not args.tabla.is_file():
        print(f"sif topes: no existe el archivo {args.tabla}. Revise la ruta.", file=sys.stderr)
        return 2
    database.setup_django()
    from sif.registry.cap_formulas import CapInputs, compute_caps

    try:
        given = CapInputs(
            dia=date.fromisoformat(args.dia),
            importe=Money.parse(args.importe) if args.importe else None,
            tabla=args.tabla.read_bytes() if args.tabla else b"",
            dia_antes=date.fromisoformat(args.dia_antes) if args.dia_antes else None,
            factor_pb=int(Decimal(args.factor or 0) * 100),
            articulo=args.articulo,
        )
        made = compute_caps(args.formula, given)
    except Refused as refused:
        for problem in refused.problems:
            print(f"{problem.donde}: {problem.mensaje} {problem.cura}", file=sys.stderr)
        return 1
    except (ValueError, InvalidMoney, InvalidOperation) as wrong:
        print(f"sif topes: {wrong}. Escriba días como 2023-12-15 e importes como 1,234.50.", file=sys.stderr)
        return 1
    if args.csv:
        sys.stdout.write(made.table().decode())
        return 0
    rows = [
        {"cargo": row.donde[0], "lugar": row.lugar, "tope": str(row.tope).replace(",", ""), "cuenta": row.cuenta}
        for row in made.filas
    ]
    if args.json:
        print(json.dumps({"base": made.base, "estatus": made.estatus, "topes": rows}, ensure_ascii=False))
        return 0
    for row in rows:
        print(f"{row['cargo']} {row['lugar']}".strip() + f": {row['cuenta']}")
    print(f"Fundamento: {made.base} ({made.estatus})")
    return 0
