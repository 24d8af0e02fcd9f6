"""Two acts of publication at once, or one beside the count of a vote: the second waits for the lock of the stage."""

from collections.abc import Iterator
from typing import Any

import pytest

from acts import committed, open_points
from commands.test_historico import LOCAL
from disclosure.acts import published
from proceedings.world import World, at, build_world, submitted
from rfcs import new_rfc
from sif.disclosure.history import load_history, withdraw_history
from sif.disclosure.models import Publicacion, PublicacionPropuesta
from sif.disclosure.publish import propose_publicacion, propose_withdrawal, publish_etapa, withdraw_publicacion
from sif.proceedings import resolving
from sif.proceedings.models import Resolucion, Voto
from sif.registry import services as registry

NOON = "2018-08-06 12:00"


class Stage:
    """A resolución under discussion with its votes cast, a publication in sight and a proposal that waits."""

    def __init__(self) -> None:
        world: World = build_world()
        world.observacion([world.hallazgo("50,000.00", "TP001")], criterio="rebase_tope")
        world.oficio()
        world.dictamen()
        world.resolucion()
        with at(NOON):
            self.world, self.resolucion = world, Resolucion.objects.get()
            submitted(self.resolucion, world.gloria, world.sofia)
            for person in world.consejo:
                resolving.vote(self.resolucion, person, Voto.Sentido.A_FAVOR)
            self.standing: Publicacion = published(world)
        with at("2018-08-06 12:30"):
            self.waiting: PublicacionPropuesta = propose_publicacion(world.etapa, world.elena, without_vote=True)
            self.leaving = propose_withdrawal(self.standing, "Cifra equivocada.", "LGPP 82.1.c", world.sofia)
        # so that the figures of now are not those that wait
        registry.set_tope(world.contabilidades[0], 9_900_000_00, "INE/CG600/2018", world.elena)

    def close_vote(self) -> Any:
        return resolving.close_vote(self.resolucion, self.world.sofia)

    def propose(self) -> Any:
        return propose_publicacion(self.world.etapa, self.world.sofia, without_vote=True)

    def publish(self) -> Any:
        return publish_etapa(self.waiting, self.world.sofia)

    def propose_to_withdraw(self) -> Any:
        return propose_withdrawal(self.standing, "Otra razón.", "LGPP 82.1.c", self.world.elena)

    def withdraw(self) -> Any:
        return withdraw_publicacion(self.leaving, self.world.elena)


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    with committed(django_db_blocker, Stage) as made:
        yield made


class Past:
    """A past process in sight; its file, loaded again with another name, makes another record."""

    def __init__(self) -> None:
        self.person = registry.create_usuario("aurora", "Aurora Gil", "", password_hash="!", rfc=new_rfc())
        registry.appoint(self.person, "administrador")
        self.standing = load_history(LOCAL.encode("latin-1"), "local.csv", self.person).carga

    def load(self) -> Any:
        return load_history(LOCAL.encode("latin-1"), "local.csv", self.person, nombre="Otro nombre")

    def withdraw(self) -> Any:
        return withdraw_history(self.standing, "Se cargó por error.", self.person)


@pytest.fixture(scope="module")
def past(django_db_setup: None, django_db_blocker: Any) -> Iterator[Past]:
    with committed(django_db_blocker, Past) as made:
        yield made


@pytest.mark.parametrize(("act", "rival"), [("load", "load"), ("load", "withdraw"), ("withdraw", "load")])
def test_of_two_acts_on_a_past_process_one_waits_from_its_first_reading(past: Past, act: str, rival: str) -> None:
    assert open_points(getattr(past, act), getattr(past, rival), "disclosure_cargahistorica") == []


ACT, VOTED = "disclosure_publicacion", "proceedings_resolucion"
PAIRS = [
    ("close_vote", "propose", VOTED),
    ("propose", "close_vote", VOTED),
    ("publish", "withdraw", ACT),
    ("withdraw", "publish", ACT),
    ("publish", "publish", ACT),
    ("withdraw", "withdraw", ACT),
    ("propose_to_withdraw", "withdraw", ACT),
    ("withdraw", "propose_to_withdraw", ACT),
    ("propose", "publish", "disclosure_publicacionpropuesta"),
    ("close_vote", "publish", VOTED),
    ("publish", "propose", ACT),
    ("propose_to_withdraw", "propose_to_withdraw", ACT),
]


@pytest.mark.parametrize(("act", "rival", "table"), PAIRS, ids=[f"{act} against {rival}" for act, rival, _ in PAIRS])
def test_from_the_first_reading_the_rival_waits(stage: Stage, act: str, rival: str, table: str) -> None:
    with at("2018-08-06 13:00"):
        assert open_points(getattr(stage, act), getattr(stage, rival), table) == []
