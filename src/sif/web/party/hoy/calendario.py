"""Calendario de plazos: the terms of the current stage, each with its article, as a page, a CSV and an iCalendar."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sif.notices.selectors import mailbox
from sif.web.icalendar import CalendarEvent, icalendar_response
from sif.web.party.mesa import Mesa, party_page
from sif.web.proceeding_terms import proceeding_events, proceeding_table, proceeding_terms, without_superseded
from sif.web.term_pages import days_counted, events_of, terms_file, terms_of, terms_table
from sif.web.terms_line import Term, terms_line


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the calendar of the current stage; ?formato= gives it as a file."""
    own = _own(mesa)
    terms = without_superseded(terms_of(mesa.etapa), own) if mesa.etapa else []
    if file := terms_file(request, [*terms, *own], mesa.ahora):
        return file
    context = {
        "frame": mesa.frame("calendario"),
        "etapa": mesa.etapa,
        "dias": days_counted(mesa.etapa) if mesa.etapa else "",
        "tabla": terms_table(request, terms, mesa.ahora),
        "linea": terms_line([*terms, *own], mesa.ahora) if terms else "",
        "propios": proceeding_table(request, own),
    }
    return render(request, "party/calendario.html", context)


@require_safe
@party_page
def ics(_request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the same terms as an iCalendar file (RFC 5545), each an event that ends with its term."""
    etapa, own = mesa.etapa, _own(mesa)
    events: list[CalendarEvent] = []
    if etapa is not None:
        events += events_of(etapa, without_superseded(terms_of(etapa), own))
        events += proceeding_events(etapa, own)
    return icalendar_response(events, "Calendario de plazos", "plazos.ics")


def _own(mesa: Mesa) -> list[Term]:
    """Return the terms that run from what was notified to the subjects of the person, in the stage shown."""
    if mesa.etapa is None:
        return []
    seen = [each.notificacion for each in mailbox(mesa.usuario, named=mesa.avisos)]
    return proceeding_terms(mesa.etapa, seen) if seen else []
