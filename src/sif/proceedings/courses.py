"""Count the days of the review of each subject from what happened in it.

The twenty days of the dictamen of an annual review run from the end of the revision or, in its case, of the term
granted to rectify; the five days of a second answer are there only where a second oficio granted them [LGPP
80.1.b.III-IV].
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from django.db.models import Q

from sif.law.calendar import Course, Milestone
from sif.proceedings.models import Dictamen, Oficio
from sif.proceedings.selectors import reviewed_of_all
from sif.proceedings.terms import informing_article, last_second_day, period_reviews, second_term
from sif.registry import clock
from sif.registry.clock import legal_day
from sif.registry.models import Etapa, SujetoObligado
from sif.registry.stage_days import calendar_of

type _Key = tuple[date | None, date | None, bool, bool]


@dataclass(frozen=True, slots=True)
class ReviewCourse:
    """The course of the review of a subject, and the days that follow from it.

    sabido_el: the day on which it was known whether it has a second term; None until then, while its days are the
    longest. vencido: the day on which its dictamen was due without a second term, where it had passed by then.
    """

    sujeto: SujetoObligado
    primero: Oficio | None
    course: Course
    days: dict[str, Milestone]
    sabido_el: date | None = None
    vencido: date | None = None

    @property
    def of_the_stage(self) -> bool:
        """Return whether its days are those of its stage."""
        return self.sabido_el is None and not self.course.fechas


class _Calendars:
    """The calendars of a stage, each counted once."""

    def __init__(self, etapa: Etapa) -> None:
        self.etapa, self.whole = etapa, calendar_of(etapa)
        self.made: dict[_Key, dict[str, Milestone]] = {}
        self.last: dict[date, date] = {}
        self.second = None if informing_article(etapa) else second_term(etapa)

    def closed_to_second(self, first: Oficio) -> date | None:
        """Return the day from which no second oficio may follow one any more, once it came; None where it still may.

        What the law orders to inform is informed late too.
        """
        if self.second is None:
            return None
        ended = legal_day(first.vence_el)
        if ended not in self.last:
            self.last[ended] = last_second_day(first, self.second)
        last = self.last[ended]
        return last + timedelta(days=1) if clock.today() > last else None

    def of(self, course: Course) -> dict[str, Milestone]:
        """Return that of a course."""
        key = course.fechas.get("respuesta"), course.segundo_oficio, course.one_oficio, course.no_errors
        if not any(key):
            return self.whole
        if key not in self.made:
            self.made[key] = calendar_of(self.etapa, course)
        return self.made[key]


def courses_of(etapa: Etapa, sujetos: Collection[int] | None = None) -> list[ReviewCourse]:
    """Return the course of the review of each subject with books or an oficio at a stage, by its number.

    None where the law gives no second oficio. sujetos: those asked about; all unless told.
    """
    if second_term(etapa) is None:
        return []
    oficios = Oficio.objects.filter(etapa=etapa)
    firsts = {row.sujeto_id: row for row in oficios.filter(primero=None).select_related("etapa")}
    seconds = {row.primero_id: row for row in oficios.filter(primero__isnull=False, primero__primero=None)}
    ruled = dict(Dictamen.objects.filter(etapa=etapa).values_list("sujeto", "abierto_el"))
    whose = SujetoObligado.objects.filter(Q(contabilidades__etapa=etapa) | Q(pk__in=firsts)).distinct()
    whose = whose if sujetos is None else whose.filter(pk__in=sujetos)
    calendars, found = _Calendars(etapa), []
    for sujeto in whose.order_by("numero", "pk"):
        first, opened = firsts.get(sujeto.pk), ruled.get(sujeto.pk)
        if first is None:
            found.append(_without_errors(sujeto, calendars))
            continue
        found.append(_of_oficio(first, sujeto, seconds.get(first.pk), legal_day(opened) if opened else None, calendars))
    return found


def _without_errors(sujeto: SujetoObligado, calendars: _Calendars) -> ReviewCourse:
    """Return the course of who was notified of no oficio: once its revision ended, the dictamen follows it."""
    ends = calendars.whole["oficio"].fecha
    over = clock.today() > ends
    course = Course(no_errors=over)
    return ReviewCourse(sujeto, None, course, calendars.of(course), ends + timedelta(days=1) if over else None)


def _of_oficio(
    first: Oficio, sujeto: SujetoObligado, second: Oficio | None, ruled: date | None, calendars: _Calendars
) -> ReviewCourse:
    """Return the course of who was notified of an oficio, from the end of its own term to answer."""
    ended = legal_day(first.vence_el)
    late = {"respuesta": ended} if ended > calendars.whole["respuesta"].fecha else {}
    fixed = MappingProxyType(late)
    known = legal_day(second.notificado_el) if second else ruled or calendars.closed_to_second(first)
    if known is None:
        course = Course(fixed)
        return ReviewCourse(sujeto, first, course, calendars.of(course))
    alone = Course(fixed, one_oficio=True)
    granted = second is not None and second.da_plazo
    course = Course(fixed, segundo_oficio=known) if granted else alone
    due = calendars.of(alone)["dictamen"].fecha
    return ReviewCourse(sujeto, first, course, calendars.of(course), known, due if known > due else None)


def course_for(etapa: Etapa, sujeto: SujetoObligado) -> ReviewCourse | None:
    """Return the course of the review of a subject; None where the law gives no second oficio, or without books."""
    return next(iter(courses_of(etapa, [sujeto.pk])), None)


def calendar_for(etapa: Etapa, sujeto: SujetoObligado) -> dict[str, Milestone]:
    """Return the calendar of the review of a subject at a stage, from what happened in it."""
    found = course_for(etapa, sujeto)
    return found.days if found else calendar_of(etapa)


def without_second(etapa: Etapa, primero: Oficio) -> date:
    """Return the day on which the dictamen that follows an oficio is due where no second term is granted."""
    planned, ended = calendar_of(etapa)["respuesta"].fecha, legal_day(primero.vence_el)
    late = {"respuesta": ended} if ended > planned else {}
    return calendar_of(etapa, Course(MappingProxyType(late), one_oficio=True))["dictamen"].fecha


def calendars_in_course(etapa: Etapa) -> list[dict[str, Milestone]]:
    """Return the calendars that run in a stage: those of its subjects, each once; without subjects, its own.

    Where each report is reviewed apart they are those of its reviews, without the oficio of one before the last that
    every subject was told of.
    """
    if second_term(etapa) is None:
        *before, (_last, whole) = period_reviews(etapa)
        done = reviewed_of_all(etapa) if before else 0
        running = [
            {hito: day for hito, day in days.items() if hito != "oficio"}
            if periodo and periodo.numero <= done
            else days
            for periodo, days in before
        ]
        return [*running, whole]
    found = {id(each.days): each.days for each in courses_of(etapa)}
    return list(found.values()) or [calendar_of(etapa)]
