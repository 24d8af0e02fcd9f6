"""Two subjects at once, each with its own lock: an oficio, a dictamen and a resolución still take numbers in turn."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

import pytest

from acts import committed, open_points
from proceedings.world import World, at, build_world
from sif.proceedings import resolving, services
from sif.proceedings.proposing import propose_oficio
from sif.registry.services import register_sujeto


class Pairs:
    """Two subjects to notify, two whose dictamen opens, and two with a dictamen to resolve."""

    def __init__(self) -> None:
        world: World = build_world()
        etapa, told = world.etapa, (world.partido, world.otro)
        with at("2018-07-20 12:00"):
            for sujeto in told:
                world.observacion([world.hallazgo("100.00")], sujeto=sujeto)
                propose_oficio(etapa, sujeto, world.dario)
            many = [register_sujeto("partido", f"3{n}", f"S{n}", f"Partido {n}") for n in range(4)]
            opened = [services.open_dictamen(etapa, sujeto, world.elena) for sujeto in many[2:]]
            closed = [services.close_dictamen(dictamen, world.bruno) for dictamen in opened]
        draft = partial(resolving.draft_resolucion, sesion_el=date(2018, 8, 6), by=world.gloria)
        self.acts: dict[str, list[Callable[[], Any]]] = {
            "oficio": [partial(services.issue_oficio, etapa, sujeto, world.elena) for sujeto in told],
            "dictamen": [partial(services.open_dictamen, etapa, sujeto, world.elena) for sujeto in many[:2]],
            "resolucion": [partial(draft, dictamen) for dictamen in closed],
        }


@pytest.fixture(scope="module")
def pairs(django_db_setup: None, django_db_blocker: Any) -> Iterator[Pairs]:
    with committed(django_db_blocker, Pairs) as made:
        yield made


@pytest.mark.parametrize("kind", ["oficio", "dictamen", "resolucion"])
def test_two_subjects_never_take_one_number_at_once(pairs: Pairs, kind: str) -> None:
    act, rival = pairs.acts[kind]
    with at("2018-07-21 12:00"):
        assert open_points(act, rival, f"proceedings_{kind}") == []
