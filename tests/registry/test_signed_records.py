"""Records in the name of a person enter under the pass of that person: forged SQL signs for nobody else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from conditions import mutants, passes
from sif.jobs.models import Trabajo
from sif.registry import clock, scope
from sif.registry.appointments import appoint
from sif.registry.models import Hoja, Nombramiento, Usuario
from sif.registry.scope import OPERATOR, WHOEVER_SIGNS, everything, set_scope
from sif.registry.services import create_usuario
from sif.registry.tables import TABLES, Kind
from sif.registry.walls import ABOUT, UNSIGNED, WRITTEN_BY, tables
from small_world import World

pytestmark = pytest.mark.django_db
RECORDS = {name for name, kind in TABLES.items() if kind is Kind.RECORD}


def people_of(table: str) -> set[str]:
    """The columns of a table that name somebody with an account."""
    model = next(each for each in apps.get_models(include_auto_created=True) if each._meta.db_table == table)
    return {each.column for each in model._meta.concrete_fields if each.related_model is Usuario}


def signed() -> dict[str, str]:
    """The tables that somebody signs, each with the condition of its author."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, with_check FROM pg_policies WHERE policyname = tablename || '_autor'"
            " AND cmd = 'INSERT' AND permissive = 'RESTRICTIVE'"
        )
        return dict(cursor.fetchall())


def test_each_record_says_who_signs_it_or_why_nobody_does() -> None:
    known = signed()
    bare = sorted(RECORDS - known.keys() - UNSIGNED.keys())
    assert not bare, f"{bare}: diga su columna de autor con protection.signed, o por qué no tiene en walls.UNSIGNED."
    assert not UNSIGNED.keys() & known.keys() and not UNSIGNED.keys() - RECORDS, "quítelas de UNSIGNED"
    assert all(len(reason) > 10 for reason in (*UNSIGNED.values(), *ABOUT.values()))


def test_each_column_that_names_a_person_is_of_who_signs_or_says_of_whom() -> None:
    known = signed()
    named = {f"{table}.{column}" for table in RECORDS for column in people_of(table)}
    asked = {each for each in named if (parts := each.split("."))[1] in known.get(parts[0], "")}
    assert named - asked == ABOUT.keys()


def rows(world: World, table: str) -> Iterator[tuple[int, int, bool]]:
    """Who holds the pass, in whose name the row is, and whether it enters."""
    one, other = world.auditor.pk, world.stranger.pk
    machine = table in ("registry_invitacion", "books_cuenta")  # one of nobody is of who holds the machine
    yield from ((one, one, True), (one, other, False), (one, 0, False), (0, 0, not machine), (0, other, False))
    yield from ((WHOEVER_SIGNS, one, True), (WHOEVER_SIGNS, other, True))
    yield from ((OPERATOR, 0, machine), (OPERATOR, one, False))


def profile(cursor: Any, table: str, condition: str, world: World, *, acts: bool = True) -> list[bool]:
    found = []
    for holder, author, _enters in rows(world, table):
        scope._set(scope._mint_here("todo", holder, scope.HOUR, acts=acts))
        row = {"id": 1} | dict.fromkeys(people_of(table), author or None)
        found.append(passes(cursor, table, condition, row))
    return found


def test_a_row_in_the_name_of_another_enters_under_no_pass_of_a_person(world: World) -> None:
    known = signed()
    assert len(known) > 70
    with connection.cursor() as cursor:
        for table, condition in known.items():
            wanted = [enters for *_who, enters in rows(world, table)]
            assert profile(cursor, table, condition, world) == wanted, table


def test_no_row_enters_under_a_pass_that_only_reads(world: World) -> None:
    with connection.cursor() as cursor:
        for table, condition in signed().items():
            wanted = [holder == WHOEVER_SIGNS for holder, *_row in rows(world, table)]
            assert profile(cursor, table, condition, world, acts=False) == wanted, table


def enters(cursor: Any, table: str, row: dict[str, object]) -> bool:
    """Whether the policies of a table let a row in under the pass that is open."""
    cursor.execute(
        "SELECT permissive, coalesce(with_check, qual) FROM pg_policies"
        " WHERE tablename = %s AND cmd IN ('ALL', 'INSERT')",
        [table],
    )
    said = [(kind == "PERMISSIVE", passes(cursor, table, condition, row)) for kind, condition in cursor.fetchall()]
    return any(ok for opens, ok in said if opens) and all(ok for opens, ok in said if not opens)


def test_no_row_of_any_table_enters_without_an_act(world: World) -> None:
    """Whatever pass a page holds, and whoever the row says: its policies refuse it before anything else is asked.

    One that hangs from an act enters with it; its trigger asks at once, and not when the transaction ends, for a page
    would have the row until it goes back.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'sif_with_its_act'::regproc")
        hung = {name for (name,) in cursor.fetchall()}
        asked = tables() - hung
        assert len(asked) > 150 and {table for table, who in WRITTEN_BY.items() if who != "registro"} <= asked | hung
        found = set()
        own = {"contabilidad_id": world.books.pk, "sujeto_id": world.party.pk}
        for held in ("", str(world.books.pk), f"s{world.party.pk}", "todo"):
            for person in (0, world.clerk.pk):
                set_scope(held, person)
                for author in (None, person):
                    rows = {table: own | dict.fromkeys(people_of(table), author) for table in asked}
                    found |= {table for table in asked if enters(cursor, table, rows[table])}
    assert not found, f"{sorted(found)}: póngales protection.of_an_act"


def test_every_mutant_of_who_signs_admits_or_refuses_somebody_else(world: World) -> None:
    def profiles(condition: str) -> list[list[bool]]:
        return [profile(cursor, "proceedings_voto", condition, world, acts=acts) for acts in (True, False)]

    with connection.cursor() as cursor:
        condition = signed()["proceedings_voto"]
        stands, tried = profiles(condition), 0
        for mutant in mutants(condition):
            tried += 1
            assert profiles(mutant) != stands, mutant
    assert tried >= 4


def attempt(table: str, row: dict[str, object]) -> str:
    """What the database says of a row of a table; nothing of it stays."""
    names = ", ".join(row)
    sql = f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [json.dumps(row, default=str)])
            transaction.set_rollback(True)
    except DatabaseError as refused:
        return str(refused)
    return ""


def job_of(person: Usuario) -> dict[str, object]:
    return {
        "id": 1,
        "tipo": "x",
        "clave": "x",
        "referencia": {},
        "persona_id": person.pk,
        "estado": "en_cola",
        "total": 1,
        "hechas": 0,
        "avance": 0,
        "por_cancelar": False,
        "intentos": 0,
        "resultado": {},
        "problemas": [],
        "pedido_el": clock.now(),
    }


def test_a_job_runs_as_who_asked_for_it_and_nobody_asks_for_another(world: World) -> None:
    set_scope("todo", world.auditor.pk)
    assert '"jobs_trabajo_acto"' in attempt("jobs_trabajo", job_of(world.auditor))
    with scope.acting():
        assert '"jobs_trabajo_autor"' in attempt("jobs_trabajo", job_of(world.stranger))
        assert attempt("jobs_trabajo", job_of(world.auditor)) == ""


@pytest.mark.parametrize("change", ["persona_id = {auditor}", "referencia = 'null'", "tipo = 'y'", "clave = 'y'"])
def test_a_job_asked_for_does_not_become_another(world: World, change: str) -> None:
    with everything():
        job = Trabajo.objects.create(tipo="x", clave="x", persona=world.stranger, pedido_el=clock.now())
    set_scope("todo", world.auditor.pk)
    sql = f"UPDATE jobs_trabajo SET {change.format(auditor=world.auditor.pk)} WHERE id = %s"
    with pytest.raises(DatabaseError, match="no cambia en jobs_trabajo"), transaction.atomic():
        connection.cursor().execute(sql, [job.pk])


@pytest.mark.parametrize("change", ["estado = 'en_cola', terminado_el = NULL", "por_cancelar = false"])
def test_a_job_that_its_person_stopped_goes_on_by_that_person_alone(world: World, change: str) -> None:
    with everything():
        job = Trabajo.objects.create(
            tipo="x",
            clave="x",
            persona=world.stranger,
            pedido_el=clock.now(),
            estado="cancelado",
            terminado_el=clock.now(),
            por_cancelar=True,
        )
    sql = f"UPDATE jobs_trabajo SET {change} WHERE id = %s"
    set_scope("todo", world.auditor.pk)
    with pytest.raises(DatabaseError, match="lo sigue solo quien lo pidió"), transaction.atomic():
        connection.cursor().execute(sql, [job.pk])
    set_scope("todo", world.stranger.pk)
    with scope.acting():
        connection.cursor().execute(sql, [job.pk])


DONE = {
    "what it did": "UPDATE jobs_trabajo SET resultado = '{{\"archivo\": {{}}}}' WHERE id = {job}",
    "that it ended": "UPDATE jobs_trabajo SET estado = 'hecho', terminado_el = now() WHERE id = {job}",
    "how much": "UPDATE jobs_trabajo SET total = 9 WHERE id = {job}",
    "a receipt": "INSERT INTO jobs_trabajopieza (trabajo_id, n, resultado) VALUES ({job}, 2, '{{}}')",
    "a receipt again": "UPDATE jobs_trabajopieza SET resultado = '{{\"n\": 1}}' WHERE trabajo_id = {job}",
    "no receipt": "DELETE FROM jobs_trabajopieza WHERE trabajo_id = {job}",
}


@pytest.mark.parametrize("told", DONE)
def test_what_a_job_did_is_said_by_the_job_alone(world: World, told: str) -> None:
    """A receipt that another put would have the worker do nothing, and its person told that it was done."""
    with everything(), scope.acting():
        job = Trabajo.objects.create(
            tipo="x", clave="x", persona=world.stranger, pedido_el=clock.now(), estado="en_curso"
        )
        job.piezas.create(n=1)
    sql = DONE[told].format(job=job.pk)
    set_scope("todo", world.auditor.pk)
    with pytest.raises(DatabaseError, match="en nombre de quien lo pidió"), scope.acting():
        connection.cursor().execute(sql)
    with scope.acting():  # an operator stops it
        Trabajo.objects.filter(pk=job.pk).update(por_cancelar=True)
    set_scope("todo", world.stranger.pk)
    with scope.acting(), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount == 1


def test_an_appointment_says_who_made_it_and_so_does_its_leaf(world: World) -> None:
    def leaf(of: Nombramiento) -> bytes:
        return bytes(Hoja.objects.get(tabla="registry_nombramiento", fila=str(of.pk)).huella)

    made = [
        appoint(create_usuario(f"n{n}", "N", "", password_hash="!"), "consulta", world.party, by=by)
        for n, by in enumerate((world.clerk, None))
    ]
    assert [each.nombrado_por for each in made] == [world.clerk, None]
    with everything(), connection.cursor() as cursor:
        for each in made:
            cursor.execute(
                "SELECT sha256(convert_to('registry_nombramiento ' || jsonb_strip_nulls(to_jsonb(r.*))::text, 'UTF8'))"
                ", to_jsonb(r.*) ->> 'nombrado_por_id' FROM registry_nombramiento r WHERE id = %s",
                [each.pk],
            )
            digest, author = cursor.fetchone()
            assert leaf(each) == bytes(digest)
            assert author == (str(world.clerk.pk) if each.nombrado_por else None)
