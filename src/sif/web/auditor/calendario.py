"""Calendario de plazos: the terms of the stage at hand, for the desks of the authority, as a page and a CSV."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sif.registry import clock
from sif.web.authority_seat import stage_at_hand, stage_frame
from sif.web.proceeding_terms import proceeding_table, proceeding_terms
from sif.web.seats import seated_at
from sif.web.term_pages import days_counted, terms_file, terms_of, terms_table
from sif.web.terms_line import terms_line


@require_safe
@seated_at("auditor")
def listing(request: HttpRequest) -> HttpResponse:
    """Return the calendar of the stage at hand; ?formato= gives it as a file."""
    return _calendar(request, "auditor")


@require_safe
@seated_at("council")
def of_council(request: HttpRequest) -> HttpResponse:
    """Return the same calendar in the desk of the council."""
    return _calendar(request, "council")


def _calendar(request: HttpRequest, mesa: str) -> HttpResponse:
    etapa, now = stage_at_hand(request, mesa), clock.now()
    terms, each = terms_of(etapa), proceeding_terms(etapa)
    if file := terms_file(request, [*terms, *each], now):
        return file
    context = {
        "frame": stage_frame(etapa, mesa, "calendario"),
        "etapa": etapa,
        "dias": days_counted(etapa),
        "tabla": terms_table(request, terms, now),
        "propios": proceeding_table(request, each),
        "linea": terms_line(terms, now) if terms else "",
    }
    return render(request, "auditor/calendario.html", context)
