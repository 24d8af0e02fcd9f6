"""Arithmetic of sanctions, and the criterion by conduct that was in force on a day [LGIPE 456, LGIPE 458.5]."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from sif.law.articles import Supuestos, read_supuestos
from sif.law.parameters import NotInForce, load_parameters
from sif.law.sources import LawDataError, data_path, day, only_keys, read_data, status
from sif.values import Money, Span

Forma = Literal["multa", "reduccion"]
Modo = Literal["porcentaje", "umas_por_unidad"]
_HEAD = frozenset({"conducta", "gravedad", "valores"})
_SPAN = frozenset({"desde", "hasta", "modo", "valor", "base", "estatus"})
_SPAN_OPTIONAL = frozenset({"casos", "articulo", "cita", "habla_de"})
_WHOLE = 10_000  # basis points in 100 %


@dataclass(frozen=True, slots=True)
class SancionCalculada:
    """A computed sanction. umas: whole UMA it is worth; trabajo: the steps, a sentence each, as printed."""

    sancion: Money
    forma: Forma
    umas: int
    trabajo: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """How a conduct is sanctioned in a span. valor: basis points of the amount, or UMA per unit, as modo says.

    casos: rows of real sanctions that it reproduces, which confirm nothing. habla_de: the cases of which cita speaks.
    """

    clave: str
    conducta: str
    modo: Modo
    valor: int
    base: str
    estatus: str
    desde: date
    hasta: date | None
    gravedad: str
    casos: tuple[int, ...] = ()
    articulo: str = ""
    cita: str = ""
    habla_de: Supuestos | None = None


def _limit(limite_umas: int | None) -> int:
    if limite_umas is not None:
        return limite_umas
    return load_parameters()["multa_maxima_partido_uma"].valores[-1].valor


def _percent(basis_points: int) -> str:
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)


def sanction_on_amount(
    monto: Money, porcentaje_pb: int, uma: Money, limite_umas: int | None = None
) -> SancionCalculada:
    """A share of the amount involved: up to the limit a fine in whole UMA, truncated; above it the exact amount.

    porcentaje_pb in basis points (100 % = 10,000). limite_umas defaults to the party's maximum fine, 10,000 UMA
    [LGIPE 456.1.a.II]; give 5,000 for candidates. The exact amount is rounded half up to the centavo. ValueError on
    negative input. Reproduces the sanctions of the federal campaign of 2024 within one centavo.
    """
    if monto.centavos < 0 or porcentaje_pb < 0 or uma.centavos <= 0:
        raise ValueError("El monto y el porcentaje no pueden ser negativos y la UMA debe ser mayor que cero.")
    limit = _limit(limite_umas)
    product = monto.centavos * porcentaje_pb  # centavos times 10,000: exact
    umas = product // (uma.centavos * _WHOLE)
    share = monto.portion(porcentaje_pb)
    steps = [f"{monto} × {_percent(porcentaje_pb)} % = {share}"]
    if product > limit * uma.centavos * _WHOLE:
        steps.append(f"{share} supera {limit:,} UMA de {uma} ({uma * limit}): se impone el importe exacto.")
        return SancionCalculada(share, "reduccion", umas, tuple(steps))
    steps.append(f"{share} no supera {limit:,} UMA de {uma} ({uma * limit}): multa en UMA enteras, truncadas.")
    steps.append(f"{share} ÷ {uma} = {umas:,} UMA enteras")
    steps.append(f"{umas:,} UMA × {uma} = {uma * umas}")
    return SancionCalculada(uma * umas, "multa", umas, tuple(steps))


def sanction_on_units(
    unidades: int, umas_por_unidad: int, uma: Money, limite_umas: int | None = None
) -> SancionCalculada:
    """A fixed number of UMA for each unit (event, receipt, formal fault). ValueError on negative input."""
    if unidades < 0 or umas_por_unidad < 0 or uma.centavos <= 0:
        raise ValueError("Las unidades y las UMA no pueden ser negativas y la UMA debe ser mayor que cero.")
    limit, umas = _limit(limite_umas), unidades * umas_por_unidad
    forma: Forma = "reduccion" if umas > limit else "multa"
    steps = [
        f"{unidades:,} × {umas_por_unidad:,} UMA = {umas:,} UMA",
        f"{umas:,} UMA × {uma} = {uma * umas}",
        f"{umas:,} UMA {'superan' if forma == 'reduccion' else 'no superan'} {limit:,} UMA: {forma_text(forma)}.",
    ]
    return SancionCalculada(uma * umas, forma, umas, tuple(steps))


def forma_text(forma: Forma) -> str:
    """The form of the sanction as people read it."""
    return "multa" if forma == "multa" else "reducción de ministraciones"


def split_by_share(total: Money, shares: Mapping[str, int]) -> dict[str, Money]:
    """A coalition's sanction by member: total times its share (basis points), without centavos.

    The pesos lost in truncating are charged to nobody, as in the official split of Coahuila 2017 (1,366,582 gives
    1,366,581). ValueError when the shares do not add up to 100 %.
    """
    added = sum(shares.values())
    if added != _WHOLE or any(share < 0 for share in shares.values()):
        raise ValueError(f"Las participaciones suman {_percent(added)} % y deben sumar 100 %. Revise el convenio.")
    return {member: Money(total.centavos * share // (_WHOLE * 100) * 100) for member, share in shares.items()}


def _criterion(clave: str, head: dict[str, Any], row: Any, where: str) -> Criterion:
    row = only_keys(row, _SPAN, _SPAN_OPTIONAL, where)
    if row["modo"] not in ("porcentaje", "umas_por_unidad"):
        raise LawDataError(f"{where}: el modo «{row['modo']}» no se conoce; es porcentaje o umas_por_unidad.")
    sure = status(row["estatus"], where)
    if sure == "confirmado" and not row.get("cita"):
        raise LawDataError(f"{where}: dice confirmado sin las palabras de la ley que lo dicen (cita).")
    return Criterion(
        clave=clave,
        conducta=head["conducta"],
        modo=row["modo"],
        valor=int(row["valor"]),
        base=row["base"],
        estatus=sure,
        desde=day(row["desde"], where),
        hasta=None if row["hasta"] is None else day(row["hasta"], where),
        gravedad=head["gravedad"],
        casos=tuple(row.get("casos") or ()),
        articulo=row.get("articulo", ""),
        cita=row.get("cita", ""),
        habla_de=read_supuestos(row["habla_de"], where) if "habla_de" in row else None,
    )


@cache
def _criteria(jurisdiction: str) -> dict[str, tuple[Criterion, ...]]:
    found: dict[str, tuple[Criterion, ...]] = {}
    for clave, raw in read_data(data_path(jurisdiction, "law", "criteria.yaml")).items():
        where = f"criteria.yaml, {clave}"
        head = only_keys(raw, _HEAD, frozenset(), where)
        rows = [_criterion(clave, head, row, f"{where}, valor {n}") for n, row in enumerate(head["valores"], 1)]
        for before, after in pairwise(rows):
            if before.hasta != after.desde:
                raise LawDataError(f"{where}: entre {before.hasta} y {after.desde} hay hueco o traslape.")
        found[clave] = tuple(rows)
    return found


def load_criteria(jurisdiction: str = "mx") -> dict[str, list[Criterion]]:
    """Every criterion with its history, by key of the conduct (the `sanction:` of a rule)."""
    return {clave: list(rows) for clave, rows in _criteria(jurisdiction).items()}


def criterion_on(clave: str, fecha: date, jurisdiction: str = "mx") -> Criterion:
    """The criterion in force that day; raises KeyError (unknown conduct) or NotInForce."""
    rows = _criteria(jurisdiction)[clave]
    for row in rows:
        if fecha in Span(row.desde, row.hasta):
            return row
    raise NotInForce(
        f"No hay criterio de «{clave}» para el {fecha}; el primero que se conoce rige desde {rows[0].desde}."
    )


def sanction_by_criterion(
    criterion: Criterion, monto: Money, unidades: int, uma: Money, limite_umas: int | None = None
) -> SancionCalculada:
    """Apply a criterion to what was found: the amount if it is a percentage, the units if it is UMA each."""
    if criterion.modo == "porcentaje":
        return sanction_on_amount(monto, criterion.valor, uma, limite_umas)
    return sanction_on_units(unidades, criterion.valor, uma, limite_umas)
