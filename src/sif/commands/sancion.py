"""`sif sancion`: the arithmetic of a sanction, shown step by step."""

import argparse
import json
import sys
from decimal import Decimal, InvalidOperation
from typing import Any

from sif.law.parameters import NotInForce, uma_of_year
from sif.law.sanctions import SancionCalculada, forma_text, sanction_on_amount, sanction_on_units
from sif.values import InvalidMoney, Money

_EXAMPLE = """ejemplos:
  sif sancion --monto 466832.53 --porcentaje 100 --anio 2024
  sif sancion --unidades 71 --umas 200 --anio 2024 --json"""


class _Refused(ValueError):
    """The options do not make a sanction; the message says what was seen and what is wanted."""


def register(subparsers: Any) -> None:
    """Add `sif sancion` to the command."""
    parser = subparsers.add_parser(
        "sancion",
        help="calcula una sanción y muestra su trabajo",
        description="Calcula una sanción sobre un monto o por unidades. Hasta el máximo de multa se trunca a UMA "
        "enteras; por encima es el importe exacto (LGIPE 456.1.a).",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--monto", help="monto involucrado en pesos, por ejemplo 466832.53")
    parser.add_argument("--porcentaje", help="porcentaje del monto, con hasta dos decimales, por ejemplo 2.5")
    parser.add_argument("--unidades", help="número de eventos, recibos o faltas, por ejemplo 71")
    parser.add_argument("--umas", help="UMA por cada unidad, por ejemplo 200")
    parser.add_argument("--anio", required=True, help="año de la UMA, por ejemplo 2024")
    parser.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the sanction; 0, or 2 when the options cannot be read."""
    try:
        result = _computed(args)
    except (_Refused, InvalidMoney, NotInForce) as error:
        print(f"sif sancion: {error}", file=sys.stderr)
        return 2
    if args.json:
        shape = {
            "sancion": result.sancion.plain(),
            "forma": result.forma,
            "umas": result.umas,
            "trabajo": list(result.trabajo),
        }
        print(json.dumps(shape, ensure_ascii=False))
        return 0
    print(f"Sanción   {result.sancion} pesos")
    print(f"Forma     {forma_text(result.forma)}")
    print(f"UMA       {result.umas:,}")
    print("Trabajo")
    for step in result.trabajo:
        print(f"  {step}")
    return 0


def _computed(args: argparse.Namespace) -> SancionCalculada:
    on_amount = [args.monto, args.porcentaje]
    on_units = [args.unidades, args.umas]
    uma = uma_of_year(_whole(args.anio, "--anio", "un año, por ejemplo 2024"))
    if all(value is not None for value in on_amount) and on_units == [None, None]:
        monto = Money.parse(args.monto)
        if monto.centavos < 0:
            raise _Refused(f"--monto es {args.monto} y no puede ser negativo. Escriba el monto involucrado.")
        return sanction_on_amount(monto, _basis_points(args.porcentaje), uma)
    if all(value is not None for value in on_units) and on_amount == [None, None]:
        unidades = _whole(args.unidades, "--unidades", "un entero de cero o más")
        return sanction_on_units(unidades, _whole(args.umas, "--umas", "un entero de cero o más"), uma)
    raise _Refused("dé --monto y --porcentaje, o bien --unidades y --umas; no se mezclan ni van solos.")


def _whole(text: str, option: str, wanted: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise _Refused(f"{option} es «{text}» y se quiere {wanted}.")
    return int(text)


def _basis_points(text: str) -> int:
    """Percent with up to two decimals as basis points: 2.5 is 250."""
    try:
        scaled = Decimal(text.strip().removesuffix("%")) * 100
    except InvalidOperation:
        scaled = Decimal("NaN")
    if not scaled.is_finite() or scaled != scaled.to_integral_value() or not 0 <= scaled <= 1_000_000:
        raise _Refused(f"--porcentaje es «{text}» y se quiere un número de 0 a 10000 con hasta dos decimales.")
    return int(scaled)
