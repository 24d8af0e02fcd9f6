"""Compute the calendar of a review, by law or accord, and the last instant to answer."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import QuerySet

from sif.law.calendar import (
    CONFIRMED,
    MILESTONES,
    UNCONFIRMED,
    Milestone,
    Term,
    appeal_base,
    appeal_day,
    review_calendar,
    second_answer_term,
    stage_terms,
)
from sif.law.days import add_days, count_days
from sif.proceedings.machine import acts
from sif.proceedings.models import Dictamen, Oficio
from sif.proceedings.selectors import reviewed_of_all, that_stand, waits_for_oficio
from sif.proceedings.wording import legal_day
from sif.registry import clock
from sif.registry.clock import legal_day as legal_day_of
from sif.registry.clock import legal_zone
from sif.registry.models import (
    Ambito,
    Etapa,
    Periodo,
    Ventana,
)
from sif.registry.procesos import review_of
from sif.registry.stage_days import calendar_of, last_movement, period_calendars_of
from sif.registry.windows import last_day
from sif.values import Problem, Refused

LAST_HOUR = time(23, 59, 59)


def is_by_report(etapa: Etapa) -> bool:
    """Return whether the law reviews each report of a stage apart from the others [LGPP 80.1.d.II-III]."""
    return stage_terms(review_of(etapa), etapa.termina_el, settings.JURISDICTION).by_report


def review_days(etapa: Etapa, periodo: Periodo | None = None) -> dict[str, Milestone]:
    """Return the days of the review of a stage, or of its reports up to a period that is not its last."""
    return calendar_of(etapa) if periodo is None else period_calendars_of(etapa)[periodo]


def report_due(etapa: Etapa, periodo: Periodo | None = None) -> tuple[date, str]:
    """The last day to present the reports of a stage and what fixes it: the last window to close, or else the calendar.

    periodo: the last one whose report is asked about; None for those of the whole stage.
    """
    rows = Ventana.objects.filter(periodo__etapa=etapa, tipo=Ventana.Tipo.NORMAL, sujeto=None)
    if periodo is not None:
        rows = rows.filter(periodo__numero__lte=periodo.numero)
    window = rows.order_by("-cierra_el").first()
    if window is None:
        report = review_days(etapa, periodo)["informe"]
        return report.fecha, report.base
    return last_day(window), window.base


def appeal_deadline(etapa: Etapa, notified: date) -> datetime:
    """Return the last instant to appeal the resolución of a stage notified that day, in its days [LGSMIME 7, 8.1]."""
    last = appeal_day(notified, review_of(etapa), settings.JURISDICTION).fecha
    return datetime.combine(last, LAST_HOUR, legal_zone())


def appeal_article(day: date) -> str:
    """Return the articles that give, on a day, the days of an appeal of a resolución, and the appeal."""
    return f"{appeal_base(day, settings.JURISDICTION)}; {acts()['resolutivos']['impugnacion']['articulo']}"


def first_oficio_day(etapa: Etapa, periodo: Periodo | None = None) -> date:
    """The first day an oficio may be issued: the one after the last report that it reviews is due."""
    return report_due(etapa, periodo)[0] + timedelta(days=1)


def check_after_report(etapa: Etapa, day: date, where: str, periodo: Periodo | None = None) -> None:
    """Refuse an oficio before the report that it reviews is due: its subject may still present and correct it.

    periodo: the last one that is reviewed; None for the whole stage. Raises Refused naming the first day and its
    article.
    """
    (due, base), first = report_due(etapa, periodo), first_oficio_day(etapa, periodo)
    if day < first:
        told = f"El informe del periodo {periodo.numero}" if periodo else "El último informe"
        apart = periodo is None and is_by_report(etapa)
        by_report = "; un oficio de los periodos que ya vencieron puede ir antes" if apart else ""
        raise Refused(
            Problem(
                "OFICIO_ANTES_DEL_INFORME",
                where,
                f"{told} puede presentarse hasta el {legal_day(due)} ({base}).",
                f"Hágalo desde el {legal_day(first)}{by_report}.",
            )
        )


def check_periods(etapa: Etapa, periodo: Periodo | None, reviewed: int, where: str) -> None:
    """Refuse an oficio that ends at a period which is of no oficio, or which one already reviewed. Raises Refused.

    reviewed: the number of the last period that an oficio of the subject reviewed, 0 where there is none.
    """
    if periodo is None:
        return
    last = etapa.periodos.order_by("-numero").first()
    if not is_by_report(etapa) or periodo.etapa_id != etapa.pk or last is None or periodo.numero >= last.numero:
        told = f"El oficio que revisa hasta el periodo {periodo.numero} es el de toda la etapa."
        raise Refused(Problem("OFICIO_DE_TODA_LA_ETAPA", where, told, "Propóngalo sin decir un periodo."))
    if periodo.numero <= reviewed:
        told = f"Otro oficio ya revisó hasta el periodo {reviewed}."
        raise Refused(Problem("OFICIO_DE_PERIODO_REVISADO", where, told, "Elija un periodo posterior."))


def term_words(etapa: Etapa, notified: date, periodo: Periodo | None = None) -> str:
    """Return the words of the oficio on its term to answer: the calendar, and the shift by the day of the notice."""
    days, due = review_days(etapa, periodo), answer_deadline(etapa, notified, periodo).date()
    base, planned = days["respuesta"].base, days["respuesta"].fecha
    if notified < days["oficio"].fecha:
        return (
            f"{base}. Se notifica antes del {legal_day(days['oficio'].fecha)}, día de los oficios en el calendario de "
            f"la revisión, que fija la respuesta el {legal_day(planned)}: el sujeto conserva ese día"
        )
    if due != planned:
        return (
            f"{base}. Se notifica después del {legal_day(days['oficio'].fecha)}, día de los oficios en el calendario "
            f"de la revisión: el plazo se recorre del {legal_day(planned)} al {legal_day(due)}"
        )
    return base


def answer_deadline(etapa: Etapa, notified: date, periodo: Periodo | None = None) -> datetime:
    """Return the last instant to answer an oficio notified that day, at 23:59:59 of the legal zone.

    It is the day of the calendar; an oficio notified after its own day does not shorten the term of the subject, which
    runs whole from the notification, in the days that the review counts. periodo: the last one that it reviews, where
    it is not the last of the stage.
    """
    days = review_days(etapa, periodo)
    planned = days["respuesta"].fecha
    if notified <= days["oficio"].fecha:
        return datetime.combine(planned, LAST_HOUR, legal_zone())
    terms = stage_terms(review_of(etapa), etapa.termina_el, settings.JURISDICTION).terms
    counted = next(term.cuenta for term in terms if term.hito == "respuesta")
    due = add_days(
        notified,
        count_days(days["oficio"].fecha, planned, counted, jurisdiction=settings.JURISDICTION),
        counted,
        jurisdiction=settings.JURISDICTION,
    )
    return datetime.combine(due, LAST_HOUR, legal_zone())


def review_in_course(etapa: Etapa, *, late: bool = True) -> tuple[Periodo | None, dict[str, Milestone]]:
    """Return the days of the review whose oficio is the next of a stage, with its period where others review the rest.

    Where each report is reviewed apart it is the first whose day did not pass and that was not reviewed of every
    subject observed, or else the last. late: or one before it, of which something adopted waits after its day.
    """
    reviews, today = period_reviews(etapa), clock.today()
    done = reviewed_of_all(etapa) if len(reviews) > 1 else 0
    for periodo, days in reviews[:-1]:
        runs = periodo is not None and periodo.numero > done and days["oficio"].fecha >= today
        if periodo is not None and (runs or (late and waits_for_oficio(etapa, periodo))):
            return periodo, days
    return reviews[-1]


def period_reviews(etapa: Etapa) -> list[tuple[Periodo | None, dict[str, Milestone]]]:
    """Return the days of each review of a stage, with its period where the law reviews each report apart."""
    reviews = period_calendars_of(etapa) if is_by_report(etapa) else {}
    return [*reviews.items()] if len(reviews) > 1 else [(None, calendar_of(etapa))]


def second_term(etapa: Etapa) -> Term | None:
    """Return the term of the answer to a second oficio of a stage; None where the law gives none [LGPP 80.1.b.III]."""
    return second_answer_term(review_of(etapa), etapa.termina_el, settings.JURISDICTION)


def informing_article(etapa: Etapa) -> str:
    """Return the article by which a subject is told, before its dictamen, whether its answer cures what was observed.

    It is empty where no law orders it: the reviews made as that of annual reports by analogy alone [LGPP 80.1.b.III].
    """
    return stage_terms(review_of(etapa), etapa.termina_el, settings.JURISDICTION).informs


def to_appraise(etapa: Etapa) -> QuerySet[Oficio]:
    """Select the first oficios of a stage whose answers the law orders to appraise before the dictamen, and were not.

    Once the dictamen of its subject opened, the dictamen appraises them. [LGPP 80.1.b.III]
    """
    if not informing_article(etapa):
        return Oficio.objects.none()
    ruled = Dictamen.objects.filter(etapa=etapa).values("sujeto")
    rows = that_stand(Oficio.objects.filter(etapa=etapa, primero=None, segundo=None))
    return rows.exclude(sujeto__in=ruled).order_by("pk")


def unappraised(etapa: Etapa) -> QuerySet[Oficio]:
    """Select those whose term to answer ended."""
    return to_appraise(etapa).filter(vence_el__lte=clock.last_ended())


def hearing_article(oficio: Oficio) -> str:
    """Return the article that gives the term to answer an oficio."""
    return hearing_of(oficio.etapa, oficio.sujeto.tipo, second=oficio.primero_id is not None)[0]


def hearing_of(etapa: Etapa, tipo: str, *, second: bool) -> tuple[str, str]:
    """Return the article of the term to answer the first or second oficio of a stage, and whether it is `confirmado`.

    tipo: the kind of subject; that of who is no party has an article of its own besides that of the term. Where an
    accord moved the answer it is cited beside the article; that of a second oficio is not extended [LGPP 80.1.b.III].
    The way of counting the days of annual reviews was not read in the law, nor that of the states for their processes,
    nor the accord.
    """
    kind = review_of(etapa)
    review = stage_terms(kind, etapa.termina_el, settings.JURISDICTION)
    term = second_answer_term(kind, etapa.termina_el, settings.JURISDICTION) if second else None
    term = term or next(each for each in review.terms if each.hito == "respuesta")
    own, accord = acts()["audiencia"].get(tipo), "" if second else accord_of_answer(etapa)
    sure = review.estatus == term.estatus == CONFIRMED and etapa.proceso.ambito == Ambito.FEDERAL and not accord
    return "; ".join(filter(None, (own, term.base, accord))), CONFIRMED if sure else UNCONFIRMED


def accord_of_answer(etapa: Etapa) -> str:
    """Return the accord that gives the day to answer in a stage, with its date where known; empty where the law does.

    It is the last that moved the report, the oficio or the answer, from which that day is counted; or else that with
    which the stage was opened, where its days are not those of the law.
    """
    moved = last_movement(etapa, MILESTONES.index("respuesta") + 1)
    if moved is not None:
        return f"{moved.acuerdo}, del {legal_day(moved.aprobado_el)}"
    if not etapa.acuerdo:
        return ""
    law = review_calendar(review_of(etapa), etapa.termina_el, jurisdiction=settings.JURISDICTION)
    by_law = next(day.fecha for day in law if day.hito == "respuesta")
    return etapa.acuerdo if calendar_of(etapa)["respuesta"].fecha != by_law else ""


def last_second_day(primero: Oficio, term: Term) -> date:
    """Return the last day to issue the oficio that follows one: that of the dictamen's own term [LGPP 80.1.b.III].

    It is the day of the calendar; where the first oficio was notified late, as many days from the end of its answer.
    """
    days, ended = calendar_of(primero.etapa), legal_day_of(primero.vence_el)
    answer, planned = days["respuesta"].fecha, days["dictamen"].fecha
    if ended <= answer:
        return planned
    left = count_days(answer, planned, term.cuenta, jurisdiction=settings.JURISDICTION)
    return add_days(ended, left, term.cuenta, jurisdiction=settings.JURISDICTION)


def second_deadline(term: Term, notified: date) -> datetime:
    """Return the last instant to answer a second oficio notified that day, at 23:59:59 of the legal zone."""
    last = add_days(notified, term.dias, term.cuenta, jurisdiction=settings.JURISDICTION)
    return datetime.combine(last, LAST_HOUR, legal_zone())
