"""A ruling revokes what was determined while the stage is proposed: the second waits, and no figure is of both."""

from collections.abc import Iterator
from typing import Any

import pytest

from acts import committed, open_points
from proceedings.world import at, build_world
from sif.disclosure.publish import propose_publicacion
from sif.proceedings import services
from sif.proceedings.models import Determinado


class Determined:
    """Unreported spending that a closed dictamen determined, which a ruling revokes while the stage is proposed."""

    def __init__(self) -> None:
        self.world = world = build_world()
        world.observacion([world.hallazgo("100.10", "EG001")], criterio="egreso_no_reportado")
        world.oficio()
        world.dictamen()

    def propose(self) -> Any:
        return propose_publicacion(self.world.etapa, self.world.elena, without_vote=True)

    def revoke(self) -> Any:
        return services.revoke_determinado(Determinado.objects.get(), "SUP-RAP-1/2018", self.world.sofia)


@pytest.fixture(scope="module")
def determined(django_db_setup: None, django_db_blocker: Any) -> Iterator[Determined]:
    with committed(django_db_blocker, Determined) as made:
        yield made


@pytest.mark.parametrize(
    ("act", "rival", "table"),
    [
        ("propose", "revoke", "proceedings_determinado"),
        ("revoke", "propose", "proceedings_determinadorevocado"),
    ],
)
def test_what_is_published_and_what_no_longer_stands_are_one_after_the_other(
    determined: Determined, act: str, rival: str, table: str
) -> None:
    with at("2018-08-06 13:00"):
        assert open_points(getattr(determined, act), getattr(determined, rival), table) == []
