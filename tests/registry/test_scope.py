"""The scope of a connection is a signed pass: SQL of the ordinary role opens nothing by itself."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.test import Client
from psycopg import errors

from sif.books.services import post_poliza
from sif.registry import scope
from sif.registry.scope import current_scope, everything, mint, only, registering, scope_of, set_scope
from sif.registry.selectors import scope_of_user
from sif.registry.services import appoint, create_usuario
from small_world import World

HOW_MANY = "SELECT count(*) FROM books_poliza"


@pytest.fixture
def posted(world: World) -> World:
    """A póliza in each of three sets of books."""
    for books in (world.books, world.other_books, world.foreign):
        by = world.stranger if books is world.foreign else world.clerk
        post_poliza(world.expense(contabilidad_id=books.pk), by)
    return world


def run(sql: str, params: Sequence[str | int] | None = None) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def put(said: str) -> None:
    run("SELECT set_config('sif.pase', %s, false)", [said])


def the_pass() -> str:
    return str(run("SELECT current_setting('sif.pase', true)"))


def backend() -> int:
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


FORGED: dict[str, Callable[[str], str]] = {
    "todo": lambda said: "todo",
    "everything with our signature": lambda said: "|".join(["todo", *said.split("|")[1:]]),
    "one more contabilidad": lambda said: said.replace("|", ",1|", 1),
    "a later hour": lambda said: "|".join([said.split("|")[0], "9999999999", *said.split("|")[2:]]),
    "another person": lambda said: "|".join([*said.split("|")[:3], "1", said.split("|")[4]]),
    "without signature": lambda said: said.rpartition("|")[0],
    "an empty signature": lambda said: said.rpartition("|")[0] + "|",
    "a sixth part": lambda said: said + "|",
    "garbage": lambda said: "todo|||'\\x00ñ|" * 3,
    "everything signed with no key": lambda said: f"todo|9999999999|{backend()}|0|" + "0" * 64,
    "nothing": lambda said: "",
}


@pytest.mark.parametrize("name", FORGED)
def test_a_pass_that_was_written_by_hand_opens_nothing(posted: World, name: str) -> None:
    set_scope(scope_of([posted.foreign.pk]))
    put(FORGED[name](the_pass()))
    assert run(HOW_MANY) == 0
    assert not current_scope()


def test_a_pass_sees_its_books_and_no_others(posted: World) -> None:
    set_scope(scope_of([posted.foreign.pk]))
    assert run(HOW_MANY) == 1
    set_scope(scope_of([posted.foreign.pk, posted.books.pk]))
    assert run(HOW_MANY) == 2
    set_scope(scope_of([], [posted.party.pk]))
    assert run(HOW_MANY) == 2
    set_scope(scope_of([posted.foreign.pk], [posted.party.pk]))
    assert run(HOW_MANY) == 3


def test_a_pass_signed_over_nothing_sees_nothing(posted: World) -> None:
    said = f"|{int(time.time()) + 60}|{backend()}|0"
    put(f"{said}|{scope._signature(said)}")
    assert run(HOW_MANY) == 0
    assert run("SELECT sif_todo() IS NOT DISTINCT FROM false AND sif_persona() = 0") is True


def test_the_functions_of_the_wall_never_answer_null(posted: World) -> None:
    for said in ("", "todo", "|||", "||||", "todo||||", mint("7", backend()), mint("todo", backend(), 3)):
        put(said)
        assert run("SELECT sif_todo() IS NOT NULL AND sif_persona() IS NOT NULL") is True
        assert run("SELECT count(*) FROM sif_libros() l WHERE l IS NULL") == 0
        assert run("SELECT count(*) FROM sif_sujetos() l WHERE l IS NULL") == 0


def test_a_pass_that_expired_opens_nothing(posted: World) -> None:
    set_scope("todo", seconds=-1)
    assert run(HOW_MANY) == 0


def test_the_pass_of_another_connection_opens_nothing(posted: World) -> None:
    put(mint("todo", backend() + 1))
    assert run(HOW_MANY) == 0


def test_a_pass_signed_with_another_key_opens_nothing(posted: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(scope.KEY_VARIABLE, "ab" * 32)
    set_scope("todo")
    monkeypatch.undo()
    assert run(HOW_MANY) == 0
    assert not current_scope()


REFUSED = [
    "SELECT * FROM sif_privado.llave",
    "UPDATE sif_privado.llave SET ipad = opad",
    "CREATE OR REPLACE FUNCTION sif_todo() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "CREATE FUNCTION public.sif_libre() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "ALTER TABLE books_poliza DISABLE ROW LEVEL SECURITY",
    "DROP POLICY books_poliza_alcance ON books_poliza",
    "SET row_security = off; SELECT count(*) FROM books_poliza",
    "SET ROLE sif_owner",
    "SET SESSION AUTHORIZATION sif_owner",
    "SET session_replication_role = replica",
    "COPY books_poliza FROM STDIN",
    "SET log_statement = 'all'",
    "CREATE POLICY mine ON books_poliza USING (true)",
    "ALTER TABLE books_poliza DISABLE TRIGGER ALL",
    "CREATE TRIGGER mine BEFORE INSERT ON books_poliza FOR EACH ROW"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE mine AS ON INSERT TO books_poliza DO ALSO NOTHING",
    "ALTER FUNCTION sif_autor() RESET ALL",
    "CREATE CAST (text AS bigint) WITH INOUT AS IMPLICIT",
    "CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)",
    "CREATE EVENT TRIGGER mine ON sql_drop EXECUTE FUNCTION sif_refuse_change()",
    "TRUNCATE books_poliza",
    "SELECT setval('books_poliza_id_seq', 1)",
    "SELECT rolpassword FROM pg_authid",
    "SELECT stavalues1 FROM pg_statistic",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/hostname')",
    "COPY registry_proveedor (rfc) FROM '/etc/hostname'",
    "COPY (SELECT 1) TO '/tmp/x'",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "LOAD 'auto_explain'",
    "CREATE EXTENSION dblink",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_the_ordinary_role_is_refused_what_would_turn_the_wall(posted: World, sql: str) -> None:
    set_scope("")
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        run(sql)
    wanted = errors.FeatureNotSupported if sql.endswith("FROM STDIN") else errors.InsufficientPrivilege
    assert isinstance(refused.value.__cause__, wanted), refused.value


SHADOWS = {
    "the table of contabilidades": "CREATE TEMP TABLE registry_contabilidad AS SELECT 1::bigint AS id, 1 AS sujeto_id;"
    "SET LOCAL search_path = pg_temp, public, pg_catalog",
    "a digest": "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT ''''::bytea';"
    "SET LOCAL search_path = pg_temp, public, pg_catalog",
    "the function of the policy": "CREATE FUNCTION pg_temp.sif_todo() RETURNS boolean LANGUAGE sql AS 'SELECT true';"
    "SET LOCAL search_path = pg_temp, public, pg_catalog",
}


@pytest.mark.parametrize("name", SHADOWS)
def test_a_temporary_shadow_opens_nothing(posted: World, name: str) -> None:
    set_scope(f"s{posted.rival.pk}")
    run(SHADOWS[name])
    put(FORGED["everything with our signature"](the_pass()))
    assert run("SELECT count(*) FROM public.books_poliza") == 0
    set_scope(f"s{posted.rival.pk}")
    assert run("SELECT count(*) FROM public.books_poliza") == 1


def test_an_object_of_the_page_does_not_run_beside_a_pass_that_is_written(posted: World) -> None:
    set_scope("", posted.clerk.pk)
    run("SET LOCAL log_parameter_max_length_on_error = -1")
    run("CREATE TEMP TABLE heard (what text)")
    run(
        "CREATE FUNCTION pg_temp.tells() RETURNS timestamptz LANGUAGE plpgsql AS 'DECLARE c text; BEGIN GET DIAGNOSTICS"
        " c = PG_CONTEXT; INSERT INTO heard VALUES (c); RETURN NULL; END'"
    )
    run("CREATE TEMP VIEW registry_corte AS SELECT 1 AS numero, pg_temp.tells() AS hecho_el")
    run("SET LOCAL search_path = pg_temp, public")
    with everything(), scope.acting():
        pass
    assert run("SELECT count(*) FROM pg_temp.heard") == 0


def test_a_cheap_function_that_tells_is_told_no_row_beyond_the_scope(posted: World) -> None:
    set_scope(scope_of([posted.foreign.pk]))
    run("CREATE TEMP TABLE heard (who bigint)")
    run(
        "CREATE FUNCTION pg_temp.tells(bigint) RETURNS boolean COST 0.0000001 LANGUAGE plpgsql AS "
        "'BEGIN INSERT INTO heard VALUES ($1); RETURN true; END'"
    )
    run("SELECT count(*) FROM books_poliza WHERE pg_temp.tells(contabilidad_id)")
    assert run("SELECT array_agg(DISTINCT who) FROM heard") == [posted.foreign.pk]


def test_an_error_in_what_is_selected_shows_no_row_beyond_the_scope(posted: World) -> None:
    set_scope("")
    assert run("SELECT concepto::int FROM books_poliza") is None
    set_scope(scope_of([posted.foreign.pk]))
    with pytest.raises(DatabaseError) as failed, transaction.atomic():
        run("SELECT (concepto || contabilidad_id)::int FROM books_poliza")
    assert str(posted.foreign.pk) in str(failed.value)


def test_what_a_block_found_forged_is_not_signed_when_it_ends(posted: World) -> None:
    put("todo|9999999999|1|0|00")
    with only([posted.foreign.pk]):
        assert run(HOW_MANY) == 1
    assert run(HOW_MANY) == 0


def test_a_block_gives_back_the_scope_and_the_person_that_were(posted: World) -> None:
    set_scope(scope_of([posted.foreign.pk]), posted.stranger.pk)
    with everything():
        assert run(HOW_MANY) == 3
        assert run("SELECT sif_persona()") == posted.stranger.pk
        with only([posted.books.pk]):
            assert run(HOW_MANY) == 1
    assert current_scope() == str(posted.foreign.pk)
    assert run("SELECT sif_persona()") == posted.stranger.pk


def _undone() -> None:
    with transaction.atomic():
        set_scope("", 8)
        transaction.set_rollback(True)


def _by_sql() -> None:
    put(mint("", backend(), 9))


@pytest.mark.parametrize(("told", "stands"), [(_undone, 7), (_by_sql, 9)], ids=["a rollback", "another statement"])
def test_a_pass_is_signed_for_who_stands_and_not_for_who_was_written_last(
    posted: World, told: Callable[[], None], stands: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scope, "_person_of", lambda said: scope._standing(said).person)
    set_scope("todo", 7)
    told()
    with scope.acting(), registering():
        assert the_pass().split("|")[3] == str(stands)
    assert the_pass().split("|")[3] == str(stands)


def test_a_pass_that_cannot_be_signed_again_leaves_no_connection(
    posted: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[bool] = []
    set_scope("todo", 7)
    _by_sql()

    def fails(_said: str) -> None:
        raise DatabaseError("canceling statement due to statement timeout")

    with monkeypatch.context() as patched:
        patched.setattr(type(connection), "close", lambda _self: closed.append(True), raising=False)
        patched.setattr(scope, "_set", fails)
        with pytest.raises(DatabaseError), registering():
            pass
    assert closed


def test_a_second_connection_begins_with_nothing_and_takes_no_pass_of_ours(posted: World) -> None:
    set_scope("todo")
    ours = the_pass()
    address = connection.get_connection_params()
    keys = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{key: address[key] for key in keys if address.get(key)}) as second:
        assert second.execute("SELECT sif_todo()").fetchone() == (False,)
        second.execute("SELECT set_config('sif.pase', %s, false)", [ours])
        assert second.execute("SELECT sif_todo()").fetchone() == (False,)
        second.execute("SELECT set_config('sif.pase', %s, false)", [mint("todo", second.info.backend_pid)])
        assert second.execute("SELECT sif_todo()").fetchone() == (True,)


@pytest.mark.parametrize("value", ["TODO", "7|todo", "7,", "s", "7;8", "-1", " "])
def test_a_scope_that_is_none_is_not_signed(value: str) -> None:
    with pytest.raises(ValueError, match="no es un alcance"):
        mint(value, 1)


@pytest.mark.parametrize("key", ["", "corta", "zz" * 32])
def test_without_its_key_nothing_is_signed_and_it_says_what_to_do(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(scope.KEY_VARIABLE, key)
    with pytest.raises(ImproperlyConfigured, match=r"64 hexadecimales.*openssl rand -hex 32"):
        mint("todo", 1)


def test_the_scope_of_a_person_is_that_of_the_appointments(world: World) -> None:
    assert scope_of_user(world.auditor) == "todo"
    assert scope_of_user(world.clerk) == f"s{world.party.pk}"
    clerk = create_usuario("limitada", "Limitada", "", password_hash="!")
    assert not scope_of_user(clerk)
    appoint(clerk, "capturista", world.party, contabilidades=[world.books])
    assert scope_of_user(clerk) == str(world.books.pk)
    appoint(clerk, "consulta", world.rival)
    assert scope_of_user(clerk) == f"s{world.rival.pk},{world.books.pk}"


def test_another_session_of_the_role_does_not_read_what_this_one_asks(posted: World) -> None:
    told = {key: each for key, each in connection.get_connection_params().items() if key in ("dbname", "user", "host")}
    with psycopg.connect(**told, autocommit=True) as spy:
        run("SELECT 'GOMC800101AB5'")
        asked = "SELECT query, state FROM pg_stat_activity WHERE pid = %s"
        assert spy.execute(asked, [backend()]).fetchone() == ("", "disabled")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            spy.execute("SET track_activities = on")


def test_a_pass_goes_beside_its_statement_and_never_in_its_text(posted: World, tmp_path: Path) -> None:
    """So that no log of statements keeps it, nor a view of them in an installation that tracks its sessions."""
    told = tmp_path / "told"
    for opened in (lambda: set_scope("todo", posted.auditor.pk), lambda: registering().__enter__()):
        with told.open("w") as file:
            connection.connection.pgconn.trace(file.fileno())
            opened()
            connection.connection.pgconn.untrace()
        texts = [line for line in told.read_text().splitlines() if "\tParse\t" in line or "\tQuery\t" in line]
        secret = the_pass().rpartition("|")[2]
        assert any("sif.pase" in line for line in texts) and not any(secret in line for line in texts)


FALSE = "CREATE TEMP TABLE registry_nombramiento AS SELECT * FROM public.registry_nombramiento WITH NO DATA"


def test_a_temporary_table_of_the_name_of_ours_is_not_read_for_it(posted: World) -> None:
    set_scope("", posted.clerk.pk)
    run(FALSE)
    run("SET search_path TO pg_temp, public")
    set_scope("", posted.clerk.pk)
    assert run("SELECT count(*) FROM registry_nombramiento")
    with registering():
        assert run("SELECT 'registry_nombramiento'::regclass = 'public.registry_nombramiento'::regclass") is True


@pytest.mark.parametrize(("path", "entered"), [("/", False), ("/", True), ("/sin/pagina", True)])
def test_what_a_request_leaves_in_its_session_is_not_there_for_the_next(
    posted: World, client: Client, path: str, entered: bool
) -> None:
    if entered:
        client.force_login(posted.clerk)
    run(FALSE)
    run("SET search_path TO pg_temp, public")
    client.get(path)  # it asks the database something: what asks nothing has left nothing
    assert run("SELECT to_regclass('pg_temp.registry_nombramiento')") is None
    assert run("SHOW search_path") == "public, pg_temp"
