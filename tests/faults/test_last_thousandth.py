"""What arrives in the last thousandth of a day and waits past midnight for another act is of the day of its arrival."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from acts import arrive_behind, committed
from catalogs.test_campaign_events import RALLY
from duties.test_deposits import key, pdf
from filing.campaign import on
from sif.books.services.registros import NewAviso, NewContrato, amend_notice, cancel_notice, give_notice, sign_contrato
from sif.catalogs.services.campaign_events import cancel_evento, change_evento, hold_evento, register_evento
from sif.duties.depositing import NewDeposit, deposit
from sif.registry.locks import lock_contabilidades, lock_sujeto
from sif.values import Money
from small_world import ZONE, World, make_world

LAST = datetime(2024, 4, 23, 23, 59, 59, 999_000, tzinfo=ZONE)
MIDNIGHT = LAST + timedelta(milliseconds=1)


class Arriving:
    """A subject with a duty of the month, a contract, a notice of another, and an event that is over."""

    def __init__(self) -> None:
        with on("2024-04-10 12:00"):
            self.world: World = make_world()
            books, by = self.world.books, self.world.clerk
            first, second = (
                sign_contrato(books, NewContrato(self.world.supplier.pk, "Volantes", date(2024, 4, 9), price), by)
                for price in (Money(100_00), Money(200_00))
            )
            notice, event = give_notice(second, NewAviso("Contra entrega"), by), register_evento(books, RALLY, by)
        paper = NewDeposit(key(self.world, "RMA", "2024-3"), "m.pdf", pdf())
        self.acts: dict[str, tuple[Callable[[], Any], str]] = {
            "depositar": (lambda: deposit(self.world.party, paper, by), "depositado_el"),
            "avisar": (lambda: give_notice(first, NewAviso("Contra entrega"), by), "presentado_el"),
            "modificar el aviso": (lambda: amend_notice(notice, NewAviso("A diez días"), by), "presentado_el"),
            "cancelar el aviso": (lambda: cancel_notice(notice, "No se hará.", by), "presentado_el"),
            "agendar": (lambda: register_evento(books, RALLY, by), "registrada_el"),
            "cambiar el evento": (
                lambda: change_evento(event, RALLY.__class__(**{**_values(), "lugar": "Otra plaza"}), "Lluvia", by),
                "registrada_el",
            ),
            "cancelar el evento": (lambda: cancel_evento(event, "Lluvia", by), "registrada_el"),
            "realizar el evento": (lambda: hold_evento(event, by), "registrada_el"),
        }

    def hold(self) -> None:
        """What another act of the subject and its books holds."""
        lock_sujeto(self.world.party.pk)
        lock_contabilidades([self.world.books.pk])


def _values() -> dict[str, Any]:
    return {name: getattr(RALLY, name) for name in RALLY.__slots__}


@pytest.fixture(scope="module")
def arriving(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Arriving]:
    """A world really committed, with its files aside."""
    from django.conf import settings

    before, settings.DATOS = settings.DATOS, Path(tmp_path_factory.mktemp("datos"))
    with committed(django_db_blocker, Arriving) as made:
        yield made
    settings.DATOS = before


@pytest.mark.parametrize(
    "name",
    [
        "depositar",
        "avisar",
        "modificar el aviso",
        "cancelar el aviso",
        "agendar",
        "cambiar el evento",
        "cancelar el evento",
        "realizar el evento",
    ],
)
def test_it_has_the_hour_at_which_it_arrived(arriving: Arriving, name: str) -> None:
    act, column = arriving.acts[name]
    made = arrive_behind(arriving.hold, act, LAST, MIDNIGHT)
    assert getattr(made, column) == LAST
    if name == "depositar":
        assert made.cumplida_el == LAST.date()


def test_a_deposit_of_the_day_of_its_term_is_not_of_the_next_and_one_of_the_next_is(arriving: Arriving) -> None:
    act, _column = arriving.acts["depositar"]
    made = arrive_behind(arriving.hold, act, MIDNIGHT, MIDNIGHT + timedelta(minutes=1))
    assert (made.depositado_el, made.cumplida_el) == (MIDNIGHT, MIDNIGHT.date())
