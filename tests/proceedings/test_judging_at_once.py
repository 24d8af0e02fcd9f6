"""Two people on one answer, conclusion, dictamen or vote at once: the second waits from the first reading on."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from acts import arrive_behind, committed, open_points
from proceedings.world import World, at, build_world, submitted
from sif.proceedings import selectors, services
from sif.proceedings.models import Dictamen, Resolucion, Voto
from sif.registry.locks import lock_sujeto
from sif.values import Money

DURING, AFTER, SESSION = "2018-07-12 12:00", "2018-07-21 12:00", "2018-08-06 12:00"


class Notified:
    """An oficio whose term to answer runs, or has run."""

    def __init__(self) -> None:
        self.world: World = build_world()
        self.observacion = self.world.observacion([self.world.hallazgo("100.00", "TP001")], criterio="rebase_tope")
        self.oficio = self.world.oficio()
        self.acts: dict[str, Callable[[], Any]] = {
            "answer": lambda: services.answer(self.oficio, self.observacion, "Ya.", [], self.world.alicia),
            "open": lambda: services.open_dictamen(self.world.etapa, self.world.partido, self.world.elena),
        }


class Judged(Notified):
    """A dictamen open with one conclusion analysed."""

    def __init__(self) -> None:
        super().__init__()
        world = self.world
        with at("2018-07-20 12:00"):
            dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
            self.row = world.judge(selectors.conclusiones_of(dictamen)[0])
        self.acts = {
            "analyse": lambda: services.analyse(
                self.row, selectors.considered_answer(self.row), "Otro.", "atendida", Money(0), world.elena
            ),
            "count": lambda: services.count_unattended(self.row, 1, world.elena),
            "close": lambda: services.close_conclusion(self.row, world.elena),
        }


class Closed(Judged):
    """The conclusion closed, and the dictamen still open."""

    def __init__(self) -> None:
        super().__init__()
        with at("2018-07-20 12:00"):
            services.close_conclusion(self.row, self.world.elena)
        self.acts = {"close": lambda: services.close_dictamen(Dictamen.objects.get(), self.world.bruno)}


class Concluded(Notified):
    """A closed dictamen without a resolución."""

    def __init__(self) -> None:
        super().__init__()
        self.world.dictamen()
        self.acts = {"draft": self.world.resolucion}


class Discussed(Concluded):
    """A resolución under discussion with four of five votes."""

    def __init__(self) -> None:
        super().__init__()
        row, world = self.world.resolucion(), self.world
        with at(SESSION):
            submitted(row, world.gloria, world.sofia)
            for person in world.consejo[:4]:
                services.vote(row, person, Voto.Sentido.A_FAVOR)
        self.acts = {
            "vote": lambda: services.vote(Resolucion.objects.get(), world.consejo[4], Voto.Sentido.EN_CONTRA),
            "count": lambda: services.close_vote(Resolucion.objects.get(), world.sofia),
        }


@pytest.fixture(scope="module")
def built(request: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Notified]:
    with committed(django_db_blocker, request.param) as made:
        yield made


ANALYSIS = "proceedings_analisisconclusion"
PAIRS = [
    (Notified, DURING, "answer", "answer", "proceedings_respuesta"),
    (Notified, AFTER, "open", "open", "proceedings_dictamen"),
    (Judged, AFTER, "analyse", "close", ANALYSIS),
    (Judged, AFTER, "close", "analyse", ANALYSIS),
    (Judged, AFTER, "analyse", "count", ANALYSIS),
    (Closed, AFTER, "close", "close", "proceedings_dictamencerrado"),
    (Concluded, AFTER, "draft", "draft", "proceedings_resolucion"),
    (Discussed, SESSION, "vote", "count", "proceedings_voto"),
    (Discussed, SESSION, "count", "vote", "proceedings_voto"),
    (Discussed, SESSION, "vote", "vote", "proceedings_voto"),
]


@pytest.mark.parametrize(
    ("built", "moment", "act", "rival", "table"), PAIRS, indirect=["built"],
    ids=[f"{act} against {rival}, {world.__name__}" for world, _moment, act, rival, _table in PAIRS],
)  # fmt: skip
def test_from_the_first_reading_the_rival_waits(built: Notified, moment: str, act: str, rival: str, table: str) -> None:
    with at(moment):
        assert open_points(built.acts[act], built.acts[rival], table) == []


@pytest.mark.parametrize("built", [Notified], indirect=True)
def test_an_answer_in_time_is_not_late_for_waiting_behind_another_act(built: Notified) -> None:
    last = built.oficio.vence_el
    made = arrive_behind(
        lambda: lock_sujeto(built.world.partido.pk), built.acts["answer"], last, last + timedelta(minutes=1)
    )
    assert made.presentada_el == last
