"""Register, change, cancel and hold events, each act a version of the event."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time

from django.db.models import Max

from sif.catalogs.models import Evento
from sif.catalogs.services.campaign_refusals import (
    check_choice,
    check_entidad,
    check_words,
    choices_of,
    must_capture,
    refuse,
)
from sif.registry import clock
from sif.registry.history import add_version, current_of
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import acting
from sif.values import Problem

_ROOM = {"nombre": 160, "municipio": 80, "lugar": 250, "responsable": 160}


@dataclass(frozen=True, slots=True)
class NewEvento:
    """An event as captured. `tipo`: publico or privado; `entidad`: three letters; hours within one day."""

    nombre: str
    tipo: str
    oneroso: bool
    fecha: date
    hora_inicio: time
    hora_fin: time
    entidad: str
    municipio: str
    lugar: str
    responsable: str


EVENT_FIELDS = tuple(field.name for field in fields(NewEvento))


def register_evento(contabilidad: Contabilidad, new: NewEvento, by: Usuario) -> Evento:
    """Put an event in the agenda, numbered within its books. Late is not refused: its hour says so [RF 143 Bis].

    Its hour is that at which it arrives, not that at which another act on the books lets it through.
    Raises Refused sin_permiso, cancelada, falta, largo, caracteres, opcion, entidad, horas, fuera_de_etapa.
    """
    arrived = clock.now()
    with acting():
        lock_contabilidades([contabilidad.pk])
        must_capture(by, contabilidad=contabilidad)
        refuse([*_check(contabilidad, new)])
        last = Evento.objects.filter(contabilidad=contabilidad).aggregate(last=Max("numero"))["last"] or 0
        return Evento.objects.create(
            contabilidad=contabilidad,
            numero=last + 1,
            registrada_el=arrived,
            registrada_por=by,
            **asdict(_tidy(new)),
        )


def change_evento(evento: Evento, new: NewEvento, motivo: str, by: Usuario) -> Evento:
    """Change an event not cancelled by another version of it. A change of nothing writes nothing.

    Raises Refused as `register_evento`, or falta (motivo) or cancelado.
    """
    arrived = clock.now()
    with acting():
        standing = _standing(evento)
        must_capture(by, contabilidad=evento.contabilidad)
        refuse([*_check(evento.contabilidad, new), *_reason(motivo), *_not(standing, "cancelado")])
        return add_version(standing, asdict(_tidy(new)), motivo.strip(), by, arrived)


def cancel_evento(evento: Evento, motivo: str, by: Usuario) -> Evento:
    """Say that an event will not be, or was not. Late is not refused: the hour of the version says so.

    Raises Refused sin_permiso, falta (motivo), cancelado or realizado.
    """
    return _end(evento, "cancelado", motivo, by)


def hold_evento(evento: Evento, by: Usuario) -> Evento:
    """Say that an event took place, once its hour has come. Raises Refused aun_no, cancelado, realizado."""
    return _end(evento, "realizado", "Se realizó", by)


def _end(evento: Evento, act: str, motivo: str, by: Usuario) -> Evento:
    arrived = clock.now()
    with acting():
        standing = _standing(evento)
        must_capture(by, contabilidad=evento.contabilidad)
        problems = [*_not(standing, "cancelado"), *_not(standing, "realizado")]
        problems += _reason(motivo) if act == "cancelado" else _begun(standing)
        refuse(problems)
        return add_version(standing, {"estatus": act}, motivo.strip(), by, arrived)


def values_of(evento: Evento) -> NewEvento:
    """Return the current values of an event, in the shape of its capture."""
    return NewEvento(**{name: getattr(evento, name) for name in EVENT_FIELDS})


def _standing(evento: Evento) -> Evento:
    """Return the current version of an event, under the lock of its books."""
    lock_contabilidades([evento.contabilidad_id])
    return current_of(evento)


def _tidy(new: NewEvento) -> NewEvento:
    return replace(new, **{name: getattr(new, name).strip() for name in _ROOM})


def _check(contabilidad: Contabilidad, new: NewEvento) -> Iterator[Problem]:
    yield from check_words({name: getattr(new, name) for name in _ROOM}, _ROOM)
    yield from check_choice("tipo", new.tipo, choices_of(Evento, "tipo"))
    yield from check_entidad(new.entidad)
    if new.hora_fin <= new.hora_inicio:
        yield Problem(
            "horas",
            "hora_fin",
            f"Termina a las {new.hora_fin:%H:%M} y empieza a las {new.hora_inicio:%H:%M}.",
            "Corrija la hora; un acto que pasa de las 24:00 se registra en dos.",
        )
    etapa = contabilidad.etapa
    if not etapa.inicia_el <= new.fecha <= etapa.termina_el:
        yield Problem(
            "fuera_de_etapa",
            "fecha",
            f"El {new.fecha:%d/%m/%Y} no cae en la etapa, que va del {etapa.inicia_el:%d/%m/%Y} al "
            f"{etapa.termina_el:%d/%m/%Y}.",
            "Corrija la fecha o elija la contabilidad de su etapa.",
        )


def _reason(motivo: str) -> list[Problem]:
    return [*check_words({"motivo": motivo}, {"motivo": 200})]


def _not(evento: Evento, state: str) -> Iterator[Problem]:
    if evento.estatus == state:
        yield Problem(
            state, "registro", f"El evento {evento.numero} ya está {state} y así queda.", "Registre otro si hace falta."
        )


def _begun(evento: Evento) -> list[Problem]:
    begins = datetime.combine(evento.fecha, evento.hora_inicio, clock.legal_zone())
    if clock.now() >= begins:
        return []
    return [
        Problem(
            "aun_no",
            "registro",
            f"El evento {evento.numero} empieza el {begins:%d/%m/%Y a las %H:%M}.",
            "Dígalo realizado desde entonces.",
        )
    ]


__all__ = [
    "EVENT_FIELDS",
    "NewEvento",
    "cancel_evento",
    "change_evento",
    "hold_evento",
    "register_evento",
    "values_of",
]
