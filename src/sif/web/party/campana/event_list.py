"""List the agenda as a table, a month and a file."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sif.catalogs.models import Evento
from sif.catalogs.selectors.campaign_events import agenda, agenda_rows
from sif.catalogs.selectors.campaign_terms import earliest_in_time
from sif.web.columns import Column, Link, Row, Values
from sif.web.filters import choice, day, words
from sif.web.law import basis_today, figure_today
from sif.web.party.campaign_page import hour_words, term_words
from sif.web.party.campana.agenda import REGISTERED, STATES, event_url, terms_notices
from sif.web.party.campana.month_view import month_of
from sif.web.party.desk import PartyListing, books_columns, books_filter
from sif.web.party.mesa import Mesa
from sif.web.tables import Empty
from sif.web.tables import Link as Button

MAX_MONTH = 400


def _when(row: Values) -> str:
    cost = gettext("oneroso") if row["oneroso"] else gettext("no oneroso")
    return f"{hour_words(row['hora_inicio'])}, {cost}"


class Events(PartyListing):
    """The agenda of the person's books, the last day first; ?mes=2026-05 shows a month."""

    page, file_name = "eventos", "agenda"
    title = _("Agenda de eventos")
    article = format_lazy("{}; {}", basis_today("plazo_agenda_dias"), basis_today("plazo_cancelar_evento_horas"))
    intro = format_lazy(
        _("Se registra con {ahead} de antelación; lo que cambia se avisa en {change}."),
        ahead=figure_today("plazo_agenda_dias"),
        change=figure_today("plazo_cancelar_evento_horas"),
    )
    filters = {
        "q": words(_("Nombre, lugar o responsable"), "nombre", "municipio", "lugar", "responsable"),
        "contabilidad": books_filter(),
        "estatus": choice(_("Estado"), "estatus", [(key, said) for key, (_look, said) in STATES.items()]),
        "desde": day(_("Desde"), "fecha__gte"),
        "hasta": day(_("Hasta"), "fecha__lte"),
    }
    columns = (
        Column("id_evento", source="identidad", where="file"),
        Column("numero", where="file"),
        Column("nombre", _("Evento"), "cosa", sort=True, link=Link("party:evento", ("contabilidad", "id_evento"))),
        Column("cuando", show=_when, under="nombre", where="screen"),
        *books_columns(),
        Column("tipo", where="file"),
        Column("oneroso", where="file"),
        Column("fecha", _("Fecha"), "dia", sort=True),
        Column("hora_inicio", written=lambda row: f"{row['hora_inicio']:%H:%M}", source="hora_inicio", where="file"),
        Column("hora_fin", written=lambda row: f"{row['hora_fin']:%H:%M}", source="hora_fin", where="file"),
        Column("entidad", where="file"),
        Column("municipio", _("Lugar"), sort=True),
        Column("lugar", under="municipio"),
        Column("responsable", where="file"),
        Column("registrado_el", written=lambda row: row["agenda"].primera.registrada_el, where="file"),
        Column("registro_vence_el", written=lambda row: row["agenda"].registro.vence_el, where="file"),
        Column("a_tiempo", written=lambda row: "si" if row["agenda"].a_tiempo else "no", where="file"),
        Column(
            "registro", _("Registro"), "estado", show=lambda row: REGISTERED[row["agenda"].a_tiempo], where="screen"
        ),
        Column("plazo", _("Para avisar cambios"), show=lambda row: row["plazo"], where="screen"),
        Column("estatus", _("Estado"), "estado", states=STATES),
        Column("cambios", written=lambda row: row["agenda"].cambios, where="file"),
        Column("cambios_tarde", written=lambda row: row["agenda"].cambios_tarde, where="file"),
    )
    empty = Empty(_("Todavía no hay eventos."), _("Registre los actos de la semana que viene."))
    unmatched = _("Ningún evento responde a este filtro.")
    create = Button(_("Evento nuevo"), "party:evento_nuevo")

    def query(self) -> QuerySet[Model]:
        """Select the events of the person's books as they stand."""
        return agenda(self.seat.libros).order_by("-fecha", "hora_inicio", "pk")

    def enrich(self, rows: list[Row]) -> None:
        """Derive the terms of each from its versions."""
        events = Evento.objects.filter(pk__in=[row["pk"] for row in rows])
        known = {each.evento.pk: each for each in agenda_rows(events)}
        for row in rows:
            each = row["agenda"] = known[row["pk"]]
            row["plazo"] = term_words(each.cambio, self.seat.ahora) if each.is_open else ""

    def context(self) -> dict[str, object]:
        """Show the month that the address asks for in the place of the list."""
        asked = self.request.GET.get("mes", "")
        if not asked:
            return super().context()
        return {**self.head(), "mes": self.month(asked), **self.extra()}

    def extra(self) -> Mapping[str, object]:
        """Tell the terms of the agenda."""
        here, month = reverse("party:eventos"), bool(self.request.GET.get("mes"))
        this_month = f"{here}?mes={self.seat.ahora:%Y-%m}"
        views = ((_("Lista"), here, None, not month), (_("Mes"), this_month, None, month))
        return {"avisos": terms_notices(self.seat), "vistas": views}

    def month(self, asked: str) -> Mapping[str, object]:
        """Draw the events of a month by day, of the books asked."""
        mesa: Mesa = self.seat
        today, chosen = mesa.ahora.date(), self.request.GET.get("contabilidad", "")
        month = month_of(asked, today)
        books = [number for number in mesa.libros if str(number) == chosen] or mesa.libros
        by_day: dict[date, list[dict[str, object]]] = {}
        for row in agenda_rows(agenda(books, desde=month.first, hasta=month.last)[:MAX_MONTH]):
            event = row.evento
            entry = {
                "url": event_url(event),
                "hora": f"{event.hora_inicio:%H:%M}",
                "nombre": event.nombre,
                "tarde": not row.a_tiempo,
                "cancelado": event.estatus == "cancelado",
            }
            by_day.setdefault(event.fecha, []).append(entry)
        return month.as_context(by_day, today, earliest_in_time(mesa.ahora))
