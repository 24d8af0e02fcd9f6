"""List the terms that run from each notice of a stage: the answer to an oficio and the appeal of a resolución."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sif.law.calendar import Milestone, appeal_term
from sif.notices.models import Notificacion
from sif.proceedings.models import Oficio, Resolucion
from sif.proceedings.terms import hearing_of, informing_article, last_second_day, second_term, to_appraise
from sif.registry import clock
from sif.registry.models import Etapa
from sif.registry.procesos import is_linked
from sif.registry.stage_days import calendar_of
from sif.web.columns import Column, panel
from sif.web.formats import due_text, short_day
from sif.web.icalendar import CalendarEvent, end_of
from sif.web.tables import Table, pager_asked
from sif.web.term_pages import basis_html, state_of_term, term_names
from sif.web.terms_line import Term

SIZE = 50
SECOND, AFTER_SECOND = "segundo-", ("dictamen", "comision", "consejo")
"""How the keys of the days after a second oficio begin, and the milestones that it counts again."""


def proceeding_terms(etapa: Etapa, notices: Iterable[Notificacion] | None = None) -> list[Term]:
    """Return the terms of the notices of a stage (of all its subjects unless told), in order of days.

    Each runs from its own notice, so that it may end on another day than the calendar of the stage says.
    """
    rows = Notificacion.objects.filter(vence_el__isnull=False)
    if notices is not None:
        rows = rows.filter(pk__in=[each.pk for each in notices])
    return sorted(
        [*_answers(etapa, rows), *_reviews(etapa, rows), *_appeals(etapa, rows)],
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


def _reviews(etapa: Etapa, rows: QuerySet[Notificacion]) -> Iterator[Term]:
    """Yield the term to inform whether each first answer cures, and the days of the review after a second oficio.

    Those are counted from the notice of the second oficio.
    """
    found = Oficio.objects.filter(notificacion__in=rows, etapa=etapa, primero__isnull=False).select_related("sujeto")
    names, known = term_names(), dict[date, dict[str, Milestone]]()
    rule, untold = second_term(etapa), set(found.filter(segundo=None).values_list("pk", flat=True))
    article = rule.base if rule else ""
    waiting = to_appraise(etapa).filter(notificacion__in=rows).select_related("sujeto", "etapa")
    for first, last in [(each, last_second_day(each, rule)) for each in waiting] if rule else ():
        begins, act = clock.legal_day(first.vence_el), _("Informar si las respuestas subsanan")
        yield Term(f"valoracion{first.pk}", act, begins, last, first.sujeto.siglas, informing_article(etapa))
    for row in found:
        told = clock.legal_day(row.notificado_el)
        if told not in known:
            known[told] = calendar_of(etapa, told)
        before = clock.legal_day(row.vence_el)
        if row.pk in untold:
            last, act = known[told]["dictamen"].fecha, _("Informar el resultado de la segunda respuesta")
            yield Term(f"{SECOND}resultado{row.pk}", act, before, last, row.sujeto.siglas, article)
        for hito in AFTER_SECOND:
            day = known[told][hito]
            yield Term(f"{SECOND}{hito}{row.pk}", names[hito][0], before, day.fecha, row.sujeto.siglas, day.base)
            before = day.fecha


def without_superseded(terms: Iterable[Term], own: Iterable[Term]) -> list[Term]:
    """Leave out the days of a stage that a second oficio counts again for every subject of who looks."""
    each = list(own)
    moved = {term.toca for term in each if term.clave.startswith(SECOND)}
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
