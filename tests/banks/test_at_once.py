"""Two people on one bank account at once: links queue, and the database alone lets one standing link claim a line."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings

from acts import committed, open_points
from banks.books import paid, received
from banks.samples import line, statement
from sif.banks.models import Enlace, LadoBanco, LadoLibros
from sif.banks.selectors import open_lines, open_movements
from sif.banks.services import accept_all, close_month, link, load_statement, undo
from sif.banks.write import write_ofx
from sif.registry import clock
from sif.registry.scope import everything
from small_world import MOMENT, make_world

LINES = (line(2, "5000.00", "SPEI", "", "K1"), line(11, "-1160.00", "PAGO", "", "K2"))

APRIL = date(2024, 4, 1)


class Account:
    """An account with one standing link and one line and one movement that nothing claims."""

    def __init__(self) -> None:
        with clock.at(MOMENT):
            world = self.world = make_world()
            received(world, "5000.00", 1)
            paid(world, "1160.00", 10)
            load_statement(world.bank, ("abril.ofx", write_ofx(statement(LINES))), world.clerk)
            (self.first, self.line), (entry, self.movement) = open_lines(world.bank), open_movements(world.bank)
            self.made = link(world.bank, [self.first.pk], [entry.pk], world.clerk)
        self.acts: dict[str, Callable[[], Any]] = {
            "load": lambda: load_statement(world.bank, ("abril.ofx", write_ofx(statement(LINES))), world.clerk),
            "link": lambda: link(world.bank, [self.line.pk], [self.movement.pk], world.clerk),
            "undo": lambda: undo(self.made, world.clerk),
            "close": lambda: close_month(world.bank, APRIL, world.clerk),
            "accept_all": lambda: accept_all(world.bank, world.clerk, nivel=0),
            "claim_line": lambda: LadoBanco.objects.create(linea=self.line, **self._raw()),
            "claim_movement": lambda: LadoLibros.objects.create(movimiento=self.movement, **self._raw()),
        }

    def _raw(self) -> dict[str, Any]:
        own = {"contabilidad": self.world.books}
        made = Enlace.objects.create(cuenta=self.world.bank, hecho_el=clock.now(), hecho_por=self.world.clerk, **own)
        return {"enlace": made, **own}


@pytest.fixture(scope="module")
def account(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Account]:
    with override_settings(DATOS=tmp_path_factory.mktemp("datos")), committed(django_db_blocker, Account) as made:
        yield made


@pytest.mark.parametrize(
    ("act", "rival", "table"),
    [
        ("load", "load", "banks_estadodecuenta"),
        ("link", "link", "banks_lineabancaria"),
        ("undo", "undo", "banks_enlacedeshecho"),
        ("link", "undo", "banks_lineabancaria"),
        ("claim_line", "claim_line", "banks_ladobanco"),
        ("claim_movement", "claim_movement", "banks_ladolibros"),
    ],
)
def test_two_people_never_claim_one_line_at_once(account: Account, act: str, rival: str, table: str) -> None:
    with clock.at(MOMENT):
        assert open_points(account.acts[act], account.acts[rival], table) == []


@pytest.mark.parametrize(
    ("act", "rival"),
    [
        ("close", "close"),
        ("close", "link"),
        ("close", "accept_all"),
        ("link", "close"),
        ("undo", "close"),
        ("accept_all", "accept_all"),
        ("accept_all", "close"),
        ("accept_all", "link"),
    ],
)
def test_a_month_is_closed_with_the_links_that_it_was_judged_with(account: Account, act: str, rival: str) -> None:
    with clock.at(MOMENT + timedelta(days=20)):
        assert open_points(account.acts[act], account.acts[rival], "banks_lineabancaria") == []


def test_a_line_taken_back_is_claimed_again_and_no_other(account: Account) -> None:
    with clock.at(MOMENT), everything(), transaction.atomic():
        with pytest.raises(IntegrityError, match="ya reclama"), transaction.atomic():
            LadoBanco.objects.create(linea=account.first, **account._raw())
        undo(account.made, account.world.clerk)
        assert LadoBanco.objects.create(linea=account.first, **account._raw()).pk
        with pytest.raises(IntegrityError, match="ya reclama"), transaction.atomic():
            LadoBanco.objects.create(linea=account.first, **account._raw())
        transaction.set_rollback(True)
