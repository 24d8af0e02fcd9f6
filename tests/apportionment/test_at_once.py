"""Two prorrateos of one expense at once: the second waits from the first reading, and their folios never meet."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from acts import committed, open_points
from election import make_election
from sif.apportionment.services import apportion, reverse_prorrateo
from sif.books.services import post_poliza
from sif.registry import clock
from small_world import MOMENT


class Shared:
    """An expense to share, and another already shared."""

    def __init__(self) -> None:
        with clock.at(MOMENT):
            election = make_election()
            many = [election.candidate("L"), election.candidate("L")]
            clerk = election.world.clerk
            pending, shared = election.expense("100"), election.expense("200")
            self.done = apportion(election.ask(shared, *many), clerk)
            ask = election.ask(pending, *many, esperados=1)
        self.acts: dict[str, Callable[[], Any]] = {
            "apportion": lambda: apportion(ask, clerk),
            "reverse": lambda: reverse_prorrateo(self.done, "Se repartió mal", clerk),
            "post": lambda: post_poliza(election.world.expense(), clerk),
        }


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: Any) -> Iterator[Shared]:
    with committed(django_db_blocker, Shared) as made:
        yield made


@pytest.mark.parametrize(
    ("act", "rival", "table"),
    [
        ("apportion", "apportion", "apportionment_prorrateo"),
        ("apportion", "reverse", "apportionment_prorrateo"),
        ("apportion", "post", "apportionment_prorrateo"),
        ("reverse", "reverse", "books_movimiento"),
        ("reverse", "apportion", "books_movimiento"),
    ],
)
def test_from_the_first_reading_the_rival_waits(shared: Shared, act: str, rival: str, table: str) -> None:
    with clock.at(MOMENT):
        assert open_points(shared.acts[act], shared.acts[rival], table) == []
