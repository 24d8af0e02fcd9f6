"""Name each report and compute the state of the one of each set of books for a period."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from sif.filing.figures import form_of
from sif.filing.owed import ReportOwed
from sif.filing.selectors import Obligation, obligations
from sif.registry.models import Contabilidad, Etapa, Periodo
from sif.registry.windows import normal_windows

_DONE = frozenset({"presentado", "extemporaneo"})


def kind_words(tipo: str) -> str:
    """Return the name of a kind of report in the language of who reads: what the form is called."""
    return _(form_of(tipo)[0].nombre)


def span_words(report: ReportOwed | Obligation) -> str:
    """Return the words that tell a report from others of its kind: its period, or the year or the days it covers."""
    if report.desde == report.periodo.desde:
        return _("periodo %(n)d") % {"n": report.periodo.numero}
    if report.desde.year == report.hasta.year:
        return _("año %(year)d") % {"year": report.hasta.year}
    return _("toda la etapa")


def report_words(report: ReportOwed | Obligation) -> str:
    """Return the kind of a report and which of its kind it is."""
    return f"{kind_words(report.tipo)}, {span_words(report)}"


def current_period(etapa: Etapa | None, now: datetime) -> Periodo | None:
    """Return the period whose report is due; while none is, the one that last began. None without periods."""
    if etapa is None:
        return None
    due = [
        window
        for window in normal_windows([etapa.pk])[etapa.pk]
        if window.periodo.hasta < now.date() and window.cierra_el > now
    ]
    if due:
        return min(due, key=lambda window: window.cierra_el).periodo
    periods = list(etapa.periodos.order_by("numero"))
    begun = [period for period in periods if period.desde <= now.date()]
    return begun[-1] if begun else (periods[0] if periods else None)


def report_states(books: Sequence[Contabilidad], period: Periodo | None) -> dict[int, str]:
    """Return the state of the report of each set of books for a period, as `states.STATES` names it.

    Of two reports of a period (that of the last quarter and that of its year), the one that still waits.
    """
    if period is None:
        return {}
    states: dict[int, str] = {}
    for owed in obligations(books):
        if owed.periodo.pk == period.pk and states.get(owed.contabilidad_id, "presentado") in _DONE:
            states[owed.contabilidad_id] = owed.estado
    return states
