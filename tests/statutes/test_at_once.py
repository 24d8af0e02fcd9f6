"""Two people on one basis of the law at once: it is proposed, resolved and left without effect once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from acts import committed, open_points
from proceedings.world import build_world
from sif.statutes.confirming import confirm, propose, refuse, undo, withdraw
from statutes.test_confirming import FREE


class Bases:
    """A basis that nobody proposed, one that waits for another person, and one that stands."""

    def __init__(self) -> None:
        world = build_world()
        gloria, sofia = world.gloria, world.sofia
        (waits,) = propose([replace(FREE, etapa="campana")], gloria)
        (stands,) = confirm(propose([replace(FREE, ambito="local")], gloria), sofia)
        self.acts: dict[str, Callable[[], Any]] = {
            "propose": lambda: propose([FREE], gloria),
            "propose too": lambda: propose([FREE], sofia),
            "confirm": lambda: confirm([waits], sofia),
            "refuse": lambda: refuse(waits, sofia),
            "withdraw": lambda: withdraw(waits, gloria),
            "undo": lambda: undo(stands, "Se reformó.", sofia),
        }


@pytest.fixture(scope="module")
def bases(django_db_setup: None, django_db_blocker: Any) -> Iterator[Bases]:
    with committed(django_db_blocker, Bases) as made:
        yield made


PROPOSED, RESOLVED = "statutes_basepropuesta", "statutes_baseresuelta"
PAIRS = [
    ("propose", "propose too", PROPOSED),
    ("propose", "undo", PROPOSED),
    ("confirm", "withdraw", RESOLVED),
    ("withdraw", "confirm", RESOLVED),
    ("refuse", "confirm", RESOLVED),
    ("undo", "undo", "statutes_basesinefecto"),
]


@pytest.mark.parametrize(("act", "rival", "table"), PAIRS)
def test_the_other_waits_from_the_first_reading(bases: Bases, act: str, rival: str, table: str) -> None:
    assert open_points(bases.acts[act], bases.acts[rival], table) == []
