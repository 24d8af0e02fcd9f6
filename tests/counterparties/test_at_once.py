"""Two people on one donor at once: corrections queue, and a contribution cites the version that it read."""

from collections.abc import Iterator
from typing import Any

import pytest

from acts import committed, open_points, points
from counterparties.test_contributions import gift
from sif.catalogs.services import NewAportante, NewSerie, authorize_serie, save_aportante
from sif.counterparties.services import cancel_folio, record_aportacion
from sif.registry import clock
from small_world import MOMENT, World, make_world


class Donors:
    """A world with a series of receipts, and what two people do with its donor."""

    def __init__(self) -> None:
        with clock.at(MOMENT):
            self.world: World = make_world()
            self.serie = authorize_serie(NewSerie(self.world.party.pk, "RSEF", 1, 50), self.world.clerk)

    def correct(self) -> Any:
        new = NewAportante(self.world.party.pk, "Otro nombre", rfc="PEUU800101AA1")
        return save_aportante(new, self.world.clerk, aportante=self.world.donor, motivo="Así consta")

    def keep(self) -> Any:
        return save_aportante(NewAportante(self.world.party.pk, "Nueva", rfc="PEUU800101AA1"), self.world.clerk)

    def give_elsewhere(self) -> Any:
        world = self.world
        new = gift(world, contabilidad_id=world.other_books.pk, cuenta_bancaria_id=world.other_bank.pk)
        return record_aportacion(new, world.clerk)

    def cancel(self) -> Any:
        return cancel_folio(self.serie, 1, "Se manchó.", self.world.clerk)

    def give(self) -> Any:
        return record_aportacion(gift(self.world), self.world.clerk)


@pytest.fixture(scope="module")
def donors(django_db_setup: None, django_db_blocker: Any) -> Iterator[Donors]:
    with committed(django_db_blocker, Donors) as made:
        yield made


@pytest.mark.parametrize(("act", "rival"), [("correct", "correct"), ("correct", "keep"), ("keep", "keep")])
def test_two_people_never_write_one_donor_at_once(donors: Donors, act: str, rival: str) -> None:
    with clock.at(MOMENT):
        assert open_points(getattr(donors, act), getattr(donors, rival), "registry_aportante") == []


def test_two_books_of_one_subject_never_take_one_folio_at_once(donors: Donors) -> None:
    with clock.at(MOMENT):
        assert open_points(donors.give, donors.give_elsewhere, "catalogs_serierecibos") == []


@pytest.mark.parametrize(("act", "rival"), [("cancel", "cancel"), ("cancel", "give"), ("give", "cancel")])
def test_a_folio_is_cancelled_or_given_once(donors: Donors, act: str, rival: str) -> None:
    with clock.at(MOMENT):
        assert open_points(getattr(donors, act), getattr(donors, rival), "catalogs_serierecibos") == []


@pytest.mark.parametrize(("act", "rival"), [("correct", "give"), ("give", "correct")])
def test_a_correction_and_a_contribution_do_not_wait_for_each_other(donors: Donors, act: str, rival: str) -> None:
    with clock.at(MOMENT):
        seen = points(getattr(donors, act), getattr(donors, rival))
    assert len(seen) > 5
    assert [sql for sql, waited in seen if waited] == []
