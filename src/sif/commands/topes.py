"""`sif topes`: compute caps by the formulas of law as the table of an accord, and fix those of an accord."""

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sif.commands import database
from sif.commands.arguments import Subparsers, act_as, stage_named
from sif.law.caps import ROUNDED, ROUNDINGS
from sif.values import Money, Problem, Refused, Unread
from sif.values.reading import read_iso_day

if TYPE_CHECKING:
    from sif.registry.models import Usuario

_EXAMPLE = """ejemplos:
  sif topes calcular presidencia --dia 2023-12-15 --importe 3304893615
  sif topes calcular senaduria --dia 2023-12-15 --importe 2203262 --tabla distritos.csv
  sif topes calcular local --dia 2025-03-01 --tabla padron.xlsx --corte 2025-01-31 --factor 15.5 \\
    --articulo "LIPEED 191" --redondeo centavos_medio --minimo-uma 4,000 --csv > topes.csv
  sif topes fijar topes.csv --proceso PEL-DUR-2024-2025 --acuerdo IEPC/CG20/2025 --por hugo

La tabla es CSV o XLSX con CARGO, el lugar (ENTIDAD, DISTRITO o MUNICIPIO) y PADRON, DISTRITOS o TOPE ANTERIOR, como
pida la fórmula. El factor es un porcentaje: el 0.15 de la ley se escribe 15. Con --csv escribe la tabla que se sube en
«Topes de gastos» o se da a «sif topes fijar»: los fija el acuerdo, todos o ninguno."""
_FORMULAS = (
    *("presidencia", "diputacion", "diputacion_intermedia", "senaduria"),
    *("precampana", "apoyo_ciudadano", "local"),
)
_FACTOR = re.compile(r"(\d{1,4})(?:\.(\d{1,2}))?", re.ASCII)
_UMAS = re.compile(r"\d{1,3}(?:,\d{3}){1,2}|\d{1,9}", re.ASCII)


def register(subparsers: Subparsers) -> None:
    """Add `sif topes calcular` to the command."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = subparsers.add_parser(
        "topes",
        help="calcula topes de gastos por las fórmulas de ley, y los fija",
        epilog=_EXAMPLE,
        formatter_class=as_written,
    )
    acts = parser.add_subparsers(dest="acto", metavar="ACTO", required=True)
    made = acts.add_parser("calcular", help="calcula y dice el cálculo", epilog=_EXAMPLE, formatter_class=as_written)
    made.add_argument("formula", choices=_FORMULAS)
    made.add_argument("--dia", required=True, help="día del acuerdo, por ejemplo 2023-12-15: da la UMA y la ley")
    made.add_argument("--importe", default="", help="importe base: financiamiento, o tope de otra elección")
    made.add_argument("--tabla", type=Path, help="tabla base, CSV o XLSX")
    made.add_argument("--dia-antes", default="", help="día en que se fijó el tope anterior")
    made.add_argument("--factor", default="", help="factor de la ley local, en %%: 0.15 de la ley se escribe 15")
    made.add_argument("--articulo", default="", help="artículo y acuerdo que fijan el factor")
    made.add_argument("--corte", default="", help="día al que está contado el padrón")
    made.add_argument("--redondeo", default="", choices=("", *ROUNDINGS), help="cómo se redondea un tope de ley local")
    made.add_argument("--minimo-uma", default="", help="tope mínimo de la ley local, en UMA")
    shape = made.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    shape.add_argument("--csv", action="store_true", help="imprime solo la tabla que se carga")
    made.set_defaults(run=run)
    fixed = acts.add_parser("fijar", help="fija los de un acuerdo", epilog=_EXAMPLE, formatter_class=as_written)
    fixed.add_argument("tabla", type=Path, help="CSV o XLSX con CARGO, TOPE y el lugar")
    fixed.add_argument("--proceso", required=True, help="clave del proceso, por ejemplo PEL-DUR-2024-2025")
    fixed.add_argument("--etapa", default="campana", help="etapa del proceso (campana)")
    fixed.add_argument("--acuerdo", required=True, help="acuerdo que los fija")
    fixed.add_argument("--por", required=True, help="usuario que administra y los fija")
    fixed.set_defaults(run=fix)


def run(args: argparse.Namespace) -> int:
    """Print the caps of a formula; 1 where something is missing or wrong, 2 if the table is not there."""
    if args.tabla and not args.tabla.is_file():
        print(f"sif topes: no existe el archivo {args.tabla}. Revise la ruta.", file=sys.stderr)
        return 2
    database.setup_django()
    from sif.registry.cap_formulas import CapInputs, compute_caps

    try:
        read = _read(args)
        given = CapInputs(
            dia=read["dia"],
            importe=read["importe"],
            tabla=args.tabla.read_bytes() if args.tabla else b"",
            dia_antes=read["dia_antes"],
            factor_pb=read["factor"] or 0,
            articulo=args.articulo,
            corte=read["corte"],
            redondeo=args.redondeo,
            minimo_uma=read["minimo_uma"] or 0,
        )
        made = compute_caps(args.formula, given)
    except Refused as refused:
        for problem in refused.problems:
            print(f"{_argument(problem.donde)}: {problem}", file=sys.stderr)
        return 1
    if args.csv:
        sys.stdout.write(made.table().decode())
        return 0
    rows = [
        {"cargo": row.donde[0], "lugar": row.lugar, "tope": str(row.tope).replace(",", ""), "calculo": row.calculo}
        for row in made.filas
    ]
    if args.json:
        print(json.dumps({"base": made.base, "estatus": made.estatus, "topes": rows}, ensure_ascii=False))
        return 0
    for row in rows:
        print(f"{row['cargo']} {row['lugar']}".strip() + f": {row['calculo']}")
    print(f"Fundamento: {made.base} ({made.estatus})")
    if made.federal:
        print(ROUNDED)
    return 0


def fix(args: argparse.Namespace) -> int:
    """Fix the caps of a table, all or none; 1 where one is refused, 2 if the table, the stage or the person is not."""
    if not args.tabla.is_file():
        print(f"sif topes: no existe el archivo {args.tabla}. Revise la ruta.", file=sys.stderr)
        return 2

    def act(by: "Usuario") -> int:
        from sif.registry.topes import fix_topes

        etapa = stage_named("topes", args.proceso, args.etapa)
        if etapa is None:
            return 2
        changed = fix_topes(args.tabla.read_bytes(), etapa, args.acuerdo, by)
        print(f"{changed:,} contabilidades tienen otro tope, por {args.acuerdo}.")
        return 0

    return act_as("topes", args.por, act)


def _read(args: argparse.Namespace) -> dict[str, Any]:
    """Read what is typed, by argument; None where nothing was. Raises Refused with each that says nothing."""
    readers: dict[str, Callable[[str], object]] = {
        **dict.fromkeys(("dia", "dia_antes", "corte"), read_iso_day),
        "importe": Money.parse,
        "factor": _factor,
        "minimo_uma": _umas,
    }
    found, problems = dict[str, Any](), list[Problem]()
    for name, reader in readers.items():
        text = getattr(args, name)
        try:
            found[name] = reader(text) if text or name == "dia" else None
        except Unread as wrong:
            problems.append(wrong.at(name))
    if problems:
        raise Refused(*problems)
    return found


def _factor(text: str) -> int:
    match = _FACTOR.fullmatch(text.strip())
    if match is None:
        seen = f"«{text[:20]}» no es un porcentaje de dos decimales."
        raise Unread(seen, "Escriba por ejemplo 15.5; el 0.15 de la ley se escribe 15.")
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))


def _umas(text: str) -> int:
    if not _UMAS.fullmatch(text.strip()):
        raise Unread(f"«{text[:20]}» no es un número entero de UMA.", "Escriba por ejemplo 4,000.")
    return int(text.replace(",", ""))


def _argument(place: str) -> str:
    """Return a place of the service as it is typed; that of a row stays."""
    if place == "archivo":
        return "--tabla"
    return place if place.startswith("fila") or place == "formula" else "--" + place.replace("_", "-")
