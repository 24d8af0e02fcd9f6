"""Compute the calendar of a review, by law or accord, and the last instant to answer."""

from datetime import date, datetime, time, timedelta

from django.conf import settings

from sif.law.calendar import Milestone, accord_calendar, is_business_day, load_accords, review_calendar
from sif.proceedings.machine import ActRefused, acts
from sif.proceedings.wording import legal_day
from sif.registry.clock import legal_zone
from sif.registry.models import Etapa
from sif.values import Problem

LAST_HOUR = time(23, 59, 59)


def calendar_of(etapa: Etapa) -> dict[str, Milestone]:
    """The six milestones of the review of a stage: those of its accord, of the terms it carries, or of the law."""
    kind = acts()["calendarios"][etapa.tipo]
    accord = load_accords(settings.JURISDICTION).get(etapa.acuerdo)
    if accord is not None and accord.etapa == kind:
        days = accord_calendar(etapa.acuerdo, etapa.termina_el, settings.JURISDICTION)
    else:
        given_by = etapa.acuerdo or "plazo dado"
        days = review_calendar(kind, etapa.termina_el, etapa.plazos, None, settings.JURISDICTION, given_by)
    return {milestone.hito: milestone for milestone in days}


def first_oficio_day(etapa: Etapa) -> date:
    """The first day an oficio may be issued: the one after the last report of the stage is due."""
    return calendar_of(etapa)["informe"].fecha + timedelta(days=1)


def check_after_report(etapa: Etapa, day: date, where: str, kind: str = "OFICIO") -> None:
    """Refuse an oficio or a dictamen before the report it reviews is due: its subject may still present and correct it.

    Raises ActRefused naming the first day and its article.
    """
    first, due = first_oficio_day(etapa), calendar_of(etapa)["informe"]
    if day < first:
        raise ActRefused(
            Problem(
                f"{kind}_ANTES_DEL_INFORME",
                where,
                f"El informe puede presentarse hasta el {legal_day(due.fecha)} ({due.base}).",
                f"Hágalo desde el {legal_day(first)}: antes no hay informe que revisar.",
            )
        )


def term_words(etapa: Etapa, notified: date) -> str:
    """How the term to answer was counted, as the oficio says it: the calendar, and what the day of notice moved."""
    days, due = calendar_of(etapa), answer_deadline(etapa, notified).date()
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


def answer_deadline(etapa: Etapa, notified: date) -> datetime:
    """The last instant to answer an oficio notified that day, at 23:59:59 of the legal zone.

    It is the day of the calendar; an oficio notified after its own day does not shorten the term of the subject, which
    runs from the notification: the deadline moves by the same days, and never ends on a day that does not count.
    """
    days = calendar_of(etapa)
    late = max(timedelta(0), notified - days["oficio"].fecha)
    due = days["respuesta"].fecha + late
    while late and acts()["calendarios"][etapa.tipo] == "anual" and not is_business_day(due):
        due += timedelta(days=1)
    return datetime.combine(due, LAST_HOUR, legal_zone())
