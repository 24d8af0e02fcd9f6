"""Compute the state of the report of each set of books for a period."""

from collections.abc import Sequence
from datetime import datetime

from sif.filing.selectors import obligations
from sif.registry.models import Contabilidad, Etapa, Periodo, Ventana


def current_period(etapa: Etapa | None, now: datetime) -> Periodo | None:
    """The period whose report is due; while none is, the one that last began. None without periods."""
    if etapa is None:
        return None
    due = Ventana.objects.filter(
        periodo__etapa=etapa, periodo__hasta__lt=now.date(), tipo=Ventana.Tipo.NORMAL, cierra_el__gt=now
    ).select_related("periodo")
    waiting = due.order_by("cierra_el").first()
    if waiting is not None:
        return waiting.periodo
    periods = list(etapa.periodos.order_by("numero"))
    begun = [period for period in periods if period.desde <= now.date()]
    return begun[-1] if begun else (periods[0] if periods else None)


def report_states(books: Sequence[Contabilidad], period: Periodo | None) -> dict[int, str]:
    """The state of the report of each set of books for a period, as `states.STATES` names it."""
    if period is None:
        return {}
    return {owed.contabilidad_id: owed.estado for owed in obligations(books) if owed.periodo.pk == period.pk}
