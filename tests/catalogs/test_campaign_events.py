"""The agenda: time rules warn and never refuse, changes are kept, another's books are refused."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from sif.catalogs.models import Evento
from sif.catalogs.selectors.campaign_events import agenda, agenda_changes, agenda_row, events_to_close
from sif.catalogs.selectors.campaign_terms import agenda_term, change_term, earliest_in_time, notice_term
from sif.catalogs.services.campaign_events import (
    NewEvento,
    cancel_evento,
    change_evento,
    hold_evento,
    register_evento,
)
from sif.registry import clock
from sif.values import Refused
from small_world import MOMENT, ZONE, World, world

__all__ = ["world"]
RALLY = NewEvento(
    "Arranque de campaña",
    "publico",
    True,
    date(2024, 4, 22),
    time(17),
    time(20),
    "MEX",
    "San Jacinto",
    "Plaza Juárez, Centro",
    "Rita Solís",
)


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2024, 4, day, hour, minute, tzinfo=ZONE)


def codes(refused: Any) -> set[tuple[str, str]]:
    return {(problem.codigo, problem.donde) for problem in refused.value.problems}


@pytest.mark.parametrize(("moment", "in_time"), [(at(15, 23, 59), True), (at(16, 0), False)])
def test_the_seventh_day_before_is_the_last_in_time(world: World, moment: datetime, in_time: bool) -> None:
    with clock.at(moment):
        row = agenda_row(register_evento(world.books, RALLY, world.clerk))
    assert row.a_tiempo is in_time
    assert row.registro.vence_el == at(16, 0)
    assert (row.registro.plazo, row.registro.confirmado) == (7, False)


def test_the_first_day_in_time_is_told_before() -> None:
    assert earliest_in_time(MOMENT) == date(2024, 4, 22)
    assert agenda_term(earliest_in_time(MOMENT)).met_by(MOMENT)
    assert not agenda_term(earliest_in_time(MOMENT) - timedelta(days=1)).met_by(MOMENT)


def test_an_event_that_passed_is_registered_late_and_marked(world: World) -> None:
    event = register_evento(world.books, replace(RALLY, fecha=date(2024, 4, 5)), world.clerk)
    assert not agenda_row(event).a_tiempo
    assert [row.evento for row in events_to_close([world.books.pk], MOMENT)] == [event]


def test_numbers_are_of_each_books(world: World) -> None:
    first, second = (register_evento(world.books, RALLY, world.clerk) for _ in range(2))
    other = register_evento(world.other_books, RALLY, world.clerk)
    assert [first.numero, second.numero, other.numero] == [1, 2, 1]


def test_each_wrong_field_is_named(world: World) -> None:
    wrong = replace(
        RALLY, nombre=" ", tipo="secreto", fecha=date(2024, 7, 1), hora_fin=time(16), entidad="México", lugar="x" * 251
    )
    with pytest.raises(Refused) as refused:
        register_evento(world.books, wrong, world.clerk)
    assert codes(refused) == {
        ("falta", "nombre"),
        ("opcion", "tipo"),
        ("fuera_de_etapa", "fecha"),
        ("horas", "hora_fin"),
        ("entidad", "entidad"),
        ("largo", "lugar"),
    }
    assert not Evento.objects.filter(contabilidad=world.books).exists()


def test_a_stranger_is_refused(world: World) -> None:
    event = register_evento(world.books, RALLY, world.clerk)
    for act in (
        lambda: register_evento(world.books, RALLY, world.stranger),
        lambda: change_evento(event, replace(RALLY, nombre="Otro"), "porque sí", world.stranger),
        lambda: cancel_evento(event, "porque sí", world.stranger),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == {("sin_permiso", "registro")}


def test_what_it_was_before_a_change_is_kept(world: World) -> None:
    event = register_evento(world.books, RALLY, world.clerk)
    moved = change_evento(
        event, replace(RALLY, fecha=date(2024, 4, 18), lugar="Quiosco"), "Cambió el permiso", world.clerk
    )
    assert (moved.fecha, moved.lugar) == (date(2024, 4, 18), "Quiosco")
    (change,) = agenda_changes(moved)
    assert (change.antes.pk, change.antes.fecha, change.antes.lugar) == (event.pk, RALLY.fecha, RALLY.lugar)
    kept = change.despues
    assert (kept.motivo, kept.registrada_por, change.acto, change.a_tiempo) == (
        "Cambió el permiso",
        world.clerk,
        "modificado",
        True,
    )
    assert (moved.identidad, moved.version, moved.numero) == (event.pk, 2, event.numero)
    assert list(agenda([world.books.pk])) == [moved]
    assert agenda_row(moved).a_tiempo, "cuenta desde el día que se dijo primero"


def test_a_change_of_nothing_writes_nothing(world: World) -> None:
    event = register_evento(world.books, RALLY, world.clerk)
    change_evento(event, replace(RALLY, nombre=" Arranque de campaña "), "Nada", world.clerk)
    assert Evento.objects.count() == 1


@pytest.mark.parametrize(("moment", "in_time"), [(at(24, 23, 59), True), (at(25, 0), False)])
def test_a_cancellation_is_told_within_48_hours_of_the_end_of_its_day(
    world: World, moment: datetime, in_time: bool
) -> None:
    event = register_evento(world.books, RALLY, world.clerk)
    with clock.at(moment):
        cancelled = cancel_evento(event, "Lluvia", world.clerk)
    assert cancelled.estatus == "cancelado"
    assert agenda_changes(cancelled)[0].a_tiempo is in_time
    assert agenda_row(cancelled).cambios_tarde == (0 if in_time else 1)
    assert change_term(RALLY.fecha).vence_el == at(25, 0)


def test_a_cancelled_event_stays_so(world: World) -> None:
    event = register_evento(world.books, RALLY, world.clerk)
    cancel_evento(event, "Lluvia", world.clerk)
    for act in (
        lambda: cancel_evento(event, "Otra vez", world.clerk),
        lambda: change_evento(event, replace(RALLY, nombre="Otro"), "Otra vez", world.clerk),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == {("cancelado", "registro")}


def test_it_is_held_once_it_has_begun(world: World) -> None:
    event = register_evento(world.books, RALLY, world.clerk)
    with pytest.raises(Refused) as refused:
        hold_evento(event, world.clerk)
    assert codes(refused) == {("aun_no", "registro")}
    with clock.at(at(22, 17)):
        held = hold_evento(event, world.clerk)
        assert held.estatus == "realizado"
    with clock.at(at(29)):
        row = agenda_row(held)
        assert (row.cambios_tarde, row.primera.registrada_el) == (0, event.registrada_el)


def test_a_reason_is_asked(world: World) -> None:
    event = register_evento(world.books, RALLY, world.clerk)
    with pytest.raises(Refused) as refused:
        cancel_evento(event, " ", world.clerk)
    assert codes(refused) == {("falta", "motivo")}


def test_the_agenda_is_narrowed(world: World) -> None:
    kept = register_evento(world.books, RALLY, world.clerk)
    other = register_evento(world.other_books, replace(RALLY, fecha=date(2024, 5, 2), municipio="Ocotal"), world.clerk)
    both = [world.books.pk, world.other_books.pk]
    assert list(agenda(both)) == [kept, other]
    assert list(agenda([world.books.pk])) == [kept]
    assert list(agenda(both, desde=date(2024, 5, 1))) == [other]
    assert list(agenda(both, hasta=date(2024, 4, 22))) == [kept]
    assert list(agenda(both, q="ocot")) == [other]
    assert list(agenda(both, estatus="cancelado")) == []


@pytest.mark.parametrize(
    ("delivered", "last"),
    [
        (None, date(2024, 4, 18)),
        (date(2024, 4, 17), date(2024, 4, 16)),
        (date(2024, 4, 15), date(2024, 4, 15)),
        (date(2024, 5, 1), date(2024, 4, 18)),
    ],
)
def test_a_contract_is_noticed_three_days_after_and_before_delivery(delivered: date | None, last: date) -> None:
    term = notice_term(date(2024, 4, 15), delivered)
    assert term.met_by(datetime.combine(last, time(23, 59, 59), ZONE))
    assert not term.met_by(datetime.combine(last + timedelta(days=1), time.min, ZONE))
    assert term.confirmado
    assert term.base == "LGPP 61.1.f.III"
