"""What SQL reads of sessions, keys and links opens nothing, and what it writes there opens no session of another."""

import zlib
from base64 import b64decode

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse_lazy
from django.utils import timezone

from sif.batch.models import RevocacionClave
from sif.registry.scope import acting, set_scope
from sif.web.accounts.sessions import end_sessions
from sif.web.sessions import SessionStore, digest_of
from small_world import World, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db
HOME = reverse_lazy("usersessions_list")


def with_cookie(value: str) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = value
    return client


def entered(world: World) -> tuple[Client, str]:
    client = Client()
    client.force_login(world.auditor, backend="django.contrib.auth.backends.ModelBackend")
    return client, client.cookies[settings.SESSION_COOKIE_NAME].value


def person_in(client: Client) -> int:
    """Who enters with the cookie of a client, by the words of Django; 0 for nobody."""
    secret = client.cookies[settings.SESSION_COOKIE_NAME].value
    return int(SessionStore.of_cookie(secret).get("_auth_user_id", 0))


def test_what_the_table_says_of_a_session_opens_none(world: World) -> None:
    client, secret = entered(world)
    row = Session.objects.get()
    assert row.session_key == digest_of(secret) and secret not in row.session_data
    assert person_in(client) == world.auditor.pk
    assert person_in(with_cookie(row.session_key)) == 0
    assert with_cookie(row.session_key).get(HOME).status_code == 302
    assert client.get(HOME).status_code == 200


def test_the_content_of_a_session_opens_no_other(world: World) -> None:
    _client, secret = entered(world)
    mine = "a" * 32
    stolen = Session.objects.get(session_key=digest_of(secret))
    with acting():
        Session.objects.create(
            session_key=digest_of(mine), session_data=stolen.session_data, expire_date=stolen.expire_date
        )
    assert person_in(with_cookie(mine)) == 0
    with acting(), connection.cursor() as cursor:  # nor does the row itself under another key
        cursor.execute("DELETE FROM django_session WHERE session_key = %s", [digest_of(mine)])
        cursor.execute("UPDATE django_session SET session_key = %s", [digest_of(mine)])
    assert person_in(with_cookie(mine)) == 0


def test_whence_a_person_entered_only_that_person_reads(world: World) -> None:
    with acting():
        UserSession.objects.create(user=world.auditor, ip="192.0.2.7", session_key="x" * 32)
        UserSession.objects.create(user=world.clerk, ip="192.0.2.8", session_key="y" * 32)
    for scope, person, seen in (
        ("", 0, []),
        ("todo", world.clerk.pk, ["192.0.2.8"]),
        ("", world.auditor.pk, ["192.0.2.7"]),
    ):
        set_scope(scope, person)
        assert list(UserSession.objects.values_list("ip", flat=True)) == seen


def test_a_session_goes_on_from_page_to_page_and_ends_by_the_list(world: World) -> None:
    client, secret = entered(world)
    client.get(HOME)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value == secret
    with acting():
        listed = UserSession.objects.create(
            user=world.auditor, ip="127.0.0.1", session_key=digest_of(secret), last_seen_at=timezone.now()
        )
        assert listed.exists() and not listed.purge()
        listed.end()
    assert person_in(client) == 0 and not Session.objects.exists()


def test_a_new_key_leaves_the_old_secret_without_a_session(world: World) -> None:
    _client, secret = entered(world)
    store = SessionStore.of_cookie(secret)
    store.cycle_key()
    assert store.secret != secret and store.session_key == digest_of(store.secret or "")
    assert person_in(with_cookie(store.secret or "")) == world.auditor.pk
    assert person_in(with_cookie(secret)) == 0


def test_the_content_of_a_session_is_read_by_no_sql(world: World) -> None:
    _client, secret = entered(world)
    store = SessionStore.of_cookie(secret)
    store["formulario_guardado"] = {"sentido": "en contra"}
    store.save()
    kept = Session.objects.get().session_data
    assert SessionStore.of_cookie(secret)["formulario_guardado"] == {"sentido": "en contra"}
    parts = [part.strip(".") for part in kept.split(":")]  # as a library that signs would have written it
    opened = [b64decode(part + "=" * (-len(part) % 4), altchars=b"-_") for part in parts]
    assert not any(b"sentido" in (zlib.decompress(each) if each[:1] == b"x" else each) for each in opened)


def test_a_session_that_ended_is_put_back_by_no_sql_under_a_page(world: World) -> None:
    client, secret = entered(world)
    row = Session.objects.get()
    SessionStore.of_cookie(secret).delete(row.session_key)
    set_scope("todo", world.clerk.pk)
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Session.objects.create(session_key=row.session_key, session_data=row.session_data, expire_date=row.expire_date)
    assert person_in(client) == 0


def test_a_session_is_ended_or_changed_by_no_sql_under_a_page(world: World) -> None:
    client, _secret = entered(world)
    set_scope("todo", world.clerk.pk)
    assert Session.objects.all().delete()[0] == 0
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Session.objects.update(expire_date=timezone.now())
    assert person_in(client) == world.auditor.pk


def test_no_sql_under_a_page_hides_a_session_from_who_ends_it(world: World) -> None:
    client, secret = entered(world)
    with acting():
        UserSession.objects.create(user=world.auditor, ip="127.0.0.1", session_key=digest_of(secret))
    listed = UserSession.objects.all()
    for pass_, person in (("todo", world.clerk.pk), ("", 0)):
        set_scope(pass_, person)
        assert listed.update(user=world.clerk) == 0 and listed.delete()[0] == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            UserSession.objects.create(user=world.clerk, ip="127.0.0.1", session_key="x" * 40)
    with acting():
        assert end_sessions(world.auditor, RevocacionClave.Motivo.CUENTA, world.auditor) == 1
    assert person_in(client) == 0
