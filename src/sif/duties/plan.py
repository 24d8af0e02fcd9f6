"""Plan what a stage asks of each kind of subject: the periods of its reports and deliveries, with their terms."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.conf import settings

from sif.law.calendar import UNCONFIRMED, Milestone, review_calendar
from sif.law.cuts import Cut, cuts
from sif.law.duties import END, STANDS, Due, Duty, Elections, Standing, due_of, duties_of, load_duties, standing_of
from sif.law.elections import federal_process
from sif.registry.models import Ambito, CalendarioPropuesto, Etapa, Periodo
from sif.registry.procesos import review_of
from sif.registry.stage_days import calendar_of, period_calendars_of
from sif.registry.windows import last_day, normal_windows
from sif.values import Span

MONTHLY = frozenset({"trimestre", "semestre", "ejercicio", "mes"})
BY_DATE = MONTHLY | {"treinta", "etapa", "jornada", "inicio"}
"""What is due by the calendar of a stage; the rest is born of an act that somebody recorded."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A duty of a stage for one of its periods, before anybody's books are looked at.

    abre, due: when it may be met and its last day. cierra: the last day on which what comes late is late and not
    omitted. periodo: the number of the row of its period, 0 where the registry has none for it.
    """

    duty: Duty
    cut: Cut
    abre: date
    due: Due
    standing: Standing = STANDS
    cierra: date | None = None
    periodo: int = 0

    def place(self, etapa: int) -> tuple[int, date | None]:
        """Return what tells its period from others in what is deposited: its last day, or the stage that it is of."""
        return (0, self.cut.hasta) if self.duty.corte in MONTHLY else (etapa, None)


class StagePlan:
    """The duties of one stage; its periods, windows and calendars are read once."""

    def __init__(self, etapa: Etapa, elections: Elections) -> None:
        self.etapa, self.elections = etapa, elections
        self.made: dict[str, list[Planned]] = {}

    @cached_property
    def periods(self) -> list[Periodo]:
        """The periods of the stage, in order."""
        return list(self.etapa.periodos.order_by("numero"))

    @cached_property
    def windows(self) -> Mapping[int, tuple[date, str]]:
        """The last day of the normal window of each period, and what fixes it."""
        windows = normal_windows([self.etapa.pk])[self.etapa.pk]
        return {window.periodo_id: (last_day(window), window.base) for window in windows}

    @cached_property
    def reviews(self) -> list[dict[str, Milestone]]:
        """The calendar of review of each period."""
        return list(period_calendars_of(self.etapa).values())

    @cached_property
    def review(self) -> dict[str, Milestone]:
        """The calendar of review of the stage."""
        return calendar_of(self.etapa)

    @cached_property
    def kind(self) -> str:
        """The calendar that reviews the stage."""
        return review_of(self.etapa)

    def of(self, tipo: str) -> list[Planned]:
        """Return the duties by date of a kind of subject in the stage."""
        if tipo not in self.made:
            duties = duties_of(tipo, self.etapa.inicia_el, settings.JURISDICTION)
            asked = [each for each in duties if self.etapa.tipo in each.etapas and each.corte in BY_DATE]
            self.made[tipo] = [planned for duty in asked for planned in self._planned(duty)]
        return self.made[tipo]

    def _planned(self, duty: Duty) -> Iterator[Planned]:
        if duty.corte == "treinta":
            return self._by_period(duty)
        if duty.corte == "etapa":
            return self._whole(duty)
        if duty.corte == "jornada":
            return self._by_vote(duty)
        if duty.corte == "inicio":
            return self._before(duty)
        return self._by_months(duty)

    def _by_period(self, duty: Duty) -> Iterator[Planned]:
        for place, period in enumerate(self.periods):
            cut = Cut(period.numero, period.desde, period.hasta)
            closes = self.review["respuesta"].fecha
            yield Planned(duty, cut, _after(cut), self._window(period, self.reviews[place]), STANDS, closes, period.pk)

    def _whole(self, duty: Duty) -> Iterator[Planned]:
        if not self.periods:
            return
        cut, last = Cut(1, self.etapa.inicia_el, self.etapa.termina_el), self.periods[-1]
        yield Planned(
            duty, cut, _after(cut), self._window(last, self.review), STANDS, self.review["respuesta"].fecha, last.pk
        )

    def _window(self, period: Periodo, review: Mapping[str, Milestone]) -> Due:
        """Return the term of a period: that of its window, confirmed where it is the day of the law, read and federal.

        Every day counts in federal processes alone [LGIPE 97.1]: those of the states were not read.
        """
        legal = review["informe"]
        day, base = self.windows.get(period.pk, (legal.fecha, legal.base))
        sure = day == legal.fecha and self.etapa.proceso.ambito == Ambito.FEDERAL
        return Due(day, base, legal.estatus if sure else UNCONFIRMED)

    def _by_months(self, duty: Duty) -> Iterator[Planned]:
        known = {(period.desde, period.hasta): period.pk for period in self.periods}
        year = self.periods[-1].pk if self.periods and duty.corte == "ejercicio" else 0
        for cut in cuts(duty.corte, self.etapa.inicia_el, self.etapa.termina_el):
            if duty.suple_a and not is_suspended(duty.suple_a, cut, self.elections):
                continue
            due, closes = due_of(duty, {END: cut.hasta}, settings.JURISDICTION), None
            if duty.revision:
                due, closes = self._annual(duty, cut)
            standing = standing_of(duty, cut, due.fecha, self.elections, jurisdiction=settings.JURISDICTION)
            yield Planned(duty, cut, _after(cut), due, standing, closes, year or known.get((cut.desde, cut.hasta), 0))

    def _annual(self, duty: Duty, cut: Cut) -> tuple[Due, date]:
        """Return when an annual report is due and when its answer is: as the stage says, if that is its calendar."""
        own = self.review if duty.revision == self.kind else None
        days = own or {
            day.hito: day for day in review_calendar(duty.revision, cut.hasta, jurisdiction=settings.JURISDICTION)
        }
        report = days["informe"]
        return Due(report.fecha, duty.articulo, report.estatus), days["respuesta"].fecha

    def _by_vote(self, duty: Duty) -> Iterator[Planned]:
        vote = self.etapa.proceso.jornada_el
        if vote is not None:
            due = due_of(duty, {"jornada": vote, END: vote}, settings.JURISDICTION)
            yield Planned(duty, Cut(1, self.etapa.inicia_el, vote), _next(vote), due)

    def _before(self, duty: Duty) -> Iterator[Planned]:
        due = due_of(duty, {"inicio": self.etapa.inicia_el}, settings.JURISDICTION)
        opens = date(self.etapa.inicia_el.year - 1, 9, 1)
        process = federal_process(self.etapa.inicia_el.year, settings.JURISDICTION)
        opens = process.posible.desde if process else opens
        yield Planned(duty, Cut(1, self.etapa.inicia_el, self.etapa.termina_el), opens, due)


def _after(cut: Cut) -> date:
    return _next(cut.hasta)


def _next(day: date) -> date:
    return day + timedelta(days=1)


def is_suspended(clave: str, cut: Cut, elections: Elections) -> bool:
    """Return whether a report is suspended for a period."""
    duty = load_duties(settings.JURISDICTION)[clave]
    due = due_of(duty, {END: cut.hasta}, settings.JURISDICTION)
    return standing_of(duty, cut, due.fecha, elections, jurisdiction=settings.JURISDICTION).estado == "suspendida"


def legal_year(tipo: str, year: int, elections: Elections) -> list[Planned]:
    """Return the duties of a kind of subject in an ordinary year that no process of this installation covers."""
    found = []
    for duty in duties_of(tipo, date(year, 1, 1), settings.JURISDICTION):
        if "ordinario" not in duty.etapas or duty.corte not in MONTHLY:
            continue
        for cut in cuts(duty.corte, date(year, 1, 1), date(year, 12, 31)):
            if duty.suple_a and not is_suspended(duty.suple_a, cut, elections):
                continue
            due = due_of(duty, {END: cut.hasta}, settings.JURISDICTION)
            standing = standing_of(duty, cut, due.fecha, elections, jurisdiction=settings.JURISDICTION)
            found.append(Planned(duty, cut, _after(cut), due, standing))
    return found


def elections_known(stages: Iterable[Etapa]) -> Elections:
    """The elections that the registry has and no law dates: extraordinary federal ones, and the days of local ones."""
    opened = CalendarioPropuesto.objects.filter(apertura__isnull=False, clase="extraordinario", ambito=Ambito.FEDERAL)
    local = [
        Span(etapa.inicia_el, etapa.proceso.jornada_el + timedelta(days=1))
        for etapa in stages
        if etapa.proceso.ambito == Ambito.LOCAL and etapa.proceso.jornada_el is not None
    ]
    return Elections(frozenset(opened.values_list("anio", flat=True)), tuple(local))
