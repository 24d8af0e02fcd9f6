"""Limits at the door: by account and address, by account from everywhere, and of the API."""

from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client

from sif.batch.claves import create_key
from sif.registry import limits
from sif.registry.models import Usuario
from sif.registry.scope import counting
from sif.registry.services import create_usuario
from sif.web.api import door

RIGHT = "gis-trueno-maceta-olmo"


@pytest.fixture
def alicia(db: None) -> Usuario:
    return create_usuario("alicia", "Alicia Robles", RIGHT)


def attempt(password: str, address: str, client: Client | None = None) -> Any:
    return (client or Client(headers={"accept-language": "es-MX"})).post(
        "/cuenta/login/",
        {"login": "alicia", "password": password},
        REMOTE_ADDR=address,
        HTTP_X_FORWARDED_FOR=f"198.51.100.{hash(password) % 250}",
    )


def age(seconds: int) -> None:
    with counting(), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_limite SET desde = desde - make_interval(secs => %s)", [seconds])


def test_wrong_passwords_close_the_door_of_their_address_alone(alicia: Usuario) -> None:
    for n in range(5):
        assert "Demasiados intentos" not in attempt(f"mala-{n}", "203.0.113.1").text
    assert "Demasiados intentos" in attempt("mala-5", "203.0.113.1").text
    assert "Demasiados intentos" in attempt(RIGHT, "203.0.113.1").text
    assert attempt(RIGHT, "203.0.113.2").status_code == 302
    age(301)
    assert attempt(RIGHT, "203.0.113.1").status_code == 302


def test_right_passwords_are_not_counted(alicia: Usuario) -> None:
    for _ in range(8):
        assert attempt(RIGHT, "203.0.113.1").status_code == 302


def test_an_account_tried_from_everywhere_asks_for_a_second_proof_and_is_not_closed(alicia: Usuario) -> None:
    usual = Client(headers={"accept-language": "es-MX"})
    assert attempt(RIGHT, "203.0.113.1", usual).status_code == 302
    usual.post("/cuenta/logout/")
    for n in range(limits.ACCOUNT.most):
        attempt(f"mala-{n}", f"198.51.100.{n}")
    assert "desde muchos lugares" in attempt(RIGHT, "192.0.2.1").text
    forged = Client(headers={"accept-language": "es-MX"})
    forged.cookies["conocido"] = "WzFd:falsa"
    assert "desde muchos lugares" in attempt(RIGHT, "192.0.2.2", forged).text
    assert attempt(RIGHT, "192.0.2.3", usual).status_code == 302


def test_an_address_has_a_limit_over_all_accounts(alicia: Usuario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ADDRESS", limits.Rate("direccion", 3, 60))
    for n in range(3):
        given = {"login": f"persona-{n}", "password": "mala"}
        assert "Demasiados" not in Client().post("/cuenta/login/", given, REMOTE_ADDR="203.0.113.1").text
    assert "Demasiados intentos" in attempt(RIGHT, "203.0.113.1").text


def test_a_subscriber_of_ipv6_is_one_address() -> None:
    assert limits.of_address("2001:db8:1:2::1") == limits.of_address("2001:db8:1:2:ffff::9")
    assert limits.of_address("2001:db8:1:3::1") != limits.of_address("2001:db8:1:2::1")


def test_the_table_names_nobody(alicia: Usuario) -> None:
    attempt("mala", "203.0.113.1")
    with counting(), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(clave, ' ') FROM registry_limite")
        kept = cursor.fetchone()[0]
    assert kept
    assert "alicia" not in kept
    assert "203.0" not in kept


def test_programs_are_told_to_wait(alicia: Usuario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door.limits, "API_PERSON", limits.Rate("api", 2, 60))
    key = {"Authorization": f"Bearer {create_key(alicia, 'contabilidad').texto}"}
    answers = [Client().get("/api/v1/contabilidades", headers=key) for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 60
    assert answers[2].json()["type"] == "urn:sif:problema:limite"
    age(61)
    assert Client().get("/api/v1/contabilidades", headers=key).status_code == 200


def test_wrong_keys_are_limited_by_address(alicia: Usuario) -> None:
    wrong = {"Authorization": "Bearer sif_falsa"}
    for _ in range(limits.API_WRONG_KEY.most):
        assert Client().get("/api/v1/contabilidades", headers=wrong).status_code == 401
    assert Client().get("/api/v1/contabilidades", headers=wrong).status_code == 429
    assert Client().get("/api/v1/contabilidades", headers=wrong, REMOTE_ADDR="192.0.2.1").status_code == 401


def test_the_default_cache_is_shared_by_all_processes(db: None) -> None:
    caches["default"].set("mfa", "usado", 60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sif_cache WHERE cache_key LIKE '%%mfa'")
        assert cursor.fetchone() == (1,)
