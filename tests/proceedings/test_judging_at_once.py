"""Two people on one answer, conclusion, dictamen or vote at once: the second waits from the first reading on."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction

from acts import arrive_behind, committed, open_points, points
from proceedings.world import World, at, build_world, grounded, submitted
from sif.audit.services import DecisionRefused, adopt
from sif.proceedings import resolving, selectors, services
from sif.proceedings.models import Determinado, Dictamen, Resolucion, Voto
from sif.registry.locks import lock_sujeto
from sif.registry.models import Usuario
from sif.registry.scope import acting, set_scope
from sif.statutes.confirming import undo
from sif.statutes.models import BaseResuelta
from sif.values import Money, Refused

DURING, AFTER, SESSION = "2018-07-12 12:00", "2018-07-21 12:00", "2018-08-06 12:00"


def tried(act: Callable[[], Any]) -> Callable[[], Any]:
    """The same act where it could only be refused, which it is once it reads: it must wait to read all the same."""

    def run() -> None:
        with suppress(Refused, DecisionRefused):
            act()

    return run


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
        self.acts |= {f"try to {name}": tried(act) for name, act in list(self.acts.items())}


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
            "close the dictamen": tried(lambda: services.close_dictamen(Dictamen.objects.get(), world.bruno)),
        }


class Closed(Judged):
    """The conclusion closed, and the dictamen still open."""

    def __init__(self) -> None:
        super().__init__()
        with at("2018-07-20 12:00"):
            services.close_conclusion(self.row, self.world.elena)
        self.acts = {name: tried(act) for name, act in self.acts.items()}
        self.acts |= {
            "close": lambda: services.close_dictamen(Dictamen.objects.get(), self.world.bruno),
            "answer": tried(lambda: services.answer(self.oficio, self.observacion, "Ya.", [], self.world.alicia)),
        }


class Concluded(Notified):
    """A closed dictamen without a resolución."""

    def __init__(self) -> None:
        super().__init__()
        self.world.dictamen()
        self.acts = {"draft": self.world.resolucion}


class Determined(Concluded):
    """The same, where unreported spending was determined and one more hallazgo waits."""

    def __init__(self) -> None:
        self.world = world = build_world()
        world.observacion([world.hallazgo("100.10", "EG001")], criterio="egreso_no_reportado")
        waits = world.hallazgo("50.00")
        world.oficio()
        world.dictamen()
        self.acts = {
            "draft": tried(world.resolucion),  # no criterion of that year is known
            "revoke": lambda: services.revoke_determinado(Determinado.objects.get(), "SUP-RAP-1/2018", world.sofia),
            "adopt": tried(lambda: adopt([waits], world.dario)),
        }


def undoing(world: World) -> Callable[[], Any]:
    """Leave without effect a basis on which the resolución rests."""
    basis = BaseResuelta.objects.select_related("propuesta").order_by("pk")[0]
    return lambda: undo(basis, "Se reformó.", world.gloria)


class Drawn(Concluded):
    """A project whose bases of law are confirmed, not yet submitted."""

    def __init__(self) -> None:
        super().__init__()
        row, world = self.world.resolucion(), self.world
        with at(SESSION):
            grounded(row, world.gloria, world.sofia)
        self.acts = {
            "submit": lambda: resolving.put_to_vote(Resolucion.objects.get(), world.sofia),
            "vote": tried(lambda: resolving.vote(Resolucion.objects.get(), world.consejo[0], "a_favor")),
            "undo": undoing(world),
        }


class Discussed(Concluded):
    """A resolución under discussion with four of five votes."""

    def __init__(self) -> None:
        super().__init__()
        row, world = self.world.resolucion(), self.world
        with at(SESSION):
            submitted(row, world.gloria, world.sofia)
            for person in world.consejo[:4]:
                resolving.vote(row, person, Voto.Sentido.A_FAVOR)
        self.acts = {
            "vote": lambda: resolving.vote(Resolucion.objects.get(), world.consejo[4], Voto.Sentido.EN_CONTRA),
            "count": lambda: resolving.close_vote(Resolucion.objects.get(), world.sofia),
            "submit": tried(lambda: resolving.put_to_vote(Resolucion.objects.get(), world.sofia)),
            "undo": undoing(world),
        }


@pytest.fixture(scope="module")
def built(request: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Notified]:
    with committed(django_db_blocker, request.param) as made:
        yield made


ANALYSIS, BASE = "proceedings_analisisconclusion", "statutes_basesinefecto"
PAIRS = [
    (Notified, DURING, "answer", "answer", "proceedings_respuesta"),
    (Notified, AFTER, "open", "open", "proceedings_dictamen"),
    (Judged, AFTER, "analyse", "close", ANALYSIS),
    (Judged, AFTER, "close", "analyse", ANALYSIS),
    (Judged, AFTER, "analyse", "count", ANALYSIS),
    (Notified, DURING, "answer", "try to open", "proceedings_respuesta"),
    (Notified, AFTER, "open", "try to answer", "proceedings_dictamen"),
    (Judged, AFTER, "close", "close the dictamen", "proceedings_conclusioncerrada"),
    (Closed, AFTER, "close", "close", "proceedings_dictamencerrado"),
    (Closed, AFTER, "close", "analyse", "proceedings_dictamencerrado"),
    (Closed, AFTER, "close", "answer", "proceedings_dictamencerrado"),
    (Determined, SESSION, "revoke", "revoke", "proceedings_determinadorevocado"),
    (Determined, SESSION, "revoke", "draft", "proceedings_determinadorevocado"),
    (Determined, SESSION, "revoke", "adopt", "proceedings_determinadorevocado"),
    (Drawn, SESSION, "submit", "submit", "proceedings_resolucionsometida"),
    (Drawn, SESSION, "submit", "vote", "proceedings_resolucionsometida"),
    (Drawn, SESSION, "submit", "undo", BASE),
    (Drawn, SESSION, "undo", "submit", BASE),
    (Discussed, SESSION, "vote", "submit", "proceedings_voto"),
    (Discussed, SESSION, "vote", "undo", BASE),
    (Discussed, SESSION, "undo", "vote", BASE),
    (Discussed, SESSION, "count", "undo", BASE),
    (Discussed, SESSION, "undo", "count", BASE),
    (Discussed, SESSION, "count", "count", "proceedings_resolucionvotada"),
    (Concluded, AFTER, "draft", "draft", "proceedings_resolucion"),
    (Discussed, SESSION, "vote", "count", "proceedings_voto"),
    (Discussed, SESSION, "count", "vote", "proceedings_voto"),
    (Discussed, SESSION, "vote", "vote", "proceedings_voto"),
]


@pytest.mark.parametrize(
    ("built", "moment", "act", "rival", "table"),
    PAIRS,
    indirect=["built"],
    ids=[f"{act} against {rival}, {world.__name__}" for world, _moment, act, rival, _table in PAIRS],
)
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


ANALYSES = (
    "INSERT INTO proceedings_analisisconclusion (conclusion_id, version, respuesta_considerada, analisis, referencia,"
    " monto_no_atendido, hecho_el, hecho_por_id) SELECT conclusion_id, version + 1, respuesta_considerada, analisis,"
    " referencia, monto_no_atendido, now(), {who} FROM proceedings_analisisconclusion ORDER BY version DESC LIMIT 1"
)
CLOSES = (
    "INSERT INTO proceedings_conclusioncerrada (conclusion_id, analisis_id, cerrada_el, cerrada_por_id)"
    " SELECT conclusion_id, id, now(), {who} FROM proceedings_analisisconclusion ORDER BY version DESC LIMIT 1"
)
DOCUMENT = (
    "WITH d AS (INSERT INTO proceedings_documento (clave, titulo, pdf_sha256, docx_sha256, texto_sha256, hecho_el)"
    " SELECT 'forjado', 'x', pdf_sha256, docx_sha256, texto_sha256, now() FROM proceedings_documento LIMIT 1"
    " RETURNING id) "
)
VOTES = (
    "INSERT INTO proceedings_voto (resolucion_id, consejero_id, sentido, voto_particular, emitido_el)"
    " SELECT id, {who}, 'a_favor', '', now() FROM proceedings_resolucion"
)
COUNTS = (
    DOCUMENT + "INSERT INTO proceedings_resolucionvotada (resolucion_id, estado, documento_id, votada_el,"
    " contada_por_id) SELECT r.id, 'aprobada', d.id, now(), {who} FROM proceedings_resolucion r, d"
)
CLOSED, COUNTED = "está cerrad[ao]", "ya se contó"


def forging(who: Usuario, sql: str) -> Callable[[], None]:
    """What SQL of a page of that person writes, without the locks of any service."""

    def run() -> None:
        set_scope("todo", who.pk)
        with acting(), connection.cursor() as cursor:
            cursor.execute(sql.format(who=who.pk))

    return run


@pytest.mark.parametrize(
    ("built", "act", "rival", "refused"),
    [
        (Judged, ("elena", CLOSES), ("elena", ANALYSES), CLOSED),
        (Judged, ("elena", ANALYSES), ("elena", CLOSES), ""),
        (Discussed, ("sofia", COUNTS), ("last", VOTES), COUNTED),
        (Discussed, ("last", VOTES), ("sofia", COUNTS), ""),
    ],
    indirect=["built"],
)
def test_sql_of_a_page_waits_for_what_closes_and_is_refused_after_it(
    built: Notified, act: tuple[str, str], rival: tuple[str, str], refused: str
) -> None:
    world = built.world
    first, second = (
        forging(world.consejo[4] if who == "last" else getattr(world, who), sql) for who, sql in (act, rival)
    )
    seen = [waited for sql, waited in points(first, second) if "INSERT INTO proceedings_" in sql]
    assert seen == [True]
    if refused:
        with pytest.raises(Error, match=refused), transaction.atomic():
            first()
            second()
