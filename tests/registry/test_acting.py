"""A pass that reads writes no record; that of an act does, for as long as the act lasts."""

import re
import time

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from sif.registry import scope
from sif.registry.models import Suceso
from sif.registry.scope import acting, everything, registering, set_scope
from small_world import World

pytestmark = pytest.mark.django_db
WRITES = (
    "INSERT INTO registry_suceso (ocurrido_el, clase, verbo, persona_id, tipo, direccion, via, pedido)"
    " VALUES (now(), 'acto', 'presentar', {who}, '', '', '', '')"
)
SUPPLIER = "INSERT INTO registry_proveedor (rfc, nombre) VALUES ('ABC010203AB1', 'Forjada')"


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("sql", [WRITES, SUPPLIER], ids=["signed", "without an author"])
def test_what_a_request_holds_between_its_acts_writes_no_record(world: World, sql: str) -> None:
    set_scope("todo", world.auditor.pk)
    with pytest.raises(DatabaseError, match="row-level security"):
        run(sql.format(who=world.auditor.pk))
    with acting():
        run(sql.format(who=world.auditor.pk))
    with pytest.raises(DatabaseError, match="row-level security"):
        run(sql.format(who=world.auditor.pk))


def test_an_act_is_of_the_person_and_the_scope_that_were_open(world: World) -> None:
    set_scope("s5", world.auditor.pk)
    with acting():
        assert scope._read(scope._current())[::2] == ("s5", world.auditor.pk)
        with pytest.raises(DatabaseError, match="row-level security"):
            run(WRITES.format(who=world.stranger.pk))


def test_what_is_opened_within_an_act_acts_and_leaves_it_acting(world: World) -> None:
    set_scope("todo", world.auditor.pk)
    with acting():
        with everything(), acting():
            run(WRITES.format(who=world.auditor.pk))
        with registering():
            pass
        run(WRITES.format(who=world.auditor.pk))
    assert not scope._read(scope._current()).acts


def test_an_act_that_is_refused_leaves_the_pass_that_it_found(world: World) -> None:
    set_scope("todo", world.auditor.pk)
    found = scope._current()
    with pytest.raises(LookupError), acting():
        raise LookupError
    assert scope._current() == found


def test_no_savepoint_gives_the_pass_of_an_act_back(world: World) -> None:
    """Settings go back with their savepoint: one made within an act and alive after it would leave a page acting."""
    set_scope("todo", world.auditor.pk)
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        with acting(), acting():
            run(WRITES.format(who=world.auditor.pk))
        with pytest.raises(LookupError), acting(), acting():
            raise LookupError
        with acting(savepoint=False):
            run(WRITES.format(who=world.auditor.pk))
        names = {name for each in asked for name in re.findall(r'^SAVEPOINT "(\w+)"', each["sql"])}
        own = connection.savepoint_ids[-1]
        assert len(names - {own}) > 5
        for name in names - {own}:
            with pytest.raises(DatabaseError, match=r"no existe|does not exist"), transaction.atomic():
                connection.cursor().execute(f'ROLLBACK TO SAVEPOINT "{name}"')
        connection.cursor().execute(f'ROLLBACK TO SAVEPOINT "{own}"')
        assert not scope._read(scope._current()).acts


def test_a_pass_that_ran_out_does_not_act(world: World) -> None:
    set_scope("todo", world.auditor.pk, seconds=-1)
    with acting(), pytest.raises(DatabaseError, match="row-level security"):
        run(WRITES.format(who=world.auditor.pk))


@pytest.mark.parametrize(("backends", "seconds"), [(1, scope.HOUR), (0, -1)], ids=["of another session", "run out"])
def test_a_pass_that_does_not_stand_is_not_signed_anew(world: World, backends: int, seconds: int) -> None:
    who, session = world.auditor.pk, connection.connection.info.backend_pid + backends
    scope._set(scope.mint("todo", session, who, seconds, acts=True))
    for opened in (acting(), everything(who)):
        with opened, pytest.raises(DatabaseError, match="row-level security"):
            run(WRITES.format(who=who))


def test_the_word_is_signed_with_the_pass(world: World) -> None:
    set_scope("todo", world.auditor.pk)
    head, _, signature = scope._current().rpartition("|")
    scope._set(f"{head}acto|{signature}")
    with pytest.raises(DatabaseError, match="row-level security"):
        run(WRITES.format(who=world.auditor.pk))
    assert head.split("|")[1] > str(int(time.time()))
    assert not Suceso.objects.filter(verbo="presentar").exists()
