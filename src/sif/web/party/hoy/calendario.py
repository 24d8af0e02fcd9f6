"""Calendario de plazos: the terms of the current stage, each with its article, as a page, a CSV and an iCalendar."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sif.web.icalendar import icalendar_response
from sif.web.party.mesa import Mesa, party_page
from sif.web.term_pages import days_counted, events_of, terms_file, terms_of, terms_table
from sif.web.terms_line import terms_line


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the calendar of the current stage; ?formato= gives it as a file."""
    terms = terms_of(mesa.etapa) if mesa.etapa else []
    if file := terms_file(request, terms, mesa.ahora):
        return file
    context = {
        "frame": mesa.frame("calendario"),
        "etapa": mesa.etapa,
        "dias": days_counted(mesa.etapa) if mesa.etapa else "",
        "tabla": terms_table(request, terms, mesa.ahora),
        "linea": terms_line(terms, mesa.ahora) if terms else "",
    }
    return render(request, "party/calendario.html", context)


@require_safe
@party_page
def ics(_request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the same terms as an iCalendar file (RFC 5545), each an event that ends with its term."""
    events = events_of(mesa.etapa) if mesa.etapa else ()
    return icalendar_response(events, "Calendario de plazos", "plazos.ics")
