"""A body that is too large is refused in words before anything of it is read."""

import json
from typing import Any

import pytest
from django.test import Client

from sif.web.bodies import MB

SPANISH = {"accept-language": "es-MX"}


def send(path: str, size: object) -> Any:
    return Client(headers=SPANISH).post(path, b"", content_type="application/octet-stream", CONTENT_LENGTH=str(size))


@pytest.mark.parametrize("path", ["/cuenta/login/", "/partido/lotes/", "/nada-de-esto/"])
def test_a_body_that_weighs_too_much_is_refused_in_words(db: None, settings: Any, path: str) -> None:
    refused = send(path, settings.MOST_BODY + 1)
    assert refused.status_code == 413
    assert "Pesa 61 MB y en un envío caben 60 MB. Nada cambió." in refused.content.decode()
    assert refused.headers["Content-Security-Policy"]
    assert send(path, 10**30).status_code == 413
    assert send(path, "x").status_code != 413


def test_the_api_says_it_as_a_problem(db: None, settings: Any) -> None:
    refused = send("/api/v1/polizas", settings.MOST_BODY + MB)
    assert (refused.status_code, refused["Content-Type"]) == (413, "application/problem+json")
    assert json.loads(refused.content)["detail"] == "Lo enviado pesa 61 MB y caben 60. Envíelo en varias peticiones."


@pytest.mark.parametrize("path", ["/cuenta/login/", "/verificar/documento/", "/nada-de-esto/"])
@pytest.mark.parametrize("letters", ["latin-1", "utf-16", "cp1252"])
def test_a_form_in_other_letters_is_refused_in_words_and_is_no_failure_of_the_service(
    db: None, path: str, letters: str
) -> None:
    form = f"application/x-www-form-urlencoded; charset={letters}"
    refused = Client(headers=SPANISH).post(path, b"a=1", content_type=form)
    assert refused.status_code == 415
    assert f"El formulario dice que viene en {letters} y aquí se lee UTF-8. Nada cambió." in refused.text
    told = Client(headers=SPANISH).post("/api/v1/polizas", b"a=1", content_type=form)
    assert (told.status_code, told["Content-Type"]) == (415, "application/problem+json")


@pytest.mark.parametrize("letters", ["utf-8", "UTF8", "u8"])
def test_a_form_in_utf_8_is_read_by_whatever_name_of_it(db: None, letters: str) -> None:
    form = f"application/x-www-form-urlencoded; charset={letters}"
    assert Client(headers=SPANISH).post("/cuenta/login/", b"a=1", content_type=form).status_code == 200


def test_pages_know_how_much_a_form_sends(db: None, settings: Any) -> None:
    assert f'data-cabe="{settings.MOST_BODY}"' in Client(headers=SPANISH).get("/cuenta/login/").text
