"""Compute the caps of an election by the formulas of law, each with its arithmetic, as the table that fixes them.

What is computed fixes nothing: its table is loaded as that of any accord (`topes`), which the council approves.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from sif.law import caps
from sif.law.parameters import NotInForce, load_parameters, uma_on
from sif.law.sources import data_path, read_data
from sif.registry.candidaturas import columns_of, plain
from sif.registry.cap_files import Lines, cap_lines
from sif.values import InvalidMoney, Money, Problem, Refused, refusal
from sif.values.cells import csv_writer

BASE = ("BASE", "PADRON", "PADRON ELECTORAL", "DISTRITOS", "TOPE ANTERIOR")
WHERE = ("cargo", "entidad", "distrito", "circunscripcion", "municipio")
WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of a cap: the office that it is of ('': those of its table), the parameter that says its law ('': who
    computes cites it), and what it asks for."""

    cargo: str
    parametro: str
    importe: bool = False
    tabla: bool = False
    dia_antes: bool = False
    factor: bool = False


FORMULAS: Mapping[str, Formula] = {
    "presidencia": Formula("PRESIDENCIA", "tope_presidencia_pb", importe=True),
    "diputacion": Formula("DIPUTACION FEDERAL MR", "tope_diputacion_divisor", importe=True),
    "diputacion_intermedia": Formula("DIPUTACION FEDERAL MR", "uma", importe=True, dia_antes=True),
    "senaduria": Formula("SENADURIA MR", "tope_senaduria_distritos_maximos", importe=True, tabla=True),
    "precampana": Formula("", "tope_precampana_pb", tabla=True),
    "apoyo_ciudadano": Formula("", "tope_apoyo_ciudadano_pb", tabla=True),
    "local": Formula("", "", tabla=True, factor=True),
}


@dataclass(frozen=True, slots=True)
class CapInputs:
    """The inputs of a cap formula: its day, an amount, a table of bases, an earlier day, a local factor with its law.

    dia: the day of the UMA and of the law. importe: public money of campaign, or the cap that the formula starts from.
    dia_antes: the day of the UMA of the earlier cap. factor_pb: the local factor in basis points. articulo: the article
    that sets the local factor.
    """

    dia: date
    importe: Money | None = None
    tabla: bytes = b""
    dia_antes: date | None = None
    factor_pb: int = 0
    articulo: str = ""


@dataclass(frozen=True, slots=True)
class ComputedCap:
    """A cap computed: its office and place as the table of an accord says them, and the arithmetic that gives it."""

    donde: tuple[str, ...]
    tope: Money
    cuenta: str

    @property
    def lugar(self) -> str:
        """The place, or '' for every one of the office."""
        return " ".join(filter(None, self.donde[1:]))


@dataclass(frozen=True, slots=True)
class ComputedCaps:
    """The caps that a formula gives, and what of the law it rests on."""

    filas: tuple[ComputedCap, ...]
    base: str
    estatus: str

    def table(self) -> bytes:
        """Write the table that an accord would bring, to be loaded as it is."""
        words = read_data(data_path(settings.JURISDICTION, "candidaturas.yaml"))["columnas"]
        text = io.StringIO(newline="")
        write = csv_writer(text, ending="\n")
        write([*(words[key][0] for key in WHERE), words["tope"][-1]])
        for row in self.filas:
            write([*row.donde, row.tope])
        return text.getvalue().encode()


def compute_caps(formula: str, given: CapInputs) -> ComputedCaps:
    """Compute the caps of a formula. Raises Refused with each thing that is missing or wrong at its place."""
    kind = FORMULAS.get(formula)
    if kind is None:
        raise refusal("formula", "formula", f"La fórmula «{formula}» no se conoce.", "Elija una de la lista.")
    if problems := [*_lacking(kind, given)]:
        raise Refused(*problems)
    try:
        law = load_parameters(settings.JURISDICTION)[kind.parametro].on(given.dia) if kind.parametro else None
        rows = tuple(_computed(formula, kind, given))
    except NotInForce as unknown:
        raise refusal("dia", "dia", str(unknown), "Escriba el día del acuerdo que fija los topes.") from unknown
    if law is None:
        return ComputedCaps(rows, given.articulo.strip(), "por confirmar")
    return ComputedCaps(rows, law.base, law.estatus)


def _lacking(kind: Formula, given: CapInputs) -> Iterator[Problem]:
    if kind.importe and (given.importe is None or given.importe.centavos <= 0):
        seen = "Falta el importe" if given.importe is None else f"El importe {given.importe} no es positivo"
        yield Problem("importe", "importe", f"{seen} del que parte la fórmula.", "Cópielo del acuerdo que lo fija.")
    if kind.tabla and not given.tabla:
        told = "Falta la tabla de la que parte la fórmula."
        yield Problem("archivo", "archivo", told, "Suba una con CARGO, el lugar y BASE.")
    if kind.dia_antes and given.dia_antes is None:
        told = "Falta el día en que se fijó el tope anterior."
        yield Problem("dia_antes", "dia_antes", told, "Escríbalo: de él sale la UMA de entonces.")
    if kind.factor and not 1 <= given.factor_pb <= 10 * WHOLE:
        told = "El factor no es un porcentaje de 0.01 a 1,000."
        yield Problem("factor", "factor", told, "Escriba el que dice la ley local, por ejemplo 30.")
    if kind.factor and not 1 <= len(given.articulo.strip()) <= 120:
        told = "El factor no dice qué artículo y acuerdo lo fijan."
        yield Problem(
            "articulo", "articulo", told, "Escríbalos en 120 letras o menos, por ejemplo LIPEED 191 e IEPC/CG9/2025."
        )


def _computed(formula: str, kind: Formula, given: CapInputs) -> Iterator[ComputedCap]:
    day, jurisdiction, amount = given.dia, settings.JURISDICTION, given.importe or Money(0)
    if formula == "presidencia":
        rate = load_parameters(jurisdiction)[kind.parametro].on(day).valor
        yield _of(kind.cargo, caps.cap_president(amount, day, jurisdiction), f"{amount} × {_percent(rate)}")
    elif formula == "diputacion":
        parts = load_parameters(jurisdiction)[kind.parametro].on(day).valor
        yield _of(kind.cargo, caps.cap_deputy(amount, day, jurisdiction), f"{amount} ÷ {parts}")
    elif formula == "diputacion_intermedia":
        then, now = uma_on(given.dia_antes or day, jurisdiction), uma_on(day, jurisdiction)
        yield _of(kind.cargo, caps.cap_deputy_midterm(amount, then, now), f"{amount} × {now} ÷ {then}")
    else:
        yield from _of_table(cap_lines(given.tabla), kind, _row_formula(formula, given))


def _of(cargo: str, cap: Money, account: str) -> ComputedCap:
    return ComputedCap((cargo, "", "", "", ""), cap, f"{account} = {cap}")


def _row_formula(formula: str, given: CapInputs) -> Callable[[str], tuple[Money, str]]:
    """Return what computes a cap from the base of a row, with its arithmetic. It raises ValueError and InvalidMoney."""
    day, jurisdiction = given.dia, settings.JURISDICTION
    if formula == "senaduria":
        most = load_parameters(jurisdiction)["tope_senaduria_distritos_maximos"].on(day).valor
        deputy = given.importe or Money(0)

        def by_districts(base: str) -> tuple[Money, str]:
            districts = _whole(base)
            return caps.cap_senator(deputy, districts, day, jurisdiction), f"{deputy} × {min(districts, most)}"

        return by_districts
    if formula == "local":
        uma = uma_on(day, jurisdiction)

        def by_voters(base: str) -> tuple[Money, str]:
            voters = _whole(base)
            cap = caps.cap_local(voters, uma, given.factor_pb)
            return cap, f"{voters:,} × {uma} × {_percent(given.factor_pb)}"

        return by_voters
    part, key = {
        "precampana": (caps.cap_precampaign, "tope_precampana_pb"),
        "apoyo_ciudadano": (caps.cap_citizen_support, "tope_apoyo_ciudadano_pb"),
    }[formula]
    rate = load_parameters(jurisdiction)[key].on(day).valor

    def by_before(base: str) -> tuple[Money, str]:
        before = Money.parse(base)
        if before.centavos <= 0:
            raise ValueError(f"El tope anterior {before} no es positivo.")
        return part(before, day, jurisdiction), f"{before} × {_percent(rate)}"

    return by_before


def _of_table(lines: Lines, kind: Formula, compute: Callable[[str], tuple[Money, str]]) -> Iterator[ComputedCap]:
    words: dict[str, Any] = read_data(data_path(settings.JURISDICTION, "candidaturas.yaml"))["columnas"]
    heads = lines[0][1]
    columns = columns_of(heads, {key: words[key] for key in WHERE} | {"base": [*BASE]})
    missing = [name for name, key in (("CARGO", "cargo"), ("BASE", "base")) if key not in columns]
    if kind.cargo:
        missing = [name for name in missing if name != "CARGO"]
    if missing:
        told = f"Faltan las columnas {', '.join(missing)}."
        raise refusal("columnas", "archivo", told, "Póngales ese nombre en el primer renglón.")
    problems, rows = list[Problem](), list[ComputedCap]()
    seen: dict[tuple[str, ...], int] = {}
    for number, written in lines[1:]:
        cells = {key: " ".join(written[at].split()) if at < len(written) else "" for key, at in columns.items()}
        where = tuple(cells.get(key, "") for key in WHERE)
        where = (kind.cargo or where[0], *where[1:])
        first = seen.setdefault(tuple(map(plain, where)), number)
        if first != number:
            problems.append(
                Problem("repetida", f"fila {number}", f"Ya lo dijo la fila {first}.", "Quite una de las dos.")
            )
            continue
        try:
            cap, account = compute(cells["base"])
        except (ValueError, InvalidMoney) as wrong:
            problems.append(Problem("base", f"fila {number}, BASE", str(wrong), "Cópiela de su fuente."))
            continue
        rows.append(ComputedCap(where, cap, f"{account} = {cap}"))
    if not rows and not problems:
        problems.append(Problem("nada", "archivo", "La tabla no trae ningún renglón.", "Suba otra."))
    if problems:
        raise Refused(*problems)
    yield from rows


def _whole(text: str) -> int:
    digits = text.replace(",", "")
    if not digits.isascii() or not digits.isdigit() or not 1 <= len(digits) <= 9 or not int(digits):
        raise ValueError(f"«{text[:20]}» no es un número entero de uno o más.")
    return int(digits)


def _percent(basis_points: int) -> str:
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d} %" if rest else f"{whole} %"
