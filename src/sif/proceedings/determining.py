"""Determine unreported spending by contabilidad after hearing: column B of the cap table."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sif.proceedings.machine import ActRefused, acts
from sif.proceedings.models import Conclusion, Determinado
from sif.values import Money, Problem

ORIGIN = "revision"


def write_determined(conclusion: Conclusion, day: date, reparto: Mapping[int, Money] | None = None) -> None:
    """Write what a conclusion of unreported spending adds to each contabilidad; nothing for other conducts.

    Raises ActRefused when the parts given do not add up, or when they are needed and were not given.
    """
    left = Money(conclusion.monto_no_atendido)
    if conclusion.criterio not in acts()["determinan_gasto"] or not left:
        return
    parts = dict(reparto) if reparto else _parts(conclusion)
    if sum((part.centavos for part in parts.values()), 0) != left.centavos:
        raise ActRefused(_unsettled(conclusion, parts, left))
    Determinado.objects.bulk_create(
        Determinado(contabilidad_id=number, conclusion=conclusion, origen=ORIGIN, fecha=day, monto=part.centavos)
        for number, part in sorted(parts.items())
        if part
    )


def _parts(conclusion: Conclusion) -> dict[int, Money]:
    """What each contabilidad was observed for, or all that is left where there is only one."""
    observed: dict[int, int] = defaultdict(int)
    for fact in conclusion.observacion.hallazgos.all():
        observed[fact.contabilidad_id] += fact.monto
    if len(observed) == 1:
        return {number: Money(conclusion.monto_no_atendido) for number in observed}
    return {number: Money(amount) for number, amount in observed.items()}


def _unsettled(conclusion: Conclusion, parts: Mapping[int, Money], left: Money) -> Problem:
    given = "; ".join(f"{number}: ${part}" for number, part in sorted(parts.items())) or "ninguna contabilidad"
    return Problem(
        "DETERMINADO_SIN_REPARTO",
        f"conclusión {conclusion.clave}",
        f"Quedan ${left} de gasto no reportado y el reparto por contabilidad es {given}.",
        "Diga cuánto corresponde a cada contabilidad, de modo que sume lo no atendido.",
    )
