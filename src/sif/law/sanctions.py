"""Arithmetic of sanctions, and the criterion by conduct that was in force on a day [LGIPE 456, LGIPE 458.5]."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, Literal, cast

from sif.law.articles import Supuestos, read_supuestos
from sif.law.offenders import WHOLE, SanctionForm, Terms
from sif.law.parameters import NotInForce
from sif.law.sources import LawDataError, data_path, day, only_keys, read_data, status
from sif.values import Money, Span

Forma = Literal["amonestacion", "multa", "un_tanto_igual", "reduccion", "vista"]
Modo = Literal["porcentaje", "umas_por_unidad"]
FORMA_WORDS: dict[str, str] = {
    "amonestacion": "amonestación pública",
    "multa": "multa",
    "un_tanto_igual": "multa de un tanto igual al exceso",
    "reduccion": "reducción de ministraciones",
    "vista": "vista a quien decide",
}
_HEAD = frozenset({"conducta", "gravedad", "valores"})
_HEAD_OPTIONAL = frozenset({"exceso"})
_SPAN = frozenset({"desde", "hasta", "modo", "valor", "base", "estatus"})
_SPAN_OPTIONAL = frozenset({"casos", "articulo", "cita", "habla_de"})


@dataclass(frozen=True, slots=True)
class SancionCalculada:
    """A computed sanction. umas: whole UMA it is worth; trabajo: the steps, a sentence each, as printed.

    articulo: the fraction that lets it be imposed, and estatus how sure its words are; maximo: the most in pesos that
    the form admits, or None where it has no such limit; sobrante: what passes it and nobody may be made to pay.
    """

    sancion: Money
    forma: Forma
    umas: int
    trabajo: tuple[str, ...]
    articulo: str
    estatus: str
    maximo: Money | None
    sobrante: Money


@dataclass(frozen=True, slots=True)
class Reduccion:
    """A reduction of the ministración, spread over months.

    cuota: the amount of each month. ultima: the rest, taken in the last month. espera: the reduction begins when the
    reductions that already take half of the ministración end.
    """

    porcentaje_pb: int
    cuota: Money
    meses: int
    ultima: Money
    espera: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """The criterion that sanctions a conduct in a span.

    valor: basis points of the amount, or UMA per unit, by `modo`. casos: rows of real sanctions that the criterion
    reproduces, which confirm nothing. habla_de: the cases that `cita` covers. exceso: the kind of excess that the
    amount is, if any. etapas: the kinds of stage in which the amount is such an excess, () for all.
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
    exceso: str = ""
    etapas: tuple[str, ...] = ()

    def excess_in(self, etapa: str) -> str:
        """Return the excess that its amount is in a kind of stage, or ''."""
        return self.exceso if not self.etapas or etapa in self.etapas else ""


def _percent(basis_points: int) -> str:
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)


def sanction_on_amount(monto: Money, porcentaje_pb: int, terms: Terms) -> SancionCalculada:
    """Return a share of the amount involved, in the form that the letter of the person admits.

    «Un tanto igual» to the centavo where the amount is an excess that its letter names; a reprimand under one UMA; a
    fine in whole UMA, truncated, up to the maximum; above it the exact amount where ministraciones can be reduced, and
    for everybody else the maximum. porcentaje_pb in basis points (100 % = 10,000). The exact amount is rounded half up
    to the centavo. Raises ValueError on negative input, NotInForce where the words of that day are not known.
    Reproduces the sanctions of the federal campaign of 2024 within one centavo.
    """
    if monto.centavos < 0 or porcentaje_pb < 0:
        raise ValueError("El monto y el porcentaje no pueden ser negativos.")
    equal = terms.clase.form("un_tanto_igual", terms.fecha) if monto else None
    if equal is not None and terms.exceso in equal.de:
        return _equal(monto, equal, terms)
    product = monto.centavos * porcentaje_pb  # centavos times 10,000: exact
    share, umas = monto.portion(porcentaje_pb), product // (terms.uma.centavos * WHOLE)
    steps = [f"{monto} × {_percent(porcentaje_pb)} % = {share}"]
    if not umas:
        return _reprimand(share, steps, terms)
    fine = terms.clase.must("multa", terms.fecha)
    limit = terms.largest(fine)
    if product > limit * terms.uma.centavos * WHOLE:
        return _above(share, umas, steps, terms)
    top = terms.uma * limit
    steps += _relapse(fine, terms)
    steps.append(f"{share} no supera {limit:,} UMA de {terms.uma} ({top}): multa en UMA enteras, truncadas.")
    steps.append(f"{share} ÷ {terms.uma} = {umas:,} UMA enteras")
    steps.append(f"{umas:,} UMA × {terms.uma} = {terms.uma * umas}")
    return _made(fine, terms.uma * umas, umas, steps, terms, top)


def sanction_on_units(unidades: int, umas_por_unidad: int, terms: Terms) -> SancionCalculada:
    """Return a fixed number of UMA for each unit (event, receipt, formal fault). Raises as `sanction_on_amount`."""
    if unidades < 0 or umas_por_unidad < 0:
        raise ValueError("Las unidades y las UMA no pueden ser negativas.")
    umas = unidades * umas_por_unidad
    amount = terms.uma * umas
    steps = [f"{unidades:,} × {umas_por_unidad:,} UMA = {umas:,} UMA", f"{umas:,} UMA × {terms.uma} = {amount}"]
    if not umas:
        return _reprimand(amount, steps, terms)
    fine = terms.clase.must("multa", terms.fecha)
    limit = terms.largest(fine)
    if umas > limit:
        return _above(amount, umas, steps, terms)
    steps += _relapse(fine, terms)
    steps.append(f"{umas:,} UMA no superan {limit:,} UMA: multa.")
    return _made(fine, amount, umas, steps, terms, terms.uma * limit)


def _equal(monto: Money, form: SanctionForm, terms: Terms) -> SancionCalculada:
    """As much as the exceeded amount, to the centavo and in no UMA; up to its double on recidivism."""
    top = monto.portion(form.reincidencia) if terms.reincidente else monto
    steps = [f"Un tanto igual al exceso de {monto}: {monto}, sin convertirlo a UMA."]
    if terms.reincidente:
        steps.append(f"Reincide: hasta el {_percent(form.reincidencia)} % de lo anterior, que se propone: {top}.")
    return _made(form, top, top.centavos // terms.uma.centavos, steps, terms, top)


def _reprimand(share: Money, steps: list[str], terms: Terms) -> SancionCalculada:
    """No fine of zero: what is under one UMA ends in a public reprimand."""
    form = terms.clase.must("amonestacion", terms.fecha)
    steps.append(f"{share} no alcanza una UMA de {terms.uma}: no hay multa que imponer y procede amonestación pública.")
    return _made(form, Money(0), 0, steps, terms, None)


def _above(share: Money, umas: int, steps: list[str], terms: Terms) -> SancionCalculada:
    """Over the largest fine: what is reduced of the ministraciones, or that fine where there is nothing to reduce."""
    fine, reduction = terms.clase.must("multa", terms.fecha), terms.clase.form("reduccion", terms.fecha)
    limit = terms.largest(fine)
    top = terms.uma * limit
    steps += _relapse(fine, terms)
    if reduction is not None:
        steps.append(f"{share} supera {limit:,} UMA de {terms.uma} ({top}): se impone el importe exacto.")
        return _made(reduction, share, umas, steps, terms, None)
    rest = Money(share.centavos - top.centavos)
    steps.append(f"{share} supera {limit:,} UMA de {terms.uma} ({top}), la multa máxima: se impone {top}.")
    steps.append(f"No hay ministraciones que reducirle: {rest} no puede sancionarse.")
    return _made(fine, top, limit, steps, terms, top, rest)


def _relapse(fine: SanctionForm, terms: Terms) -> list[str]:
    """Say what recidivism does to the largest fine of that person; nothing where nobody relapsed."""
    if not terms.reincidente:
        return []
    if fine.reincidencia == WHOLE:
        return [f"Reincide: {fine.articulo} no aumenta por eso la multa máxima, de {fine.maximo:,} UMA."]
    return [f"Reincide: la multa máxima sube de {fine.maximo:,} a {terms.largest(fine):,} UMA."]


def _made(
    form: SanctionForm,
    sancion: Money,
    umas: int,
    steps: list[str],
    terms: Terms,
    maximo: Money | None,
    sobrante: Money = Money(0),  # noqa: B008 - immutable
) -> SancionCalculada:
    span = form.on(terms.fecha)
    sure, forma = span.estatus if span else "", cast("Forma", form.forma)
    return SancionCalculada(sancion, forma, umas, tuple(steps), form.articulo, sure, maximo, sobrante)


def reduce_monthly(
    total: Money, ministracion: Money, terms: Terms, porcentaje_pb: int | None = None, en_curso_pb: int = 0
) -> Reduccion:
    """Spread a reduction over months: a share of each ministración, up to the half of it [LGIPE 456.1.a.III].

    The share that the data propose unless told, or what those that run (en_curso_pb) leave of the half; where they
    leave nothing, it waits for them. Raises ValueError for a share out of the law or nothing to take it of.
    """
    form = terms.clase.must("reduccion", terms.fecha)
    left = form.maximo - en_curso_pb
    proposed = min(form.propuesta, left) if left > 0 else form.propuesta
    share = proposed if porcentaje_pb is None else porcentaje_pb
    if not 0 < share <= form.maximo:
        raise ValueError(
            f"Se pidió reducir {_percent(share)} % de cada ministración y la ley admite hasta "
            f"{_percent(form.maximo)} % ({form.articulo}). Pida más de cero y no más que eso."
        )
    each = ministracion.centavos * share // WHOLE
    if each <= 0:
        raise ValueError(f"De una ministración de {ministracion} no hay nada que reducir. Escriba la mensual en pesos.")
    months = -(-total.centavos // each)
    return Reduccion(share, Money(each), months, Money(total.centavos - each * (months - 1)), left <= 0)


def forma_text(forma: str) -> str:
    """Return the form of the sanction as people read it."""
    return FORMA_WORDS[forma]


def imposed_text(forma: str, amount: str) -> str:
    """Return the imposed sanction in words: its form with the amount, or the form alone where nothing is paid."""
    return FORMA_WORDS[forma] if forma in ("amonestacion", "vista") else f"{FORMA_WORDS[forma]} de {amount}"


def split_by_share(total: Money, shares: Mapping[str, int]) -> dict[str, Money]:
    """Return a coalition's sanction by member: total times its share (basis points), without centavos.

    The pesos lost in truncating are charged to nobody, as in the official split of Coahuila 2017 (1,366,582 gives
    1,366,581). ValueError when the shares do not add up to 100 %.
    """
    added = sum(shares.values())
    if added != WHOLE or any(share < 0 for share in shares.values()):
        raise ValueError(f"Las participaciones suman {_percent(added)} % y deben sumar 100 %. Revise el convenio.")
    return {member: Money(total.centavos * share // (WHOLE * 100) * 100) for member, share in shares.items()}


def _criterion(clave: str, head: dict[str, Any], row: object, where: str) -> Criterion:
    row = only_keys(row, _SPAN, _SPAN_OPTIONAL, where)
    if row["modo"] not in ("porcentaje", "umas_por_unidad"):
        raise LawDataError(f"{where}: el modo «{row['modo']}» no se conoce; es porcentaje o umas_por_unidad.")
    sure = status(row["estatus"], where)
    if sure == "confirmado" and not row.get("cita"):
        raise LawDataError(f"{where}: dice confirmado sin las palabras de la ley que lo dicen (cita).")
    excess = only_keys(head.get("exceso") or {"de": ""}, frozenset({"de"}), frozenset({"etapas"}), where)
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
        exceso=excess.get("de", ""),
        etapas=tuple(excess.get("etapas", ())),
    )


@cache
def _criteria(jurisdiction: str) -> dict[str, tuple[Criterion, ...]]:
    found: dict[str, tuple[Criterion, ...]] = {}
    for clave, raw in read_data(data_path(jurisdiction, "law", "criteria.yaml")).items():
        where = f"criteria.yaml, {clave}"
        head = only_keys(raw, _HEAD, _HEAD_OPTIONAL, where)
        rows = [_criterion(clave, head, row, f"{where}, valor {n}") for n, row in enumerate(head["valores"], 1)]
        for before, after in pairwise(rows):
            if before.hasta != after.desde:
                raise LawDataError(f"{where}: entre {before.hasta} y {after.desde} hay hueco o traslape.")
        found[clave] = tuple(rows)
    return found


def load_criteria(jurisdiction: str) -> dict[str, list[Criterion]]:
    """Return every criterion with its history, by key of the conduct (the `sanction:` of a rule)."""
    return {clave: list(rows) for clave, rows in _criteria(jurisdiction).items()}


def criterion_on(clave: str, fecha: date, jurisdiction: str) -> Criterion:
    """Return the criterion in force that day; raises KeyError (unknown conduct) or NotInForce."""
    rows = _criteria(jurisdiction)[clave]
    for row in rows:
        if fecha in Span(row.desde, row.hasta):
            return row
    raise NotInForce(
        f"No hay criterio de «{clave}» para el {fecha}; el primero que se conoce rige desde {rows[0].desde}."
    )


def sanction_by_criterion(criterion: Criterion, monto: Money, unidades: int, terms: Terms) -> SancionCalculada:
    """Apply a criterion to what was found: the amount if it is a percentage, the units if it is UMA each.

    Nothing is imposed for a fault of another person than the subject: who decides on that person is told.
    """
    if terms.ajena:
        return _made(terms.clase.must("vista", terms.fecha), Money(0), 0, [terms.ajena], terms, None)
    if criterion.modo == "porcentaje":
        return sanction_on_amount(monto, criterion.valor, terms)
    return sanction_on_units(unidades, criterion.valor, terms)
