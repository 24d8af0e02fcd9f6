"""List the terms that run from each notice of a stage: the answer to an oficio and the appeal of a resolución."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sif.law.calendar import appeal_term
from sif.notices.models import Notificacion
from sif.proceedings.courses import ReviewCourse, courses_of
from sif.proceedings.models import Oficio, Resolucion
from sif.proceedings.terms import hearing_of, informing_article, last_second_day, second_term, to_appraise
from sif.registry import clock
from sif.registry.models import Etapa
from sif.registry.procesos import is_linked
from sif.web.columns import Column, panel
from sif.web.course_words import course_act
from sif.web.formats import due_text, short_day
from sif.web.icalendar import CalendarEvent, end_of
from sif.web.tables import Table, pager_asked
from sif.web.term_pages import basis_html, state_of_term, term_names
from sif.web.terms_line import Term

SIZE = 50
OWN, AFTER_SECOND = "propio-", ("dictamen", "comision", "consejo")
"""How the keys of the days of the review of a subject begin, and the milestones that its course counts again."""


def proceeding_terms(etapa: Etapa, notices: Iterable[Notificacion] | None = None) -> list[Term]:
    """Return the terms of the notices of a stage (of all its subjects unless told), in order of days.

    Each runs from its own notice, so that it may end on another day than the calendar of the stage says.
    """
    rows = Notificacion.objects.filter(vence_el__isnull=False)
    if notices is not None:
        rows = rows.filter(pk__in=[each.pk for each in notices])
    return sorted(
        [*_answers(etapa, rows), *_reviews(etapa, rows, every=notices is None), *_appeals(etapa, rows)],
        key=lambda term: (term.hasta, term.clave),
    )


def _answers(etapa: Etapa, rows: QuerySet[Notificacion]) -> Iterator[Term]:
    found = Oficio.objects.filter(etapa=etapa, notificacion__in=rows).select_related("sujeto", "etapa")
    said: dict[tuple[str, bool], str] = {}
    for row in found:
        case = row.sujeto.tipo, row.primero_id is not None
        if case not in said:
            said[case] = hearing_of(etapa, case[0], second=case[1])[0]
        act = _("Respuesta al oficio %(number)s") % {"number": row.numero}
        yield Term(
            f"oficio{row.pk}",
            act,
            clock.legal_day(row.notificado_el),
            clock.legal_day(row.vence_el),
            row.sujeto.siglas,
            said[case],
            ours=True,
        )


def _reviews(etapa: Etapa, rows: QuerySet[Notificacion], *, every: bool) -> Iterator[Term]:
    """Yield the term to inform whether each first answer cures, and the days of the review of each subject.

    Those follow from what happened in it, once it is known; until then they are those of the stage. every: whether
    those of all its subjects, or else of those whom an oficio of the notices is of.
    """
    waiting = to_appraise(etapa).filter(notificacion__in=rows).select_related("sujeto", "etapa")
    rule = second_term(etapa)
    if rule is None:
        return
    for first in waiting:
        begins, last = clock.legal_day(first.vence_el), last_second_day(first, rule)
        act, why = _("Informar si las respuestas subsanan"), informing_article(etapa)
        yield Term(f"valoracion{first.pk}", act, begins, last, first.sujeto.siglas, why)
    found = Oficio.objects.filter(notificacion__in=rows, etapa=etapa)
    untold = {row.sujeto_id: row for row in found.filter(primero__primero=None, primero__isnull=False, segundo=None)}
    for each in courses_of(etapa, None if every else set(found.values_list("sujeto", flat=True))):
        if not each.of_the_stage:
            yield from _of_course(each, untold.get(each.sujeto.pk), rule.base)


def _of_course(each: ReviewCourse, untold: Oficio | None, article: str) -> Iterator[Term]:
    """Yield the days of the review of a subject, and that to inform the result of its second answer while it waits."""
    names, days, whose = term_names(), each.days, each.sujeto
    before = max(day.fecha for hito, day in days.items() if hito not in AFTER_SECOND)
    if untold is not None and untold.da_plazo:
        act = _("Informar el resultado de la segunda respuesta")
        yield Term(f"{OWN}resultado{untold.pk}", act, before, days["dictamen"].fecha, whose.siglas, article)
    for hito in AFTER_SECOND:
        act = course_act(names[hito][0], each, first=hito == "dictamen")
        yield Term(f"{OWN}{hito}{whose.pk}", act, before, days[hito].fecha, whose.siglas, days[hito].base)
        before = days[hito].fecha


def without_superseded(terms: Iterable[Term], own: Iterable[Term]) -> list[Term]:
    """Leave out the days of a stage that are counted again for every subject of who looks."""
    each = list(own)
    moved = {term.toca for term in each if term.clave.startswith(OWN)}
    if not moved or moved != {term.toca for term in each}:
        return list(terms)
    return [term for term in terms if not term.clave.startswith(AFTER_SECOND)]


def _appeals(etapa: Etapa, rows: QuerySet[Notificacion]) -> Iterator[Term]:
    found = Resolucion.objects.filter(dictamen__etapa=etapa, numero__in=rows.values("acto"))
    found = found.select_related("dictamen__sujeto")
    known = {each.acto: each for each in rows.filter(acto__in=[row.numero for row in found])}
    for row in found:
        notice = known[row.numero]
        if notice.vence_el is None:
            continue
        told = clock.legal_day(notice.depositada_el)
        rule = appeal_term(told, settings.JURISDICTION, linked=is_linked(etapa))
        yield Term(
            f"impugnacion{row.pk}",
            _("Impugnación de la resolución %(number)s") % {"number": row.numero},
            told,
            clock.legal_day(notice.vence_el),
            row.dictamen.sujeto.siglas,
            rule.articulo,
            ours=True,
        )


def proceeding_events(etapa: Etapa, terms: Iterable[Term]) -> Iterator[CalendarEvent]:
    """Yield those terms for other people's calendars."""
    for term in terms:
        yield CalendarEvent(f"{term.clave}-{etapa.pk}", term.hasta, term.acto, f"{term.toca}. {term.base}")


def proceeding_table(request: HttpRequest, terms: list[Term]) -> Table | None:
    """Draw a page of those terms, or None where nothing was notified."""
    if not terms:
        return None
    now, pager = clock.now(), pager_asked(request.GET, len(terms), SIZE)
    columns = (
        Column("acto", _("Acto"), "cosa"),
        Column("sujeto", _("Sujeto"), source="toca", phone="half"),
        Column("notificado", _("Notificado"), source="desde", show=lambda term: short_day(term.desde, year=True)),
        Column("fecha_limite", _("Fecha límite"), source="hasta", show=lambda term: due_text(end_of(term.hasta))),
        Column("fundamento", _("Fundamento"), source="base", show=basis_html),
        Column("estado", _("Estado"), "estado", show=lambda term: state_of_term(term, now)),
    )
    page = terms[max(0, pager.desde - 1) : pager.hasta]
    return panel(_("Plazos de cada expediente"), page, columns, pagina=pager)
