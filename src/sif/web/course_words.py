"""Say in words what the course of the review of a subject leaves of the day of its dictamen [LGPP 80.1.b.III-IV]."""

from django.utils.translation import gettext as _

from sif.law.calendar import Milestone
from sif.proceedings.courses import ReviewCourse, without_second
from sif.proceedings.models import Oficio
from sif.registry import clock
from sif.web.formats import short_day


def provisional_act(act: str, day: Milestone) -> str:
    """Return the name of an act, with its condition where its day counts a second answer that nobody granted."""
    return _("%(act)s, si se concede el segundo plazo") % {"act": act} if day.si_segundo else act


def course_act(act: str, course: ReviewCourse, *, first: bool) -> str:
    """Return the name of an act of the review of a subject, with what its day follows from.

    first: whether it is the dictamen, beside which it is said that it was due before it was known.
    """
    if course.course.no_errors:
        said = _("sin errores que notificar al terminar la revisión")
    elif course.course.one_oficio:
        said = _("sin segundo plazo")
    elif course.course.segundo_oficio is None:
        said = _("si se concede el segundo plazo")
    else:
        said = ""
    late = late_words(course).rstrip(".") if first else ""
    return ". ".join(filter(None, (f"{act}, {said}" if said else act, late)))


def without_words(primero: Oficio) -> str:
    """Return when the dictamen that follows an oficio is due, or was, if no second term is granted."""
    day = without_second(primero.etapa, primero)
    if clock.today() > day:
        return _("Sin segundo plazo, el dictamen venció el %(day)s.") % {"day": short_day(day, year=True)}
    return _("Sin segundo plazo, el dictamen vence el %(day)s.") % {"day": short_day(day, year=True)}


def late_words(course: ReviewCourse | None) -> str:
    """Return that a dictamen was due already when it was known whether its subject has a second term; or nothing."""
    if course is None or course.vencido is None or course.sabido_el is None:
        return ""
    told = {"day": short_day(course.vencido, year=True), "known": short_day(course.sabido_el, year=True)}
    if course.course.segundo_oficio is not None:
        return _("El segundo oficio se notificó el %(known)s, vencido ya el dictamen el %(day)s.") % told
    return _("El dictamen venció el %(day)s; que no hay segundo plazo se supo el %(known)s.") % told
