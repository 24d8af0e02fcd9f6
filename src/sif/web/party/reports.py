"""How the report of each set of books stands for a period."""

from collections.abc import Sequence
from datetime import date

from sif.filing.selectors import obligations
from sif.registry.models import Contabilidad, Etapa, Periodo


def current_period(etapa: Etapa | None, day: date) -> Periodo | None:
    """The period of a stage that last began by that day: the one whose report is due or running."""
    if etapa is None:
        return None
    periods = list(etapa.periodos.order_by("numero"))
    begun = [period for period in periods if period.desde <= day]
    return begun[-1] if begun else (periods[0] if periods else None)


def report_states(books: Sequence[Contabilidad], period: Periodo | None) -> dict[int, str]:
    """The state of the report of each set of books for a period, as `states.STATES` names it."""
    if period is None:
        return {}
    return {owed.contabilidad_id: owed.estado for owed in obligations(books) if owed.periodo.pk == period.pk}
