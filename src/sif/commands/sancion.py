"""`sif sancion`: the arithmetic of a sanction by kind of person, shown step by step."""

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, Overflow

from sif.commands.arguments import Subparsers
from sif.commands.environment import jurisdiction
from sif.law.offenders import WHOLE, Terms, Vista, load_sanction_law
from sif.law.parameters import NotInForce, uma_of_year, uma_on
from sif.law.sanctions import (
    Reduccion,
    SancionCalculada,
    forma_text,
    reduce_monthly,
    sanction_on_amount,
    sanction_on_units,
)
from sif.values import InvalidMoney, Money, read_exact, read_iso_day

_EXAMPLE = """ejemplos:
  sif sancion --monto 466832.53 --porcentaje 100 --anio 2024
  sif sancion --unidades 71 --umas 200 --anio 2024 --json
  sif sancion --sujeto independiente --monto 2000000 --porcentaje 100 --fecha 2024-05-12
  sif sancion --exceso --reincidente --monto 50000 --fecha 2024-05-29
  sif sancion --monto 10998406.91 --porcentaje 100 --anio 2024 --ministracion 6000000

la UMA es la del año (--anio) o la del día de la falta (--fecha). lo que no alcanza una UMA termina en amonestación
pública; arriba de la multa máxima sólo a un partido se le reduce su ministración. termina con 0, o con 2 si algo de
lo pedido no se entiende."""
_EXCESS, _CONDUCT = "tope_campana", "rebase_tope"  # what --exceso says that the amount is


class _Refused(ValueError):
    """The options do not make a sanction; the message says what was seen and what is wanted."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """The printed result: the sanction, the reduction by month where there is one, and the vistas that go with it."""

    calculada: SancionCalculada
    reduccion: Reduccion | None
    vistas: tuple[Vista, ...]


def register(subparsers: Subparsers) -> None:
    """Add `sif sancion` to the command."""
    kinds = load_sanction_law(jurisdiction()).clases
    parser = subparsers.add_parser(
        "sancion",
        help="calcula una sanción y muestra su trabajo",
        description="Calcula una sanción sobre un monto o por unidades, según la clase de persona (LGIPE 456.1).",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sujeto", choices=tuple(kinds), default="partido", help="clase de persona (partido)")
    parser.add_argument("--monto", help="monto involucrado en pesos, por ejemplo 466832.53")
    parser.add_argument("--porcentaje", help="porcentaje del monto, con hasta dos decimales, por ejemplo 2.5")
    parser.add_argument("--unidades", help="número de eventos, recibos o faltas, por ejemplo 71")
    parser.add_argument("--umas", help="UMA por cada unidad, por ejemplo 200")
    parser.add_argument(
        "--exceso",
        action="store_true",
        help="el monto es lo excedido de un tope o de un límite de simpatizantes o candidaturas",
    )
    parser.add_argument("--reincidente", action="store_true", help="ya se sancionó a esa persona por la misma conducta")
    parser.add_argument("--anio", help="año de la UMA, por ejemplo 2024")
    parser.add_argument("--fecha", help="día de la falta, AAAA-MM-DD: de él son la UMA y el texto de la ley")
    parser.add_argument("--ministracion", help="ministración mensual del partido en pesos, para una reducción")
    parser.add_argument("--mensual", help="porcentaje de cada ministración que se reduce, hasta 50 (25)")
    parser.add_argument("--json", action="store_true", help="imprime solo el resultado en JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the sanction; 0, or 2 when the options cannot be read."""
    try:
        answer = _answered(args)
    except (_Refused, InvalidMoney, NotInForce) as error:
        print(f"sif sancion: {error}", file=sys.stderr)
        return 2
    if args.json:
        print(json.dumps(_shape(answer), ensure_ascii=False))
        return 0
    found = answer.calculada
    print(f"Sanción   {found.sancion} pesos")
    print(f"Forma     {forma_text(found.forma)}")
    print(f"Artículo  {found.articulo}{'' if found.estatus == 'confirmado' else f' ({found.estatus})'}")
    print(f"Máximo    {'sin máximo en pesos' if found.maximo is None else f'{found.maximo} pesos'}")
    print(f"UMA       {found.umas:,}")
    if answer.reduccion is not None:
        print(f"Reducción {_percent(answer.reduccion.porcentaje_pb)} % mensual, {_months(answer.reduccion)}")
    for vista in answer.vistas:
        print(f"Vista     {vista.consecuencia} ({vista.articulo}); lo decide el {vista.decide}")
    print("Trabajo")
    for step in found.trabajo:
        print(f"  {step}")
    return 0


def _shape(answer: _Answer) -> dict[str, object]:
    found = answer.calculada
    shape: dict[str, object] = {
        "sancion": found.sancion.plain(),
        "forma": found.forma,
        "umas": found.umas,
        "trabajo": list(found.trabajo),
        "maximo": None if found.maximo is None else found.maximo.plain(),
        "articulo": found.articulo,
    }
    if answer.reduccion is not None:
        shape["porcentaje_mensual"] = _percent(answer.reduccion.porcentaje_pb)
        shape["meses"] = answer.reduccion.meses
    if answer.vistas:
        shape["vistas"] = [
            {"consecuencia": each.consecuencia, "articulo": each.articulo, "decide": each.decide}
            for each in answer.vistas
        ]
    return shape


def _percent(basis_points: int) -> int | float:
    """Basis points as a number of JSON: 2500 is 25 and 1250 is 12.5."""
    return basis_points // 100 if basis_points % 100 == 0 else basis_points / 100


def _months(found: Reduccion) -> str:
    if found.meses == 1:
        return f"un mes de {found.ultima}"
    return f"{found.meses} meses: {found.meses - 1} de {found.cuota} y el último de {found.ultima}"


def _answered(args: argparse.Namespace) -> _Answer:
    terms = _terms(args)
    found = _computed(args, terms)
    vistas = tuple(
        row
        for row in load_sanction_law(jurisdiction()).vistas
        if args.exceso
        and (row.conducta, row.persona) == (_CONDUCT, args.sujeto)
        and any(terms.fecha in span for span in row.lapsos)
    )
    return _Answer(found, _reduced(args, found, terms), vistas)


def _terms(args: argparse.Namespace) -> Terms:
    """Return the law and the UMA of the day of the fault, or those of the first day of the UMA of a year."""
    if args.fecha is None:
        if args.anio is None:
            raise _Refused("falta de cuándo es la UMA: dé --anio 2024, o --fecha 2024-05-12 si conoce el día.")
        year = _whole(args.anio, "--anio", "un año, por ejemplo 2024")
        uma = uma_of_year(year, jurisdiction())
        fecha = date(year, 2, 1)
    else:
        fecha = _day(args.fecha)
        uma = uma_on(fecha, jurisdiction())
        if args.anio is not None and args.anio != str(fecha.year):
            raise _Refused(f"--anio es «{args.anio}» y --fecha es de {fecha.year}. Dé uno de los dos.")
    kind = load_sanction_law(jurisdiction()).clases[args.sujeto]
    return Terms(kind, fecha, uma, _EXCESS if args.exceso else "", args.reincidente)


def _computed(args: argparse.Namespace, terms: Terms) -> SancionCalculada:
    on_units = [args.unidades, args.umas]
    if args.monto is not None and on_units == [None, None] and (args.porcentaje is not None or args.exceso):
        monto = Money.parse(args.monto)
        if monto.centavos < 0:
            raise _Refused(f"--monto es {args.monto} y no puede ser negativo. Escriba el monto involucrado.")
        share = WHOLE if args.porcentaje is None else _basis_points(args.porcentaje, "--porcentaje", 10_000)
        found = sanction_on_amount(monto, share, terms)
        if found.forma == "un_tanto_igual" and share != WHOLE:
            raise _Refused(f"--porcentaje es «{args.porcentaje}» y el exceso se sanciona con un tanto igual: 100.")
        return found
    if all(value is not None for value in on_units) and args.monto is None and args.porcentaje is None:
        if args.exceso:
            raise _Refused("--exceso va con --monto, que es lo que se excedió; con --unidades no hay exceso.")
        unidades = _whole(args.unidades, "--unidades", "un entero de cero o más")
        return sanction_on_units(unidades, _whole(args.umas, "--umas", "un entero de cero o más"), terms)
    raise _Refused("dé --monto y --porcentaje, o bien --unidades y --umas; no se mezclan ni van solos.")


def _reduced(args: argparse.Namespace, found: SancionCalculada, terms: Terms) -> Reduccion | None:
    if args.ministracion is None:
        if args.mensual is not None:
            raise _Refused("--mensual dice qué parte de --ministracion se reduce; falta --ministracion.")
        return None
    monthly = Money.parse(args.ministracion)
    share = None if args.mensual is None else _basis_points(args.mensual, "--mensual", 100)
    if found.forma != "reduccion":
        return None
    try:
        return reduce_monthly(found.sancion, monthly, terms, share)
    except ValueError as error:
        raise _Refused(str(error)) from error


def _day(text: str) -> date:
    try:
        return read_iso_day(text)
    except ValueError:
        raise _Refused(f"--fecha es «{text}» y se quiere un día AAAA-MM-DD, por ejemplo 2024-05-12.") from None


def _whole(text: str, option: str, wanted: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise _Refused(f"{option} es «{text}» y se quiere {wanted}.")
    return int(text)


def _basis_points(text: str, option: str, most: int) -> int:
    """Percent with up to two decimals as basis points: 2.5 is 250."""
    try:
        scaled = read_exact(text.strip().removesuffix("%")) * 100
    except (InvalidMoney, Overflow):
        scaled = Decimal("NaN")
    if not scaled.is_finite() or scaled != scaled.to_integral_value() or not 0 <= scaled <= most * 100:
        raise _Refused(f"{option} es «{text}» y se quiere un número de 0 a {most} con hasta dos decimales.")
    return int(scaled)
