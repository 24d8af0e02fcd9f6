"""Two people on the proposal of one oficio: one proposes it, takes it back or issues it, and the other waits."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from acts import committed, open_points
from proceedings.test_at_once import Campaign
from proceedings.world import at
from sif.proceedings.proposing import propose_oficio, withdraw_oficio


class Proposed(Campaign):
    """A campaign whose oficio waits for another person."""

    def __init__(self) -> None:
        super().__init__()
        world = self.world
        self.acts: dict[str, Callable[[], Any]] = {
            "issue": self.issue,
            "adopt": self.adopt,
            "propose": lambda: propose_oficio(world.etapa, world.partido, world.bruno),
            "withdraw": lambda: withdraw_oficio(world.etapa, world.partido, world.dario),
        }


class Outdated(Proposed):
    """The same, where one more observación was adopted after the oficio was proposed."""

    def __init__(self) -> None:
        super().__init__()
        with at("2018-07-05 12:00"):
            self.world.observacion([self.world.hallazgo("70.00")])


@pytest.fixture(scope="module")
def built(request: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Proposed]:
    with committed(django_db_blocker, request.param) as made:
        yield made


PAIRS = [
    (Proposed, "withdraw", "issue"),
    (Proposed, "issue", "withdraw"),
    (Outdated, "propose", "propose"),
    (Outdated, "propose", "adopt"),
    (Outdated, "propose", "withdraw"),
    (Outdated, "withdraw", "propose"),
    (Outdated, "withdraw", "withdraw"),
]


@pytest.mark.parametrize(
    ("built", "act", "rival"), PAIRS, indirect=["built"], ids=[f"{act} against {rival}" for _, act, rival in PAIRS]
)
def test_from_the_first_reading_of_the_proposal_the_rival_waits(built: Proposed, act: str, rival: str) -> None:
    with at("2018-07-10 12:00"):
        assert open_points(built.acts[act], built.acts[rival], "proceedings_oficiopropuesto") == []
