"""SQL under the pass of a person neither submits, counts nor votes what the program would refuse them."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction

from kept import keeps
from proceedings.world import World, at, build_world, grounded
from rfcs import new_rfc
from sif.proceedings import resolving
from sif.proceedings.models import Resolucion
from sif.registry import services as registry
from sif.registry.models import FinNombramiento, Nombramiento, Usuario
from sif.registry.scope import acting, everything, registering, set_scope
from sif.registry.tables import MOMENTS

SUBMITS = (
    "INSERT INTO proceedings_resolucionsometida (resolucion_id, sometida_el, sometida_por_id)"
    " SELECT id, '{when}', {who} FROM proceedings_resolucion"
)
COUNTS = (
    "WITH d AS (INSERT INTO proceedings_documento (clave, titulo, pdf_sha256, docx_sha256, texto_sha256, hecho_el)"
    " SELECT 'forjada', 'x', pdf_sha256, docx_sha256, texto_sha256, now() FROM proceedings_documento LIMIT 1"
    " RETURNING id) INSERT INTO proceedings_resolucionvotada (resolucion_id, estado, documento_id, votada_el,"
    " contada_por_id) SELECT r.id, '{estado}', d.id, '{when}', {who} FROM proceedings_resolucion r, d"
)
VOTES = (
    "INSERT INTO proceedings_voto (resolucion_id, consejero_id, sentido, voto_particular, emitido_el)"
    " SELECT id, {who}, 'a_favor', '', '{when}' FROM proceedings_resolucion"
)
SESSION, LATER, BEFORE = "2018-08-06 12:00", "2018-08-06 13:00-05", "2018-08-06 11:00-05"
NOT_THEIRS = "no tiene ese día la función"


def forge(who: Usuario, sql: str, when: str = LATER, **said: str) -> int:
    """Run the statement in an act of that person, and give how many rows entered; they are undone."""
    set_scope("todo", who.pk)
    with acting(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(who=who.pk, when=when, **said))
        transaction.set_rollback(True)
        return int(cursor.rowcount)


def _drawn() -> World:
    with everything():
        world = build_world()
        world.observacion([world.hallazgo("100,000.00", "TP001")], criterio="rebase_tope")
        world.oficio()
        world.dictamen()
        grounded(world.resolucion(), world.gloria, world.sofia)
        return world


@pytest.fixture
@keeps(_drawn)
def drawn(world_of: Callable[..., Any]) -> Iterator[World]:
    """A project of resolución for the session of 6 August, with its bases confirmed."""
    with everything():
        yield world_of(_drawn)


def discussed(world: World, in_favour: int, against: int) -> World:
    """The project under discussion, with so many votes."""
    resolucion = Resolucion.objects.get()
    with at(SESSION):
        resolving.put_to_vote(resolucion, world.sofia)
        for place, person in enumerate(world.consejo[: in_favour + against]):
            resolving.vote(resolucion, person, "a_favor" if place < in_favour else "en_contra")
    return world


@pytest.mark.parametrize("name", ["dario", "elena", "gloria"])
def test_who_does_not_submit_puts_nothing_to_the_vote(drawn: World, name: str) -> None:
    with pytest.raises(Error, match=NOT_THEIRS):
        forge(getattr(drawn, name), SUBMITS)
    assert forge(drawn.sofia, SUBMITS) == 1


def test_nothing_is_submitted_before_it_was_drawn(drawn: World) -> None:
    with pytest.raises(Error, match="no es de antes"):
        forge(drawn.sofia, SUBMITS, "2018-07-25 11:00-05")


@pytest.mark.parametrize("name", ["dario", "elena"])
def test_who_does_not_submit_counts_nothing(drawn: World, name: str) -> None:
    discussed(drawn, 5, 0)
    with pytest.raises(Error, match=NOT_THEIRS):
        forge(getattr(drawn, name), COUNTS, estado="aprobada")
    assert forge(drawn.sofia, COUNTS, estado="aprobada") == 1


@pytest.mark.parametrize(
    ("in_favour", "against", "estado"),
    [
        (0, 0, "aprobada"),
        (0, 4, "aprobada"),
        (2, 2, "aprobada"),
        (2, 3, "aprobada"),
        (3, 2, "rechazada"),
        (2, 0, "aprobada"),
        (0, 2, "rechazada"),
        (0, 0, "rechazada"),
    ],
)
def test_the_count_is_that_of_the_votes_whoever_writes_it(
    drawn: World, in_favour: int, against: int, estado: str
) -> None:
    discussed(drawn, in_favour, against)
    with pytest.raises(Error, match=f"{in_favour} a favor de {in_favour + against} votos"):
        forge(drawn.sofia, COUNTS, estado=estado)


@pytest.mark.parametrize(
    ("in_favour", "against", "estado"), [(3, 0, "aprobada"), (2, 3, "rechazada"), (2, 2, "rechazada")]
)
def test_the_count_that_the_votes_give_enters(drawn: World, in_favour: int, against: int, estado: str) -> None:
    assert forge(discussed(drawn, in_favour, against).sofia, COUNTS, estado=estado) == 1


def test_the_council_is_that_of_the_session(drawn: World) -> None:
    """Who stopped being a councillor before it is not of the quorum, and who will be one later neither."""
    discussed(drawn, 2, 0)
    with registering():
        for person in drawn.consejo[3:]:
            FinNombramiento.objects.create(
                nombramiento=Nombramiento.objects.get(usuario=person),
                termina_el="2018-07-30T12:00-06:00",
                motivo="Renunció.",
                hecho_el="2018-07-30T12:00-06:00",
                hecho_por=drawn.sofia,
            )
    registry.appoint(drawn.gloria, "consejero", desde=date(2018, 8, 7))
    assert forge(drawn.sofia, COUNTS, estado="aprobada") == 1  # two of three


def test_a_count_is_not_of_before_its_votes(drawn: World) -> None:
    discussed(drawn, 5, 0)
    with pytest.raises(Error, match="no es de antes"):
        forge(drawn.sofia, COUNTS, BEFORE, estado="aprobada")


def test_an_appointment_that_ran_out_gives_nothing_whatever_day_the_act_says(drawn: World, db: Any) -> None:
    discussed(drawn, 2, 2)
    ended = registry.create_usuario("ex", "Ex Consejera", "", password_hash="!", rfc=new_rfc())
    with registering():
        Nombramiento.objects.create(usuario=ended, rol="consejero", desde=date(2017, 9, 1), hasta=date(2018, 8, 31))
    registry.appoint(ended, "auditor", desde=date(2018, 9, 1))
    with pytest.raises(Error, match=NOT_THEIRS):
        forge(ended, VOTES)
    assert forge(drawn.consejo[4], VOTES) == 1


def test_a_demonstration_dates_the_acts_of_who_held_the_function_then(drawn: World) -> None:
    discussed(drawn, 2, 2)
    ended = registry.create_usuario("ex", "Ex Consejera", "", password_hash="!", rfc=new_rfc())
    with registering():
        Nombramiento.objects.create(usuario=ended, rol="consejero", desde=date(2017, 9, 1), hasta=date(2018, 8, 31))
    with at(SESSION):
        assert resolving.vote(Resolucion.objects.get(), ended, "a_favor").consejero == ended


@pytest.mark.parametrize("who", ["consejero", "contraloria"])
def test_no_vote_nor_count_is_dated_ahead_of_the_clock(drawn: World, who: str) -> None:
    discussed(drawn, 3, 0)
    person, sql, said = (
        (drawn.consejo[3], VOTES, {}) if who == "consejero" else (drawn.sofia, COUNTS, {"estado": "aprobada"})
    )
    assert forge(person, sql, **said) == 1
    ahead = datetime.now(UTC) + timedelta(days=1)
    with pytest.raises(Error, match="no lleva una hora que no ha llegado"):
        forge(person, sql, ahead.isoformat(), **said)


def test_every_act_of_a_proceeding_is_held_to_the_clock(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, split_part(encode(tgargs, 'escape'), '\\000', 1) FROM pg_trigger t"
            " JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = 'sif_guard_ahora'"
        )
        held = dict(cursor.fetchall())
    asked = {table: column for table, column in MOMENTS.items() if table.startswith(("proceedings_", "statutes_base"))}
    assert asked and {table: held.get(table) for table in asked} == asked
    assert {table: MOMENTS.get(table) for table in held} == held
    assert {"filing_presentacion", "notices_notificacion", "registry_finnombramiento"} <= set(held)
