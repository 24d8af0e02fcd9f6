"""While the database is stopped pages answer 503 in plain words, a session cookie or not, and recover with it."""

import errno
import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from sif.availability.measuring import FAILURES, folder_of
from sif.web.sessions import digest_of

Stopped = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def stopped(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[Stopped]:
    """Point the connection at a folder without a server for as long as the context lasts."""

    @contextmanager
    def down() -> Iterator[None]:
        known = dict(connection.settings_dict)
        connection.close()
        connection.settings_dict["HOST"] = str(tmp_path)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.update(known)

    with django_db_blocker.unblock():
        yield down
        connection.close()


def visitor() -> Client:
    client = Client(raise_request_exception=False, headers={"accept-language": "es-MX"})
    client.cookies[settings.SESSION_COOKIE_NAME] = "abcdefghijklmnopqrstuvwxyz012345"
    return client


def test_the_page_of_the_service_says_it_with_a_session_cookie_and_recovers(stopped: Stopped) -> None:
    client = visitor()
    with stopped():
        answer = client.get("/estado/")
        assert answer.status_code == 503 and "Visto el" in answer.content.decode()
    assert client.get("/estado/").status_code == 200


def test_any_other_page_answers_503_in_words_and_recovers(stopped: Stopped) -> None:
    client = visitor()
    with stopped():
        answer = client.get("/partido/polizas/")
        assert answer.status_code == 503 and answer["Retry-After"] == "30"
        assert "La base de datos no contesta" in answer.content.decode()
    assert client.get("/partido/polizas/").status_code == 302


def test_what_fails_meanwhile_is_kept_with_the_digest_of_its_session(
    stopped: Stopped, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MEDIR_DISPONIBILIDAD", True)
    monkeypatch.setattr(settings, "DATOS", tmp_path)
    client = visitor()
    with stopped():
        assert client.get("/partido/polizas/").status_code == 503
    (file,) = folder_of(tmp_path, FAILURES).glob("*.jsonl")
    (line,) = map(json.loads, file.read_text().splitlines())
    secret = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert (line["persona"], line["sesion"]) == (0, digest_of(secret)) and secret not in file.read_text()
    assert (line["modulo"], line["operacion"]) == ("partido", "party:polizas")


def test_another_failure_is_still_a_500(stopped: Stopped, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError("otra causa")

    monkeypatch.setattr("sif.web.public.servicio.public_page", broken)
    answer = visitor().get("/estado/")
    assert answer.status_code == 500 and "El servicio falló" in answer.content.decode()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_named(stopped: Stopped, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def full(*_given: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("sif.web.public.servicio.public_page", full)
    answer = visitor().get("/estado/")
    assert answer.status_code == 503 and "El disco del servicio está lleno" in answer.content.decode()
    assert answer["Retry-After"] == "30"
