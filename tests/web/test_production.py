"""A process in production mode says the same to everybody: its headers, its cookies, and what it does not serve."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

ASKED = r"""
import json, re, sys
import django
django.setup()
from django.conf import settings
from django.test import Client

def said(answer):
    cookies = {name: {key: str(value) for key, value in each.items() if value} for name, each in answer.cookies.items()}
    return {"status": answer.status_code, "headers": {k.lower(): v for k, v in answer.items()}, "cookies": cookies,
            "text": b"".join(answer)[:4000].decode("utf-8", "replace")}

host, proxied = settings.ALLOWED_HOSTS[0], {"HTTP_X_FORWARDED_PROTO": "https", "REMOTE_ADDR": "127.0.0.1"}
client = Client(SERVER_NAME=host, enforce_csrf_checks=True, raise_request_exception=False)
page = lambda method, path, **more: said(getattr(client, method)(path, **{**proxied, **more}))

def form(origin):
    browser = Client(HTTP_HOST=host, enforce_csrf_checks=True, raise_request_exception=False)
    sent = browser.get("/cuenta/login/", **proxied)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', sent.content.decode())[1]
    data = {"login": "nadie", "password": "no-es-la-suya", "csrfmiddlewaretoken": token}
    return said(browser.post("/cuenta/login/", data, HTTP_ORIGIN=origin, **proxied))

def session():
    from django.contrib.sessions.models import Session
    from sif.registry.scope import acting
    opened = page("get", "/cuenta/2fa/webauthn/login/", HTTP_X_REQUESTED_WITH="XMLHttpRequest")
    with acting():
        Session.objects.all().delete()
    return opened

print(json.dumps({
    "session": session(),
    "entry": page("get", "/cuenta/login/"),
    "plain_api": said(client.post("/api/v1/polizas", "{}", "application/json", REMOTE_ADDR="127.0.0.1",
                                  HTTP_AUTHORIZATION="Bearer sif_x")),
    "language": page("get", "/idioma/en/"), "theme": page("get", "/tema/oscuro/"),
    "plain": said(client.get("/cuenta/login/", REMOTE_ADDR="127.0.0.1")),
    "forged": said(client.get("/cuenta/login/", REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_PROTO="https")),
    "host": page("get", "/cuenta/login/", SERVER_NAME="otro.ejemplo.mx"),
    "without_token": page("post", "/cuenta/login/", data={"login": "x", "password": "y"}),
    "own_origin": form(f"https://{host}"), "other_origin": form("https://otro.ejemplo.mx"),
    "plain_origin": form(f"http://{host}"), "other_host": form("null"),
    "origin": page("get", "/api/v1/contabilidades", HTTP_ORIGIN="https://otro.ejemplo.mx"),
    "git": page("get", "/.git/config"), "folder": page("get", "/static/"), "trace": page("trace", "/cuenta/login/"),
    "samples": page("get", "/muestras/"), "nothing": page("get", "/nada-de-esto/"),
    "logout": page("get", "/cuenta/logout/"), "debug": settings.DEBUG,
}))
"""


@pytest.fixture(scope="module")
def answers(django_db_setup: None) -> dict[str, Any]:
    """What a process of production answers to a stranger, by what was asked of it."""
    from django.conf import settings
    from psycopg.conninfo import make_conninfo

    base = settings.DATABASES["default"]["NAME"]
    environment = {
        **{name: os.environ[name] for name in ("PATH", "SIF_DATOS", "SIF_LLAVE_ALCANCE") if name in os.environ},
        "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=str(base)),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SIF_ENTORNO": "produccion",
        "SIF_SECRETO": "s" * 60,
        "SIF_DOMINIOS": "sif.instituto.mx",
        "SIF_PROXYS": "127.0.0.1/32",
        "SIF_ACUSES_CONTRASENA": "x" * 20,
        "SIF_LLAVE_MFA": "m" * 40,
    }
    ran = subprocess.run([sys.executable, "-c", ASKED], env=environment, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr[-2000:]
    said: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return said


def test_a_year_of_hsts_with_subdomains(answers: dict[str, Any]) -> None:
    header = answers["entry"]["headers"]["strict-transport-security"]
    assert header.startswith("max-age=31536000; includeSubDomains")


def test_plain_http_is_redirected_and_a_forged_header_is_plain_http(answers: dict[str, Any]) -> None:
    for asked in ("plain", "forged"):
        assert answers[asked]["status"] == 301
        assert answers[asked]["headers"]["location"].startswith("https://sif.instituto.mx/")


def test_the_api_is_refused_in_plain_http_instead_of_redirected(answers: dict[str, Any]) -> None:
    assert answers["plain_api"]["status"] == 403
    assert answers["plain_api"]["headers"]["content-type"] == "application/problem+json"
    assert json.loads(answers["plain_api"]["text"])["codigo"] == "sin_tls"
    assert answers["origin"]["status"] == 401  # by TLS it is asked for its key


def test_another_host_is_refused(answers: dict[str, Any]) -> None:
    assert answers["host"]["status"] == 400


def test_types_are_not_guessed(answers: dict[str, Any]) -> None:
    assert answers["entry"]["headers"]["x-content-type-options"] == "nosniff"
    assert answers["entry"]["headers"]["content-type"] == "text/html; charset=utf-8"


def test_the_address_is_not_told_elsewhere(answers: dict[str, Any]) -> None:
    assert answers["entry"]["headers"]["referrer-policy"] == "same-origin"
    assert answers["entry"]["headers"]["cross-origin-opener-policy"] == "same-origin"


def test_the_policy_closes_base_objects_and_frames(answers: dict[str, Any]) -> None:
    parts = [part.split() for part in answers["entry"]["headers"]["content-security-policy"].split(";")]
    policy = {name: values for name, *values in parts}
    for closed in ("default-src", "base-uri", "object-src", "frame-ancestors"):
        assert policy[closed] == ["'none'"], closed
    assert answers["entry"]["headers"]["x-frame-options"] == "DENY"


@pytest.mark.parametrize(("asked", "name"), [("entry", "__Host-csrf"), ("session", "__Host-sif")])
def test_cookies_are_of_this_host_by_tls_and_away_from_scripts(answers: dict[str, Any], asked: str, name: str) -> None:
    cookie = answers[asked]["cookies"][name]
    assert cookie["secure"] == "True"
    assert cookie["httponly"] == "True"
    assert cookie["samesite"] in ("Lax", "Strict")
    assert cookie["path"] == "/"
    assert "domain" not in cookie


@pytest.mark.parametrize(("asked", "name"), [("language", "__Host-idioma"), ("theme", "__Host-tema")])
def test_cookies_of_taste_are_of_this_host_too(answers: dict[str, Any], asked: str, name: str) -> None:
    cookie = answers[asked]["cookies"][name]
    assert (cookie["secure"], cookie["httponly"], cookie["path"]) == ("True", "True", "/")
    assert "domain" not in cookie


def test_no_other_origin_is_allowed(answers: dict[str, Any]) -> None:
    assert not [name for name in answers["origin"]["headers"] if name.startswith("access-control")]


def test_a_form_without_its_token_is_refused(answers: dict[str, Any]) -> None:
    assert answers["without_token"]["status"] == 403


def test_a_form_sent_from_our_own_page_behind_the_proxy_is_taken(answers: dict[str, Any]) -> None:
    assert answers["own_origin"]["status"] == 200
    assert 'name="password"' in answers["own_origin"]["text"] or "errorlist" in answers["own_origin"]["text"]
    assert [answers[name]["status"] for name in ("other_origin", "plain_origin", "other_host")] == [403] * 3


def test_nothing_of_the_repository_is_served(answers: dict[str, Any]) -> None:
    assert answers["git"]["status"] == 404


def test_no_folder_is_listed(answers: dict[str, Any]) -> None:
    assert answers["folder"]["status"] == 404


def test_the_method_trace_is_refused(answers: dict[str, Any]) -> None:
    assert answers["trace"]["status"] == 405


def test_nothing_of_the_demonstration_is_served(answers: dict[str, Any]) -> None:
    assert answers["samples"]["status"] == 404


def test_an_address_that_is_not_there_shows_no_debugging(answers: dict[str, Any]) -> None:
    assert answers["debug"] is False
    assert answers["nothing"]["status"] == 404
    assert "Traceback" not in answers["nothing"]["text"]
    assert "urlpatterns" not in answers["nothing"]["text"]
