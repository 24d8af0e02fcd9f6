"""Say which reports the law asks of some books, with the days that each one covers and its term."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from sif.law.cuts import Cut, cuts
from sif.law.duties import END, Duty, due_of, duties_of, standing_of
from sif.registry import clock
from sif.registry.models import Contabilidad, Etapa, Periodo, Ventana
from sif.registry.windows import normal_windows

CLASS = "informe"
BY_PERIOD = "treinta"
WHOLE = frozenset({"etapa", "ejercicio", "jornada"})


@dataclass(frozen=True, slots=True)
class ReportOwed:
    """A report that the law asks of some books: its kind, the days it covers, and the first instant outside its term.

    periodo: the period of the registry under which it is filed: its own, or the last one where it covers the stage.
    base: what fixes the term.
    """

    tipo: str
    periodo: Periodo
    desde: date
    hasta: date
    vence_el: datetime
    base: str

    @property
    def is_whole(self) -> bool:
        """Return whether the report covers the stage and not its own period alone."""
        return self.desde < self.periodo.desde


def reports_asked(etapa: Etapa, windows: Sequence[Ventana], sujeto: str, clase: str) -> list[ReportOwed]:
    """Return the reports asked of a kind of subject for a kind of books, by the normal windows of a stage, in order.

    What each kind of subject owes, and how its reports are cut, is data of the law (obligaciones/informes.yaml).
    """
    duties = [
        duty
        for duty in duties_of(sujeto, etapa.inicia_el, settings.JURISDICTION)
        if duty.clase == CLASS and clase in duty.libros and etapa.tipo in duty.etapas
    ]
    found = [report for duty in duties for report in _reports(duty, etapa, windows, duties)]
    return sorted(found, key=lambda report: (report.periodo.numero, report.vence_el))


def _reports(duty: Duty, etapa: Etapa, windows: Sequence[Ventana], duties: Sequence[Duty]) -> Iterator[ReportOwed]:
    if not windows:
        return
    last = windows[-1]
    if duty.corte in WHOLE:
        yield ReportOwed(duty.clave, last.periodo, etapa.inicia_el, last.periodo.hasta, last.cierra_el, last.base)
        return
    shared = any(other.corte in WHOLE for other in duties)
    known = (
        None
        if duty.corte == BY_PERIOD
        else {(cut.desde, cut.hasta) for cut in cuts(duty.corte, etapa.inicia_el, etapa.termina_el)}
    )
    for window in windows:
        period = window.periodo
        if known is not None and (period.desde, period.hasta) not in known:
            continue
        due, base = window.cierra_el, window.base
        if window is last and shared:
            due, base = _own_term(duty, period, window)
        if (
            standing_of(
                duty, Cut(period.numero, period.desde, period.hasta), period.hasta, jurisdiction=settings.JURISDICTION
            ).estado
            != "suspendida"
        ):
            yield ReportOwed(duty.clave, period, period.desde, period.hasta, due, base)


def _own_term(duty: Duty, period: Periodo, window: Ventana) -> tuple[datetime, str]:
    """Return the term that the law gives to the last period, whose window stays open until the whole is reported."""
    due = due_of(duty, {END: period.hasta}, settings.JURISDICTION)
    if due.fecha is None:
        return window.cierra_el, window.base
    return min(clock.midnight(due.fecha + timedelta(days=1)), window.cierra_el), due.base


def reports_of(books: Contabilidad) -> list[ReportOwed]:
    """Return the reports that the law asks of some books."""
    windows = normal_windows([books.etapa_id])[books.etapa_id]
    return reports_asked(books.etapa, windows, books.sujeto.tipo, books.clase)


def report_of(books: Contabilidad, periodo: Periodo, tipo: str = "") -> ReportOwed | None:
    """Return the report of a kind that some books owe for a period; the period's own where no kind is said."""
    rows = [row for row in reports_of(books) if row.periodo.pk == periodo.pk and tipo in ("", row.tipo)]
    return min(rows, key=lambda row: row.is_whole, default=None)
