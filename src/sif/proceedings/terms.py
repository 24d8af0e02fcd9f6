"""The days of a review: its calendar by law or accord, and the last instant to answer an oficio."""

from datetime import date, datetime, time, timedelta

from django.conf import settings

from sif.law.calendar import Milestone, accord_calendar, is_business_day, load_accords, review_calendar
from sif.proceedings.machine import acts
from sif.registry.clock import legal_zone
from sif.registry.models import Etapa

LAST_HOUR = time(23, 59, 59)


def calendar_of(etapa: Etapa) -> dict[str, Milestone]:
    """The six milestones of the review of a stage: those of its accord, of the terms it carries, or of the law."""
    kind = acts()["calendarios"][etapa.tipo]
    accord = load_accords(settings.JURISDICTION).get(etapa.acuerdo)
    if accord is not None and accord.etapa == kind:
        days = accord_calendar(etapa.acuerdo, etapa.termina_el, settings.JURISDICTION)
    else:
        days = review_calendar(kind, etapa.termina_el, etapa.plazos, jurisdiction=settings.JURISDICTION)
    return {milestone.hito: milestone for milestone in days}


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
