"""What is read of the agenda: each event with its terms, whether it and its changes came in time, and its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q, QuerySet

from sif.catalogs.models import CambioEvento, Evento
from sif.catalogs.selectors.campaign_terms import CampaignTerm, agenda_term, change_term


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """An event with its terms. `a_tiempo`: registered in time for the day first said; `cambios_tarde`: changes late."""

    evento: Evento
    registro: CampaignTerm
    a_tiempo: bool
    cambio: CampaignTerm
    cambios: int
    cambios_tarde: int

    @property
    def is_open(self) -> bool:
        """Whether it is still to be held or cancelled."""
        return self.evento.estatus == "por_realizar"


@dataclass(frozen=True, slots=True)
class AgendaChange:
    """A change kept: what the event was, until when it could be told, and whether it was in time."""

    cambio: CambioEvento
    plazo: CampaignTerm
    a_tiempo: bool


def agenda(
    contabilidades: Iterable[int],
    *,
    desde: date | None = None,
    hasta: date | None = None,
    estatus: str = "",
    q: str = "",
) -> QuerySet[Evento]:
    """Events of some books in order of day, narrowed by day (both included), status and words."""
    found = Evento.objects.filter(contabilidad__in=list(contabilidades))
    if desde:
        found = found.filter(fecha__gte=desde)
    if hasta:
        found = found.filter(fecha__lte=hasta)
    if estatus:
        found = found.filter(estatus=estatus)
    if q.strip():
        words = Q()
        for name in ("nombre", "municipio", "lugar", "responsable"):
            words |= Q(**{f"{name}__icontains": q.strip()})
        found = found.filter(words)
    return (
        found.select_related("contabilidad__candidatura__persona", "registrado_por")
        .prefetch_related("cambios")
        .order_by("fecha", "hora_inicio", "pk")
    )


def agenda_row(evento: Evento) -> AgendaRow:
    """An event with its terms (prefetch `cambios` for many)."""
    changes = agenda_changes(evento)
    first = date.fromisoformat(changes[0].cambio.antes["fecha"]) if changes else evento.fecha
    term = agenda_term(first)
    late = sum(not change.a_tiempo for change in changes)
    own = change_term(evento.fecha, evento.hora_inicio)
    return AgendaRow(evento, term, term.met_by(evento.registrado_el), own, len(changes), late)


def agenda_changes(evento: Evento) -> list[AgendaChange]:
    """What an event was before each change, the first first. Being held has no term: it is always in time."""
    found = []
    for change in sorted(evento.cambios.all(), key=lambda row: row.pk):
        day, hour = date.fromisoformat(change.antes["fecha"]), time.fromisoformat(change.antes["hora_inicio"])
        term = change_term(day, hour)
        found.append(AgendaChange(change, term, change.acto == "realizado" or term.met_by(change.hecho_el)))
    return found


def events_to_close(contabilidades: Iterable[int], moment: datetime) -> list[AgendaRow]:
    """Events whose hour passed and nobody has said held or cancelled, the oldest first."""
    past = agenda(contabilidades, hasta=moment.date(), estatus="por_realizar")
    return [row for row in map(agenda_row, past) if _ended(row.evento, moment)]


def _ended(evento: Evento, moment: datetime) -> bool:
    return datetime.combine(evento.fecha, evento.hora_fin, moment.tzinfo) <= moment
