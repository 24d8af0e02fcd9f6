"""Obligaciones: list what the subjects and books of a person owe, as a page, files and an iCalendar."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sif.duties.generating import Obligacion
from sif.web.deposits import takes_deposits
from sif.web.duty_lists import DutyList
from sif.web.party.hoy.duties import owed
from sif.web.party.mesa import Mesa, party_page

PAGES = {
    "AVC": "party:avisos",
    "CTA": "party:cuentas",
    "EDC": "party:bancos",
    "AGE": "party:eventos",
    "POR": "party:prorrateo",
    "RSP": "party:oficios",
    "IC": "party:informes",
    "IPR": "party:informes",
    "IAC": "party:informes",
    "IT": "party:informes",
    "IA": "party:informes",
    "IA-APN": "party:informes",
    "IOE": "party:informes",
    "IM": "party:informes",
}
"""Where each duty is met in this desk."""


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponseBase:
    """Render the list of duties, the pending ones first; with ?formato=, return the list as a file."""
    shown = DutyList(request, owed(mesa))
    if (file := shown.file()) is not None:
        return file
    subjects = {each.pk: each.siglas for each in mesa.sujetos}
    context = {
        "frame": mesa.frame("obligaciones"),
        "vistas": shown.tabs(),
        "filtro": shown.filter,
        "tabla": shown.table(lambda row: address(row, subjects)),
        "linea": shown.line(),
    }
    return render(request, "party/obligaciones.html", context)


@require_safe
@party_page
def ics(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Return the coming duties of the list as an iCalendar file, for other calendars."""
    return DutyList(request, owed(mesa)).icalendar()


def address(row: Obligacion, subjects: Mapping[int, str]) -> str:
    """Return the page where a duty is met, or ''. subjects: the acronym of each that the person acts for."""
    if takes_deposits(row.tipo):
        return reverse("party:obligacion", args=[row.clave, subjects[row.sujeto]])
    name = PAGES.get(row.tipo, "")
    return reverse(name) if name else ""
