"""Query the running terms of a subject: reports, answers to oficios and appeals of resoluciones."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sif.filing.selectors import Obligation
from sif.proceedings.models import Oficio
from sif.proceedings.parts import oficios_of_reach, parts_of, running_appeals
from sif.proceedings.selectors import answers_to_each
from sif.proceedings.terms import appeal_article, hearing_article
from sif.registry import clock
from sif.registry.selectors import Reach
from sif.web.clocks import Clock
from sif.web.formats import short_day
from sif.web.party.report_states import report_words


def next_term(reports: Sequence[Obligation], reach: Reach, now: datetime) -> Clock | None:
    """Return the first term, of some reports, of an answer or of an appeal, that ends from now on, or None."""
    terms = (*_reports(reports, now), *_answers(reach, now), *_appeals(reach, now))
    running = sorted(terms, key=lambda term: term.vence_el)
    return running[0] if running else None


def _reports(reports: Sequence[Obligation], now: datetime) -> Iterator[Clock]:
    waiting = [owed for owed in reports if owed.recibida_el is None and owed.vence_el > now]
    if not waiting:
        return
    owed = min(waiting, key=lambda each: each.vence_el)
    close = clock.midnight(owed.hasta)
    yield Clock(
        report_words(owed), owed.vence_el, now, min(close, now), owed.base, why_words(owed), reverse("party:informes")
    )


def why_words(owed: Obligation) -> str:
    """Return the words for the day from which the term of a report is counted."""
    if owed.tipo == "IC":
        days = (clock.end_of_term(owed.vence_el)[0] - owed.hasta).days
        return ngettext("%(n)d día después del fin del periodo.", "%(n)d días después del fin del periodo.", days) % {
            "n": days
        }
    return _("Después del último día que el informe cubre, %(day)s.") % {"day": short_day(owed.hasta, year=True)}


def _answers(reach: Reach, now: datetime) -> Iterator[Clock]:
    runs = {"vence_el__gt": clock.last_ended(now)}
    if not Oficio.objects.filter(sujeto__in=reach.enteros | reach.parciales, **runs).exists():
        return  # as on most days, for every page of the desk: planning the whole question takes longer than this one
    rows = list(oficios_of_reach(reach).filter(**runs))
    parts, given = parts_of(rows, reach), answers_to_each(rows)
    for oficio in rows:
        asked = {part.pk for part in parts[oficio.pk].observaciones if part.retirada is None}
        if asked - given.get(oficio.pk, {}).keys():
            yield Clock(
                _("Respuesta al oficio %(number)s") % {"number": oficio.numero},
                oficio.vence_el,
                now,
                oficio.notificado_el,
                hearing_article(oficio),
                _("Lo que no se conteste en el plazo no se podrá alegar después."),
                reverse("party:oficio", args=[oficio.pk]),
                accion=_("Abrir el oficio"),
            )


def _appeals(reach: Reach, now: datetime) -> Iterator[Clock]:
    """Yield the term to appeal each resolución notified to the subjects of a person, of those that the person sees."""
    for row in running_appeals(reach, now):
        if row.vence_el is not None:
            yield Clock(
                _("Impugnación: %(act)s") % {"act": row.asunto},
                row.vence_el,
                now,
                row.depositada_el,
                appeal_article(clock.legal_day(row.depositada_el)),
                _("Es un derecho y no un deber: pasado el plazo, la resolución queda firme."),
                reverse("party:notificacion", args=[row.pk]),
                accion=_("Abrir la resolución"),
            )
