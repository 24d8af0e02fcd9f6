"""Query the agenda: each event with its terms, its timeliness and its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.db.models import Q, QuerySet

from sif.catalogs.models import Evento
from sif.catalogs.selectors.campaign_terms import CampaignTerm, agenda_term, change_term
from sif.registry.history import current


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """An event with its terms. `a_tiempo`: registered in time for the day first said; `cambios_tarde`: changes late.

    `primera`: its first version, which says when it was registered and by whom.
    """

    evento: Evento
    primera: Evento
    registro: CampaignTerm
    a_tiempo: bool
    cambio: CampaignTerm
    cambios: int
    cambios_tarde: int

    @property
    def is_open(self) -> bool:
        """Return whether the event is still to be held or cancelled."""
        return self.evento.estatus == "por_realizar"


@dataclass(frozen=True, slots=True)
class AgendaChange:
    """A change of an event: its version before and after, until when it could be told, and whether it was in time.

    `acto`: modificado, cancelado or realizado.
    """

    antes: Evento
    despues: Evento
    acto: str
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
    """Events of some books as they stand, by day, narrowed by day (both included), status and words."""
    found = current(Evento.objects.filter(contabilidad__in=list(contabilidades)))
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
    return found.select_related("contabilidad__candidatura__persona").order_by("fecha", "hora_inicio", "pk")


def agenda_row(evento: Evento) -> AgendaRow:
    """Return an event with its terms."""
    return agenda_rows([evento])[0]


def agenda_rows(eventos: Iterable[Evento]) -> list[AgendaRow]:
    """Events with their terms; one query for the versions of all of them."""
    rows = list(eventos)
    versions = _versions({row.identidad for row in rows})
    return [_row(row, versions[row.identidad]) for row in rows]


def _versions(identities: Iterable[int]) -> dict[int, list[Evento]]:
    found: dict[int, list[Evento]] = {}
    kept = Evento.objects.filter(identidad__in=list(identities)).select_related("registrada_por")
    for row in kept.order_by("version"):
        found.setdefault(row.identidad, []).append(row)
    return found


def _row(evento: Evento, versions: list[Evento]) -> AgendaRow:
    changes, term = _changes(versions), agenda_term(versions[0].fecha)
    late = sum(not change.a_tiempo for change in changes)
    own = change_term(evento.fecha)
    return AgendaRow(evento, versions[0], term, term.met_by(versions[0].registrada_el), own, len(changes), late)


def agenda_changes(evento: Evento) -> list[AgendaChange]:
    """Return the changes of an event, the oldest first; holding the event has no term and is always in time."""
    return _changes(_versions([evento.identidad])[evento.identidad])


def _changes(versions: list[Evento]) -> list[AgendaChange]:
    found = []
    for before, after in pairwise(versions):
        act = after.estatus if after.estatus != before.estatus else "modificado"
        term = change_term(before.fecha)
        found.append(AgendaChange(before, after, act, term, act == "realizado" or term.met_by(after.registrada_el)))
    return found


def events_to_close(contabilidades: Iterable[int], moment: datetime) -> list[AgendaRow]:
    """Events whose hour passed and nobody has said held or cancelled, the oldest first."""
    past = agenda(contabilidades, hasta=moment.date(), estatus="por_realizar")
    return agenda_rows(row for row in past if _ended(row, moment))


def _ended(evento: Evento, moment: datetime) -> bool:
    return datetime.combine(evento.fecha, evento.hora_fin, moment.tzinfo) <= moment
