"""Compute sanctions from unattended conclusions, by the criterion and UMA of the day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings

from sif.law.parameters import NotInForce, uma_on, value_on
from sif.law.sanctions import (
    Criterion,
    SancionCalculada,
    criterion_on,
    sanction_by_criterion,
    sanction_on_units,
    split_by_share,
)
from sif.proceedings.machine import ActRefused, acts
from sif.proceedings.models import Conclusion, Dictamen, Sancion
from sif.registry.models import SujetoObligado
from sif.values import Money, Problem


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The sanction of one conclusion before it is written: its criterion, the units it counts and the arithmetic."""

    conclusion: Conclusion
    criterion: Criterion
    unidades: int
    uma: Money
    calculada: SancionCalculada

    def row_fields(self) -> dict[str, object]:
        """The fields of its `Sancion`, centavos and basis points."""
        by_amount = self.criterion.modo == "porcentaje"
        return {
            "conclusion": self.conclusion,
            "criterio": self.criterion.clave,
            "monto_involucrado": self.conclusion.monto_no_atendido,
            "porcentaje_pb": self.criterion.valor if by_amount else None,
            "unidades": None if by_amount else self.unidades,
            "umas_por_unidad": None if by_amount else self.criterion.valor,
            "uma": self.uma.centavos,
            "umas": self.calculada.umas,
            "forma": self.calculada.forma,
            "monto": self.calculada.sancion.centavos,
            "trabajo": list(self.calculada.trabajo),
        }


def units_of(conclusion: Conclusion) -> int:
    """How many facts a conclusion leaves unattended: those counted, or every hallazgo observed; one at least."""
    if conclusion.unidades_no_atendidas is not None:
        return conclusion.unidades_no_atendidas
    return max(1, len(conclusion.observacion.hallazgos.all()))


def reckon(dictamen: Dictamen, conclusions: Iterable[Conclusion]) -> list[Reckoning]:
    """The sanction of every unattended conclusion, by the criterion and UMA in force the last day of the stage.

    That is the day on which the reviewed conduct ended, so a criterion of later never reaches back. Raises ActRefused
    where no criterion or UMA is known for that day, or no largest fine for that kind of subject.
    """
    day = dictamen.etapa.termina_el
    try:
        limit_key = acts()["multa_maxima"][dictamen.sujeto.tipo]
        uma, limit = uma_on(day, settings.JURISDICTION), value_on(limit_key, day, settings.JURISDICTION)
        found = [
            _reckon_one(row, criterion_on(row.criterio, day, settings.JURISDICTION), uma, limit)
            for row in conclusions
            if row.referencia == Conclusion.Referencia.NO_ATENDIDA
        ]
    except (KeyError, NotInForce) as error:
        raise ActRefused(_no_criterion(dictamen, day, error)) from error
    return list(_accumulate(found, limit))


def _reckon_one(row: Conclusion, criterion: Criterion, uma: Money, limit: int) -> Reckoning:
    # A formal fault is counted once per conclusion, whatever the facts it gathers.
    units = 1 if criterion.clave == acts()["falta_formal"] else units_of(row)
    return Reckoning(
        row, criterion, units, uma, sanction_by_criterion(criterion, Money(row.monto_no_atendido), units, uma, limit)
    )


def _accumulate(found: Sequence[Reckoning], limit: int) -> Iterator[Reckoning]:
    """Formal faults are one sanction of so many units; each row keeps its part, which is exact."""
    formal = [row for row in found if row.criterion.clave == acts()["falta_formal"]]
    if len(formal) < 2:
        yield from found
        return
    first = formal[0]
    whole = sanction_on_units(len(formal), first.criterion.valor, first.uma, limit)
    names = ", ".join(row.conclusion.clave for row in formal)
    for row in found:
        if row.criterion.clave != first.criterion.clave:
            yield row
            continue
        part = f"Parte de {row.conclusion.clave}: {row.calculada.umas} UMA = {row.calculada.sancion}"
        work = (f"Faltas formales acumuladas ({names})", *whole.trabajo, part)
        yield replace(row, calculada=replace(row.calculada, forma=whole.forma, trabajo=work))


def _no_criterion(dictamen: Dictamen, day: date, error: Exception) -> Problem:
    return Problem(
        "SANCION_SIN_CRITERIO",
        f"dictamen {dictamen.numero}",
        f"No hay criterio, multa máxima o UMA para el {day}: {error}",
        "Complete law/criteria.yaml, law/parameters/uma.yaml o la multa máxima de acts.yaml con su fuente.",
    )


def shares_of(sujeto: SujetoObligado, day: date) -> dict[int, int]:
    """The share of each member of a coalition on a day, in basis points by id; empty when it is no coalition."""
    rows = sujeto.integrantes.filter(desde__lte=day, hasta__gt=day).order_by("sujeto__numero")
    return {row.sujeto_id: row.participacion_pb for row in rows}


def split(sancion: Sancion, shares: dict[int, int]) -> dict[int, Money]:
    """What each member pays, in whole pesos [sanction of Coahuila 2017]; empty without shares."""
    if not shares:
        return {}
    parts = split_by_share(Money(sancion.monto), {str(member): share for member, share in shares.items()})
    return {int(member): amount for member, amount in parts.items()}
