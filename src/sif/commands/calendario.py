"""`sif calendario`: the days of a review, from the end of a stage to the vote of the Consejo General."""

import argparse
import json
import sys
from datetime import date
from typing import Any

from sif.law.calendar import Milestone, UnknownTerm, accord_calendar, load_accords, load_stages, review_calendar

_EXAMPLE = """ejemplos:
  sif calendario --etapa campana --fin 2018-06-27
  sif calendario --etapa campana --fin 2018-06-27 --plazos 3,10,5,10,6,6 --json
  sif calendario --etapa campana --fin 2024-05-29 --plazos 11,5,15,7,3,7 --inicio-revision 2024-06-04
  sif calendario --acuerdo INE/CG502/2023

Con --inicio-revision los plazos se cuentan desde ese día y son oficio, respuesta, dictamen, comisión, presentación al
Consejo y consejo; si son siete, el primero es el del informe."""
_TITLES = {
    "informe": "Informe",
    "oficio": "Oficio de errores y omisiones",
    "respuesta": "Respuesta",
    "dictamen": "Dictamen",
    "comision": "Comisión de Fiscalización",
    "consejo": "Consejo General",
}
_DAYS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")


def register(subparsers: Any) -> None:
    """Add `sif calendario` to the command."""
    parser = subparsers.add_parser(
        "calendario",
        help="calcula los días de la revisión de los informes",
        description="Calcula los seis días de la revisión con los plazos de la ley, los dados o los de un acuerdo.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--etapa", help=f"una de: {', '.join(load_stages())}")
    parser.add_argument("--fin", help="último día de la etapa, AAAA-MM-DD")
    parser.add_argument("--plazos", help="días en lugar de los de la ley, separados por comas: 3,10,5,10,6,6")
    parser.add_argument(
        "--inicio-revision", dest="inicio_revision", help="día desde el que se cuenta el oficio, AAAA-MM-DD"
    )
    parser.add_argument("--acuerdo", help=f"acuerdo que fija los plazos; se conocen {', '.join(load_accords())}")
    parser.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the days of the review; 0, or 2 when the options cannot be read."""
    try:
        milestones = _milestones(args)
    except UnknownTerm as error:
        print(f"sif calendario: {error}", file=sys.stderr)
        return 2
    if args.json:
        shape = {"hitos": [{"hito": m.hito, "fecha": m.fecha.isoformat()} for m in milestones]}
        print(json.dumps(shape, ensure_ascii=False))
        return 0
    width = max(map(len, _TITLES.values()))
    for m in milestones:
        moved = f"  (por ley, {m.movida_de})" if m.movida_de else ""
        print(f"{_TITLES[m.hito]:<{width}}  {_DAYS[m.fecha.weekday()]} {m.fecha}  {m.base}{moved}")
    return 0


def _milestones(args: argparse.Namespace) -> list[Milestone]:
    end = _day(args.fin, "--fin") if args.fin is not None else None
    if args.acuerdo is not None:
        if args.etapa or args.plazos or args.inicio_revision:
            raise UnknownTerm("--acuerdo ya trae etapa, plazos e inicio; dé solo --acuerdo y, si hace falta, --fin.")
        return accord_calendar(args.acuerdo, end)
    if args.etapa is None or end is None:
        raise UnknownTerm("faltan --etapa y --fin, o --acuerdo. Ejemplo: --etapa campana --fin 2018-06-27.")
    start = _day(args.inicio_revision, "--inicio-revision") if args.inicio_revision is not None else None
    if start is not None and start <= end:
        raise UnknownTerm(f"--inicio-revision es {start} y debe ser posterior al fin de la etapa, {end}.")
    return review_calendar(args.etapa, end, _terms(args.plazos), start)


def _day(text: str, option: str) -> date:
    try:
        fecha = date.fromisoformat(text)
    except ValueError:
        raise UnknownTerm(f"{option} es «{text}» y se quiere un día AAAA-MM-DD, por ejemplo 2018-06-27.") from None
    if not 1990 <= fecha.year <= 2100:
        raise UnknownTerm(f"{option} es {text}; se calculan días de 1990 a 2100.")
    return fecha


def _terms(text: str | None) -> list[int] | None:
    if text is None:
        return None
    numbers = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in numbers):
        raise UnknownTerm(
            f"--plazos es «{text}» y se quieren días enteros separados por comas, por ejemplo 3,10,5,10,6,6."
        )
    return [int(part) for part in numbers]
