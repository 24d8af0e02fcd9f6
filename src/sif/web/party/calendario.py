"""Calendario de plazos: the terms of the review, each with its article, as a page, a CSV and an iCalendar."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sif.proceedings.terms import calendar_of
from sif.registry import clock
from sif.registry.models import Etapa, Ventana
from sif.web.drawings import reach
from sif.web.files import csv_file
from sif.web.formats import short_day
from sif.web.marks import article_html
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.terms import due_text
from sif.web.tables import Column, Empty, Link, Row, Table, Thing

_DAYS = re.compile(r"\d+ días \w+")
_ARTICLE = re.compile(r"(?<![\w-])[A-Z]{2,} \d+(?:\.\w+)*(?![\w/])")
OURS = ("informe", "respuesta")


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the calendar: its key, what is due, the day it starts and ends, who acts, basis, and the day moved."""

    clave: str
    acto: str
    desde: date
    hasta: date
    toca: str
    base: str
    movida_de: date | None = None

    @property
    def is_ours(self) -> bool:
        """Whether the subject must act."""
        return self.clave.startswith(OURS)


def _names() -> dict[str, tuple[str, str]]:
    return {
        "informe": (_("Informe de campaña"), _("Partidos y candidaturas")),
        "oficio": (_("Oficio de errores y omisiones"), _("Unidad Técnica")),
        "respuesta": (_("Respuesta de los partidos"), _("Partidos y candidaturas")),
        "dictamen": (_("Dictamen y proyecto de resolución"), _("Unidad Técnica")),
        "comision": (_("Votación en la Comisión"), _("Comisión de Fiscalización")),
        "consejo": (_("Resolución del Consejo"), _("Consejo General")),
    }


def terms_of(etapa: Etapa) -> list[Term]:
    """The reports of each period, then the review, in order."""
    names = _names()
    found = []
    windows = Ventana.objects.filter(periodo__etapa=etapa, tipo=Ventana.Tipo.NORMAL).select_related("periodo")
    for window in windows.order_by("periodo__numero"):
        period, due = window.periodo, window.cierra_el.astimezone(clock.legal_zone()).date() - timedelta(days=1)
        act = _("Informe de campaña, periodo %(n)d") % {"n": period.numero}
        found.append(Term(f"informe{period.numero}", act, period.hasta, due, names["informe"][1], window.base))
    before = etapa.termina_el
    for key, milestone in calendar_of(etapa).items():
        if key != "informe":
            act, who = names[key]
            found.append(Term(key, act, before, milestone.fecha, who, milestone.base, milestone.movida_de))
        before = milestone.fecha
    return found


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """The calendar of the current stage; ?formato=csv gives it as a file."""
    terms = terms_of(mesa.etapa) if mesa.etapa else []
    if request.GET.get("formato") == "csv":
        head = ("acto", "fecha_limite", "quien", "fundamento", "movida_de")
        return csv_file("calendario", head, [(t.acto, t.hasta, t.toca, t.base, t.movida_de) for t in terms])
    context = {
        "frame": mesa.frame("calendario"), "etapa": mesa.etapa, "tabla": _table(terms, mesa.ahora),
        "linea": _drawing(terms, mesa.ahora) if terms else "",
    }  # fmt: skip
    return render(request, "party/calendario.html", context)


@require_safe
@party_page
def ics(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """The same terms as an iCalendar file (RFC 5545), each an event that ends with its term."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//SIF//Calendario de plazos//ES", "CALSCALE:GREGORIAN"]
    stamp = mesa.ahora.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for term in terms_of(mesa.etapa) if mesa.etapa else []:
        end = _end_of(term.hasta).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        start = (_end_of(term.hasta) - timedelta(hours=1)).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        lines += [
            "BEGIN:VEVENT", f"UID:{term.clave}-{mesa.etapa.pk if mesa.etapa else 0}@sif", f"DTSTAMP:{stamp}",
            f"DTSTART:{start}", f"DTEND:{end}", f"SUMMARY:{_ical(term.acto)}",
            f"DESCRIPTION:{_ical(f'{term.toca}. {term.base}')}", "END:VEVENT",
        ]  # fmt: skip
    lines.append("END:VCALENDAR")
    text = "".join(f"{_folded(line)}\r\n" for line in lines)
    response = HttpResponse(text.encode(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="plazos.ics"'
    return response


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, clock.legal_zone())


def _ical(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, continued by a space, as RFC 5545 3.1 asks; no letter is cut in two."""
    parts: list[str] = []
    current = ""
    for letter in line:
        if len((current + letter).encode()) > (75 if not parts else 74):
            parts.append(current)
            current = ""
        current += letter
    return "\r\n ".join([*parts, current])


def _table(terms: list[Term], now: datetime) -> Table:
    columns = (
        Column("acto", _("Acto"), "cosa"),
        Column("limite", _("Fecha límite")),
        Column("plazo", _("Plazo")),
        Column("toca", _("Quién actúa")),
        Column("fundamento", _("Fundamento")),
        Column("cambio", _("Cambio")),
        Column("estado", _("Estado"), "estado"),
    )
    rows = [
        Row(
            {
                "acto": Thing(term.acto), "limite": due_text(_end_of(term.hasta)), "toca": term.toca,
                "plazo": _length(term), "fundamento": _basis(term), "cambio": _moved(term), "estado": _state(term, now),
            },
            resaltada=_is_running(term, now),
        )
        for term in terms
    ]  # fmt: skip
    return Table(
        _("Los términos"), columns, rows, vacia=Empty(_("Todavía no hay una etapa con plazos.")),
        exportar=(Link(_("CSV"), "?formato=csv"),) if rows else (),
    )  # fmt: skip


def _length(term: Term) -> str:
    """The days of its stretches as the calendar counts them: «10 días naturales»."""
    days = (term.hasta - term.desde).days
    return " + ".join(_DAYS.findall(term.base)) or ngettext("%(n)d día", "%(n)d días", days) % {"n": days}


def _basis(term: Term) -> SafeString | str:
    """The article that gives it; an accord by its words."""
    cited = _ARTICLE.search(term.base)
    return article_html(cited[0]) if cited and ":" not in term.base else term.base


def _moved(term: Term) -> SafeString | str:
    if term.movida_de is None:
        return ""
    return format_html("<s>{}</s>, {}", short_day(term.movida_de), _("movido por acuerdo"))


def _is_running(term: Term, now: datetime) -> bool:
    return term.desde < now.date() <= term.hasta


def _state(term: Term, now: datetime) -> str | tuple[str, str]:
    if now >= _end_of(term.hasta):
        return ("cumplido", _("Terminado"))
    if _is_running(term, now):
        return ("por_vencer", _("En curso"))
    return "movido" if term.movida_de else "por_venir"


def _drawing(terms: list[Term], now: datetime) -> SafeString:
    """The terms as a line of bars on their days; its table stands below."""
    first, last = min(term.desde for term in terms), max(term.hasta for term in terms)
    span = max(1, (last - first).days)

    def at(day: date) -> str:
        place = reach((day - first).days, span) * 86 // 100
        return f"{place // 100}.{place % 100:02d}%"

    shapes = []
    for row, term in enumerate(terms):
        width = reach((term.hasta - term.desde).days, span) * 86 // 100
        kind = "running" if _is_running(term, now) else "ours" if term.is_ours else ""
        late = (term.desde - first).days * 2 > span
        label = f"{term.acto}, {short_day(term.hasta)}"
        shapes.append(
            format_html(
                '<rect class="{}" x="{}" y="{}" width="{}" height="14"/>'
                '<text class="name" x="{}" y="{}" dx="{}" text-anchor="{}">{}</text>',
                kind, at(term.desde), row * 28 + 8, f"{width // 100}.{width % 100:02d}%",
                at(term.desde) if late else at(term.hasta), row * 28 + 20, -6 if late else 6,
                "end" if late else "start", label,
            )
        )  # fmt: skip
    height = len(terms) * 28 + 30
    if first <= now.date() <= last:
        shapes.append(
            format_html(
                '<line class="now" x1="{0}" x2="{0}" y1="0" y2="{1}"/>'
                '<text class="name" x="{0}" dx="6" y="{2}">{3}</text>',
                at(now.date()), height - 14, height - 6, _("hoy, %(day)s") % {"day": short_day(now.date())},
            )
        )  # fmt: skip
    body = SafeString("".join(shapes))
    label = _("Los plazos de la etapa en una línea; la tabla de abajo dice lo mismo.")
    return format_html(
        '<svg class="terms-line" role="img" aria-label="{}" width="100%" height="{}">{}</svg>', label, height, body
    )
