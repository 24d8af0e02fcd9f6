"""List the agenda as a table, a month and a file."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sif.catalogs.models import Evento
from sif.catalogs.selectors.campaign_events import AgendaRow, agenda, agenda_rows, events_to_close
from sif.catalogs.selectors.campaign_terms import earliest_in_time
from sif.web.formats import long_day
from sif.web.party.campaign_page import books_thing, hour_words, rows_of_page, term_words
from sif.web.party.catalog_form import SearchForm, file_asked
from sif.web.party.desk import captured
from sif.web.party.mesa import Mesa, numbered, party_page
from sif.web.party.month import month_of
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, file_links
from sif.web.typed import typed_number

HEAD = (
    "id_evento", "contabilidad", "numero", "nombre", "tipo", "oneroso", "fecha", "hora_inicio", "hora_fin", "entidad",
    "municipio", "lugar", "responsable", "estatus", "registrado_el", "registro_vence_el", "a_tiempo", "cambios",
    "cambios_tarde",
)  # fmt: skip
MAX_MONTH = 400


class AgendaFilter(SearchForm):
    """What narrows the agenda."""

    desde = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    hasta = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: Any, mesa: Mesa) -> None:
        states = [("", _("Todos")), ("por_realizar", _("Por realizar")), ("realizado", _("Realizado")),
                  ("cancelado", _("Cancelado"))]  # fmt: skip
        super().__init__(
            data, _("Nombre, lugar o responsable"), contabilidad=(_("Contabilidad"), books_choices(mesa)),
            estatus=(_("Estado"), states),
        )  # fmt: skip
        self.fields["desde"].label, self.fields["hasta"].label = _("Desde"), _("Hasta")


def books_choices(mesa: Mesa) -> list[tuple[str, str]]:
    """The person's books, to filter by one."""
    return [("", _("Todas")), *numbered(mesa.libros.values())]


def asked_books(mesa: Mesa, text: str) -> list[int]:
    """The books asked by number, or all of the person's."""
    number = typed_number(text)
    return [number] if number in mesa.libros else list(mesa.libros)


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """The agenda as a list, or the month with ?mes=2026-05; ?formato=csv or xlsx gives all that was asked."""
    form = AgendaFilter(request.GET, mesa)
    books = asked_books(mesa, form.asked("contabilidad"))
    found = agenda(
        books, desde=form.cleaned_data.get("desde"), hasta=form.cleaned_data.get("hasta"),
        estatus=form.asked("estatus"), q=form.asked("q"),
    ).order_by("-fecha", "hora_inicio", "pk")  # fmt: skip
    if answer := file_asked(request, "agenda", HEAD, (_file_row(row) for row in agenda_rows(_all(request, found)))):
        return answer
    asked = request.GET.get("mes", "")
    context = {
        "frame": mesa.frame("eventos"), "titulo": _("Agenda de eventos"), "articulo": "RF 143 Bis",
        "intro": _("Se registra con siete días de antelación; lo que cambia se avisa en 48 horas."),
        "nuevos": _new_links(mesa), "avisos": terms_notices(mesa), "filtro": None if asked else form,
        "vistas": _views(asked, mesa.ahora.date()),
    }  # fmt: skip
    if asked:
        context["mes"] = _month(mesa, asked, books)
    else:
        context["tabla"] = _table(request, mesa, found)
    return render(request, "party/campana_lista.html", context)


def _all(request: HttpRequest, found: Any) -> Any:
    return found if request.GET.get("formato") in ("csv", "xlsx") else ()


def _new_links(mesa: Mesa) -> list[Link]:
    return [Link(_("Evento nuevo"), reverse("party:evento_nuevo"), "plus-lg")] if captured(mesa) else []


def _views(asked: str, today: date) -> list[tuple[str, str, None, bool]]:
    here = reverse("party:eventos")
    return [
        (_("Lista"), here, None, not asked),
        (_("Mes"), f"{here}?mes={today:%Y-%m}", None, bool(asked)),
    ]  # fmt: skip


def terms_notices(mesa: Mesa) -> list[str]:
    """The first day still in time, and what passed and nobody closed."""
    now = mesa.ahora
    said = [
        _("Hoy se registra a tiempo un evento del %(day)s en adelante. Antes de esa fecha se admite y queda marcado.")
        % {"day": long_day(earliest_in_time(now), weekday=True)}
    ]
    waiting = len(events_to_close([books.pk for books in mesa.actuales], now))
    if waiting:
        words = ngettext(
            "%(n)d evento ya pasó y nadie ha dicho si se realizó o se canceló.",
            "%(n)d eventos ya pasaron y nadie ha dicho si se realizaron o se cancelaron.", waiting,
        )  # fmt: skip
        said.append(words % {"n": waiting})
    return said


def _table(request: HttpRequest, mesa: Mesa, found: Any) -> Table:
    columns = (
        Column("evento", _("Evento"), "cosa"), Column("contabilidad", _("Contabilidad")),
        Column("fecha", _("Fecha"), "dia"), Column("lugar", _("Lugar")), Column("registro", _("Registro"), "estado"),
        Column("plazo", _("Para avisar cambios")), Column("estado", _("Estado"), "estado"),
    )  # fmt: skip
    shown, page = rows_of_page(request, found, found.count())
    rows = [_row(row, mesa.ahora) for row in agenda_rows(shown)]
    empty = Empty(_("Ningún evento responde a este filtro."), _("Registre los actos de la semana que viene."))
    return Table(_("Agenda de eventos"), columns, rows, pagina=page, vacia=empty, exportar=file_links(request.GET))


def _row(row: AgendaRow, now: datetime) -> Row:
    event = row.evento
    when = f"{hour_words(event.hora_inicio)}, {_('oneroso') if event.oneroso else _('no oneroso')}"
    return Row(
        {
            "evento": Thing(event.nombre, event_url(event), debajo=when),
            "contabilidad": books_thing(event.contabilidad), "fecha": event.fecha,
            "lugar": Thing(event.municipio, debajo=event.lugar), "registro": register_state(row),
            "plazo": term_words(row.cambio, now) if row.is_open else "", "estado": event_state(event),
        }
    )  # fmt: skip


def register_state(row: AgendaRow) -> tuple[str, str]:
    """Whether it was put in the agenda in time."""
    return ("en_plazo", _("A tiempo")) if row.a_tiempo else ("extemporaneo", _("Extemporáneo"))


def event_state(event: Evento) -> tuple[str, str]:
    """Whether it is to be, was, or will not be."""
    keys = {"por_realizar": "por_venir", "realizado": "cumplido", "cancelado": "cancelado"}
    words = {"por_realizar": _("Por realizar"), "realizado": _("Realizado"), "cancelado": _("Cancelado")}
    return keys[event.estatus], words[event.estatus]


def event_url(event: Evento) -> str:
    """The address of an event."""
    return reverse("party:evento", args=[event.contabilidad_id, event.identidad])


def _file_row(row: AgendaRow) -> tuple[object, ...]:
    event = row.evento
    return (
        event.identidad, event.contabilidad_id, event.numero, event.nombre, event.tipo, _yes(event.oneroso),
        event.fecha, f"{event.hora_inicio:%H:%M}", f"{event.hora_fin:%H:%M}", event.entidad, event.municipio,
        event.lugar, event.responsable, event.estatus, row.primera.registrada_el, row.registro.vence_el,
        _yes(row.a_tiempo), row.cambios, row.cambios_tarde,
    )  # fmt: skip


def _yes(value: bool) -> str:
    return "si" if value else "no"


def _month(mesa: Mesa, asked: str, books: list[int]) -> dict[str, Any]:
    month = month_of(asked, mesa.ahora.date())
    events = agenda(books, desde=month.first, hasta=month.last)[:MAX_MONTH]
    by_day: dict[date, list[dict[str, object]]] = {}
    for row in agenda_rows(events):
        event = row.evento
        entry = {
            "url": event_url(event), "hora": f"{event.hora_inicio:%H:%M}", "nombre": event.nombre,
            "tarde": not row.a_tiempo, "cancelado": event.estatus == "cancelado",
        }  # fmt: skip
        by_day.setdefault(event.fecha, []).append(entry)
    return month.as_context(by_day, mesa.ahora.date(), earliest_in_time(mesa.ahora))
