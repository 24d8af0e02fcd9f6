"""Draw the calendar of a stage: the terms of its reports and of their reviews, each with its article."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from operator import attrgetter

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sif.law.articles import Supuesto, speaks_of_case
from sif.law.calendar import Milestone, every_day_article
from sif.registry.models import Etapa, Periodo, Ventana
from sif.registry.procesos import is_linked
from sif.registry.stage_days import period_calendars_of
from sif.registry.windows import last_day
from sif.web.columns import Column, file_asked, panel
from sif.web.course_words import provisional_act
from sif.web.formats import due_text, short_day
from sif.web.icalendar import CalendarEvent, end_of
from sif.web.marks import article_html
from sif.web.tables import Empty, Table, file_links
from sif.web.terms_line import Term

_DAYS = re.compile(r"\d+ días \w+")
_ISO = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_ARTICLE = re.compile(r"(?<![\w-])[A-Z]{2,} \d+(?:\.\w+)*(?![\w/])")
OURS = frozenset({"informe", "respuesta"})
BY_PERIOD = frozenset({"informe", "oficio", "respuesta"})


def term_names() -> dict[str, tuple[str, str]]:
    """Return the name of each milestone of a review and who acts by then."""
    return {
        "informe": (_("Informe"), _("Partidos y candidaturas")),
        "oficio": (_("Oficio de errores y omisiones"), _("Unidad Técnica")),
        "respuesta": (_("Respuesta de los partidos"), _("Partidos y candidaturas")),
        "dictamen": (_("Dictamen y proyecto de resolución"), _("Unidad Técnica")),
        "comision": (_("Votación en la Comisión"), _("Comisión de Fiscalización")),
        "consejo": (_("Resolución del Consejo"), _("Consejo General")),
    }


def _report_words(etapa: Etapa) -> str:
    names = {
        Etapa.Tipo.CAMPANA: _("Informe de campaña"),
        Etapa.Tipo.PRECAMPANA: _("Informe de precampaña"),
        Etapa.Tipo.APOYO_CIUDADANO: _("Informe de apoyo ciudadano"),
        Etapa.Tipo.ORDINARIO: _("Informe del ejercicio"),
    }
    return names[Etapa.Tipo(etapa.tipo)]


def terms_of(etapa: Etapa) -> list[Term]:
    """Return the report of each period with its review, and the dictamen of them all, in order of days."""
    windows: dict[int, list[Ventana]] = {}
    for window in Ventana.objects.filter(periodo__etapa=etapa, tipo=Ventana.Tipo.NORMAL, sujeto=None):
        windows.setdefault(window.periodo_id, []).append(window)
    reviews = period_calendars_of(etapa)
    found = [
        term
        for period, days in reviews.items()
        for term in _of_period(etapa, period, days, windows.get(period.pk, []), several=len(reviews) > 1)
    ]
    return sorted(found, key=lambda term: term.hasta)


def _of_period(
    etapa: Etapa, period: Periodo, days: dict[str, Milestone], windows: list[Ventana], *, several: bool
) -> Iterator[Term]:
    names, before = term_names(), period.hasta
    for key, milestone in days.items():
        act, who = names[key]
        due, base, moved = milestone.fecha, milestone.base, milestone.movida_de
        if key == "informe":
            act = _report_words(etapa)
            if windows:
                closing = attrgetter("cierra_el")
                first, last = min(windows, key=closing), max(windows, key=closing)
                due, base = last_day(last), last.base
                moved = last_day(first) if first.cierra_el < last.cierra_el else moved
        if several and key in BY_PERIOD:
            act = _("%(act)s, periodo %(n)d") % {"act": act, "n": period.numero}
        act = provisional_act(act, milestone)
        yield Term(f"{key}{period.numero}", act, before, due, who, base, moved, ours=key in OURS)
        before = milestone.fecha


def days_counted(etapa: Etapa) -> str:
    """Return the days that the terms of a stage count: every day, every day to be confirmed, or business days."""
    if not is_linked(etapa):
        return "habiles"
    article = every_day_article(settings.JURISDICTION)
    case = Supuesto("partido", etapa.tipo, etapa.proceso.ambito)
    return "todos" if speaks_of_case(article, case, settings.JURISDICTION) else "todos_por_confirmar"


def events_of(etapa: Etapa, terms: Iterable[Term]) -> Iterator[CalendarEvent]:
    """Yield the same terms for other people's calendars."""
    for term in terms:
        yield CalendarEvent(f"{term.clave}-{etapa.pk}", term.hasta, term.acto, f"{term.toca}. {term.base}")


def _columns(now: datetime) -> tuple[Column, ...]:
    return (
        Column("acto", _("Acto"), "cosa"),
        Column(
            "fecha_limite",
            _("Fecha límite"),
            source="hasta",
            phone="row",
            show=lambda term: due_text(end_of(term.hasta)),
        ),
        Column("plazo", _("Plazo"), show=_length, where="screen"),
        Column("quien", _("Quién actúa"), source="toca"),
        Column("fundamento", _("Fundamento"), source="base", show=basis_html),
        Column("movida_de", _("Cambio"), show=_moved, written=lambda term: term.movida_de),
        Column("estado", _("Estado"), "estado", show=lambda term: state_of_term(term, now), where="screen"),
    )


def terms_file(request: HttpRequest, terms: list[Term], now: datetime) -> HttpResponse | None:
    """Return the terms as the file that ?formato= asks for."""
    return file_asked(request, "calendario", terms, _columns(now))


def terms_table(request: HttpRequest, terms: list[Term], now: datetime) -> Table:
    """Draw the terms, each with its length, its article and what moved it."""
    return panel(
        _("Los términos"),
        terms,
        _columns(now),
        look=lambda term: {"resaltada": term.runs(now)},
        vacia=Empty(_("Todavía no hay una etapa con plazos.")),
        exportar=file_links(request.GET) if terms else (),
    )


def _length(term: Term) -> str:
    """Return the days of its stretches as the calendar counts them: «10 días naturales»."""
    days = (term.hasta - term.desde).days
    return " + ".join(_DAYS.findall(term.base)) or ngettext("%(n)d día", "%(n)d días", days) % {"n": days}


def basis_html(term: Term) -> SafeString | str:
    """Return the article that gives it; an accord by its words."""
    cited = _ARTICLE.search(term.base)
    return article_html(cited[0]) if cited and ":" not in term.base else basis_words(term.base)


def basis_words(base: str) -> str:
    """Return the stretches of a term with their days as a page writes them: segunda respuesta 20 jul 2026: 5 días."""
    return _ISO.sub(lambda day: short_day(date.fromisoformat(day[0]), year=True), base)


def _moved(term: Term) -> SafeString | str:
    if term.movida_de is None:
        return _("ninguno")
    return format_html("<s>{}</s>, {}", short_day(term.movida_de), _("movido por acuerdo"))


def state_of_term(term: Term, now: datetime) -> str | tuple[str, str]:
    """Return whether a term ended, runs or is to come, as shown."""
    if now >= end_of(term.hasta):
        return ("cumplido", _("Terminado"))
    if term.runs(now):
        return ("por_vencer", _("En curso"))
    return "movido" if term.movida_de else "por_venir"
