"""What SQL of one request leaves in its session, in the shared cache or in the role serves nothing to the next."""

import base64
import os
import pickle
import re
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.db import DatabaseError, NotSupportedError, connection, transaction

from sif.filing.verifying import ROLE
from sif.registry.scope import acting, leave_session, set_scope

pytestmark = pytest.mark.django_db
LEFT = {
    "default_transaction_isolation": ("'repeatable read'", "read committed"),
    "default_transaction_read_only": ("on", "off"),
    "statement_timeout": ("5000", "0"),
    "row_security": ("off", "on"),
    "timezone": ("'Asia/Tokyo'", "UTC"),
    "datestyle": ("'German'", "ISO, MDY"),
    "synchronous_commit": ("off", "on"),
    "search_path": ("pg_temp, public", "public, pg_temp"),
}


def ask(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("name", LEFT)
def test_a_setting_of_one_request_is_not_that_of_the_next(name: str, closed: bool) -> None:
    forged, stands = LEFT[name]
    ask(f"SET {name} = {forged}")
    leave_session(closed=closed)
    assert ask(f"SHOW {name}") == stands


ONLY_SLOW = (
    r"^(enable|debug|trace|log|jit|geqo|cpu|parallel|max_parallel|vacuum|plan|lc|tcp_keepalives|commit|scram)_|_cost$|"
    r"_mem$|_io_|_buffers$|_limit$|_target$|_fraction$|^(jit|geqo|io_combine_limit|effective_cache_size|role|"
    r"application_name|backend_flush_after|bonjour|check_function_bodies|constraint_exclusion|createrole_self_grant|"
    r"default_text_search_config|default_toast_compression|escape_string_warning|file_copy_method|hash_mem_multiplier|"
    r"icu_validation_level|maintenance_io_concurrency|md5_password_warnings|password_encryption|recursive_worktable_factor|seed|"
    r"session_authorization|stats_fetch_consistency|synchronize_seqscans|track_.*|transaction_(read_only|isolation|"
    r"deferrable)|update_process_title|wal_.*|effective_io_concurrency|min_parallel_.*|event_source)$"
)
"""Settings that make a session slow, or say how it tells what it does, and what of one lasts for a transaction."""


def test_no_setting_that_ends_sessions_or_changes_what_they_read_is_left_to_the_role() -> None:
    """The role may tell itself what its sessions begin with: `ALTER ROLE sif_app SET transaction_timeout = 1`."""
    with connection.get_new_connection(connection.get_connection_params()) as begun:  # that of the tests has lived
        found = begun.execute("SELECT name FROM pg_settings WHERE context = 'user' AND source <> 'client'").fetchall()
    left = {name for (name,) in found if "." not in name}
    assert not {name for name in left if not re.search(ONLY_SLOW, name)}


def test_no_lock_statement_cursor_nor_channel_stays() -> None:
    ask("SELECT pg_advisory_lock(7346101)")
    ask("PREPARE x AS SELECT 1")
    ask("DECLARE c CURSOR WITH HOLD FOR SELECT 1")
    leave_session()
    for left in ("pg_prepared_statements", "pg_cursors", "pg_listening_channels()"):
        assert ask(f"SELECT count(*) FROM {left}") == 0
    assert ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()") == 0


def test_a_session_that_is_left_has_no_pass() -> None:
    set_scope("todo", 7)
    leave_session()
    assert not ask("SELECT coalesce(current_setting('sif.pase', true), '')")


def test_an_act_is_not_judged_by_what_was_seen_before_its_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    from sif.registry import scope

    monkeypatch.setattr(scope, "_exchange", lambda _sign: ("", "repeatable read", None))
    with pytest.raises(NotSupportedError, match="lo último"), acting():
        raise AssertionError("no act begins")


def test_the_shared_cache_keeps_adds_gives_a_term_and_forgets() -> None:
    assert cache.add("x", [1.5, "a"], 60) and not cache.add("x", "b", 60)
    assert cache.get("x") == [1.5, "a"]
    assert cache.touch("x", None) and not cache.touch("y")
    assert cache.delete("x") and not cache.delete("x")
    cache.set("z", 1, -1)
    assert cache.get("z", "none") == "none" and cache.add("z", 2)
    cache.clear()
    assert cache.get("z") is None


class Run:
    """What a pickle would run when it is read."""

    ran = False

    def __reduce__(self) -> Any:
        return setattr, (Run, "ran", True)


def test_what_another_wrote_in_the_shared_cache_is_neither_run_nor_believed() -> None:
    cache.set("x", "ours")
    theirs = base64.b64encode(pickle.dumps(Run())).decode()
    with acting(), connection.cursor() as cursor:
        cursor.execute("UPDATE sif_cache SET value = %s WHERE cache_key = %s", [theirs, cache.make_key("x")])
        assert cursor.rowcount == 1
    assert cache.get("x", "none") == "none"
    assert not Run.ran


@pytest.mark.parametrize("scope", ["", "todo"])
def test_a_page_writes_nothing_in_the_shared_cache(scope: str) -> None:
    """A mark put there would be taken for an attempt in course, and one erased gives attempts back."""
    cache.set("x", "ours")
    set_scope(scope, 7 if scope else 0)
    put = "INSERT INTO sif_cache (cache_key, value, expires) VALUES ('y', '', 'infinity')"
    with connection.cursor() as cursor:
        for sql in (put, put + " ON CONFLICT (cache_key) DO UPDATE SET value = ''"):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                cursor.execute(sql)
        for sql in ("DELETE FROM sif_cache", "UPDATE sif_cache SET value = ''"):
            cursor.execute(sql)
            assert cursor.rowcount == 0
    assert cache.get("x") == "ours"


def test_a_value_of_one_key_is_not_read_under_another() -> None:
    cache.set("mine", 1)
    cache.set("yours", 2)
    with acting(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sif_cache SET value = (SELECT value FROM sif_cache WHERE cache_key = %s) WHERE cache_key = %s",
            [cache.make_key("mine"), cache.make_key("yours")],
        )
    assert cache.get("yours", "none") == "none"


@pytest.mark.parametrize("made", ["lo_create(0)", "lo_creat(-1)", "lo_from_bytea(0, 'libros de otro')"])
def test_a_session_leaves_no_large_object_to_another(made: str) -> None:
    """What the pass of the authority reads would be left there, for the page of a party to read."""
    with pytest.raises(DatabaseError, match=r"permission denied|permiso denegado"), transaction.atomic():
        ask(f"SELECT {made}")


def test_the_application_does_not_write_the_list_of_migrations() -> None:
    for wanted in ("INSERT", "UPDATE", "DELETE", "TRUNCATE"):
        assert not ask(f"SELECT has_table_privilege('sif_app', 'django_migrations', '{wanted}')")


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("ALTER ROLE sif_app BYPASSRLS", "puede saltar los muros"),
        ("GRANT sif_owner TO sif_app", "es también sif_owner"),
        ("ALTER ROLE sif_app SET session_replication_role = replica", "empieza con session_replication_role=replica"),
        ("ALTER DATABASE {name} SET row_security = off", "empieza con row_security=off"),
    ],
)
def test_a_role_or_a_session_that_lifts_the_walls_is_named(order: str, told: str) -> None:
    name = connection.settings_dict["NAME"]
    admin = psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], dbname=name, user="postgres")
    with psycopg.connect(admin) as session:  # nothing of it is committed
        assert session.execute(ROLE).fetchall() == []
        session.execute(order.format(name=name))
        assert [what for _who, what in session.execute(ROLE) if told in what]
        session.rollback()
