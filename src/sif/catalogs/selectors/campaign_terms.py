"""Compute the terms of the agenda and of contracts from the dated figures of the law."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from sif.law.parameters import load_parameters
from sif.registry import clock

AGENDA, CHANGE, NOTICE = "plazo_agenda_dias", "plazo_cancelar_evento_horas", "plazo_aviso_contrato_dias"


@dataclass(frozen=True, slots=True)
class CampaignTerm:
    """A term. `vence_el`: first instant outside it; `base`: article; `confirmado`: whether its text was read."""

    vence_el: datetime
    plazo: int
    base: str
    confirmado: bool

    def met_by(self, moment: datetime) -> bool:
        """Return whether an act at that instant is within the term."""
        return moment < self.vence_el


def agenda_term(fecha: date) -> CampaignTerm:
    """Until when an event of a day is registered in time: the last whole day that leaves the days asked between."""
    figure = _figure(AGENDA, fecha)
    return _term(figure, clock.midnight(fecha - timedelta(days=figure.valor - 1)))


def change_term(fecha: date) -> CampaignTerm:
    """Until when the change or cancellation of an event is told in time: hours counted from the end of its day."""
    figure = _figure(CHANGE, fecha)
    return _term(figure, clock.midnight(fecha + timedelta(days=1)) + timedelta(hours=figure.valor))


def notice_term(suscrito_el: date, entrega_el: date | None = None) -> CampaignTerm:
    """Until when a contract is noticed in time: days after signing, and before the day of delivery if that is sooner.

    A contract delivered on the day it is signed, or before, leaves that day.
    """
    figure = _figure(NOTICE, suscrito_el)
    due = clock.midnight(suscrito_el + timedelta(days=figure.valor + 1))
    if entrega_el is not None:
        due = min(due, clock.midnight(max(entrega_el, suscrito_el + timedelta(days=1))))
    return _term(figure, due)


def earliest_in_time(moment: datetime) -> date:
    """Return the first day of an event that can still be registered in time at an instant."""
    day = moment.date()
    return day + timedelta(days=_figure(AGENDA, day).valor)


@dataclass(frozen=True, slots=True)
class _Figure:
    valor: int
    base: str
    estatus: str


def _figure(clave: str, fecha: date) -> _Figure:
    span = load_parameters(settings.JURISDICTION)[clave].on(fecha)
    return _Figure(span.valor, span.base, span.estatus)


def _term(figure: _Figure, due: datetime) -> CampaignTerm:
    return CampaignTerm(due, figure.valor, figure.base, figure.estatus == "confirmado")
