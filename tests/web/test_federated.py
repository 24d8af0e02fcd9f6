"""Entry by a provider of identity, against one that runs: linked by invitation, refused without."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.models import SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from rfcs import new_rfc
from sif.registry.invitations import Rol, invite
from sif.registry.invited import Invited
from sif.registry.models import Invitacion, Usuario


@pytest.fixture(scope="module")
def process() -> Iterator[str]:
    """The address of a provider that runs in a process of its own, on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    environment = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            address = f"http://localhost:{port}"
            patient = requests.Session()
            patient.mount(address, HTTPAdapter(max_retries=Retry(240, backoff_factor=0.1, backoff_max=0.25)))
            assert patient.get(f"{address}/.well-known/openid-configuration", timeout=10).status_code == 200
            yield address
        finally:
            running.terminate()


@pytest.fixture
def provider(process: str, settings: Any) -> str:
    """A provider that our settings know."""
    app = {
        "provider_id": "institucion",
        "name": "Instituto",
        "client_id": "sif",
        "secret": "secreto-de-prueba",
        "settings": {"server_url": process, "oauth_pkce_enabled": True},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    return process


def enter_as(client: Client, sub: str) -> Any:
    """Go to the provider, sign in there as a subject, and come back."""
    sent = client.post("/cuenta/oidc/institucion/login/", HTTP_HOST="localhost")
    assert "code_challenge=" in sent["Location"]
    back = requests.post(sent["Location"], data={"sub": sub}, allow_redirects=False, timeout=10)
    parts = urlsplit(back.headers["Location"])
    return client.get(f"{parts.path}?{parts.query}", HTTP_HOST="localhost")


def test_a_subject_is_linked_by_an_invitation_and_another_is_refused(db: None, provider: str) -> None:
    token = invite(Invited(Rol.ADMINISTRADOR, "Hugo Salas", "hugo", new_rfc()), None)
    client = Client(headers={"accept-language": "es-MX"})
    assert enter_as(client, "extraño").status_code == 401
    assert not Usuario.objects.exists()
    page = client.get(f"/cuenta/invitacion/{token}/").text
    assert "/cuenta/oidc/institucion/login/" in page
    assert enter_as(client, "hugo@instituto").status_code == 302
    person = Usuario.objects.get()
    assert (person.username, person.has_usable_password()) == ("hugo", False)
    again, other = Client(), Client()
    assert enter_as(again, "hugo@instituto").status_code == 302
    assert again.get("/cuenta/sessions/").status_code == 200
    assert enter_as(other, "otra@instituto").status_code == 401
    assert other.get("/cuenta/sessions/").status_code == 302


# Altered identities ---------------------------------------------------------------------------------------------------

OURS, THEIRS = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    said = {"iss": "{issuer}", "aud": "sif", "sub": "hugo@instituto", "iat": now, "exp": now + 300, **changes}
    return {name: value for name, value in said.items() if value is not None}


def signed(said: dict[str, Any], key: Any = OURS, algorithm: str = "RS256", kid: str = "una") -> str:
    return jwt.encode(said, key, algorithm=algorithm, headers={"kid": kid})


@pytest.fixture
def tokens(provider: str, settings: Any) -> Iterator[dict[str, Any]]:
    """Answer at the token and key addresses of the provider with what a test says, signed by a key of ours."""
    described = requests.get(f"{provider}/.well-known/openid-configuration", timeout=10).json()
    said: dict[str, Any] = {"issuer": described["issuer"]}
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OURS.public_key()))

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self._answer({"keys": [{**public, "kid": "una", "alg": "RS256", "use": "sig"}]})

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            identity = {"id_token": said["identity"]} if said["identity"] else {}
            self._answer({"access_token": "a", "token_type": "Bearer", "expires_in": 300, **identity})

        def log_message(self, format: str, *args: object) -> None:
            """Requests are not news."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{server.server_port}"
        app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
        app["settings"]["openid_configuration_overrides"] = {"token_endpoint": f"{here}/t", "jwks_uri": f"{here}/k"}
        yield said
        server.shutdown()


def come_back(tokens: dict[str, Any], identity: str, **changes: str) -> Any:
    """Begin the entry, and come back with a code for that identity."""
    tokens["identity"] = identity
    client = Client(headers={"accept-language": "es-MX"})
    name = "hugo" if not Invitacion.objects.exists() else "hugo.salas"
    token = invite(Invited(Rol.ADMINISTRADOR, "Hugo Salas", name, new_rfc()), None)
    client.get(f"/cuenta/invitacion/{token}/")
    sent = client.post("/cuenta/oidc/institucion/login/", HTTP_HOST="localhost")
    state = parse_qs(urlsplit(sent["Location"]).query)["state"][0]
    return client.get(
        "/cuenta/oidc/institucion/login/callback/", {"code": "c", "state": state, **changes}, HTTP_HOST="localhost"
    )


def test_an_identity_that_verifies_enters(db: None, tokens: dict[str, Any]) -> None:
    assert come_back(tokens, signed(claims(iss=tokens["issuer"]))).status_code == 302
    assert Usuario.objects.get().username == "hugo"


@pytest.mark.parametrize(
    "change",
    [
        {"key": THEIRS},
        {"kid": "otra"},
        {"algorithm": "none", "key": ""},
        {"algorithm": "HS256", "key": "x" * 32},
        {"iss": "https://otro.ejemplo.mx"},
        {"iss": None},
        {"aud": "otro-programa"},
        {"aud": None},
        {"sub": None},
        {"exp": 1},
        {"exp": None},
        {"iat": 4_000_000_000},
    ],
    ids=lambda change: "-".join(map(str, change)),
)
def test_an_altered_identity_is_refused(db: None, tokens: dict[str, Any], change: dict[str, Any]) -> None:
    how = {name: value for name, value in change.items() if name in ("key", "algorithm", "kid")}
    said = {name: value for name, value in change.items() if name not in how}
    answer = come_back(tokens, signed(claims(**{"iss": tokens["issuer"], **said}), **how))
    assert answer.status_code == 401
    assert not Usuario.objects.exists()


def test_without_an_identity_or_with_the_state_of_another_nobody_enters(db: None, tokens: dict[str, Any]) -> None:
    assert come_back(tokens, "").status_code == 401
    assert come_back(tokens, signed(claims(iss=tokens["issuer"])), state="de-otro").status_code == 401
    assert not Usuario.objects.exists()


def test_no_token_reaches_the_browser_nor_the_database(db: None, tokens: dict[str, Any]) -> None:
    identity = signed(claims(iss=tokens["issuer"]))
    answer = come_back(tokens, identity)
    assert identity not in str(answer.headers) + str(answer.cookies)
    assert not SocialToken.objects.exists()


def test_the_provider_is_reached_by_a_post_alone(db: None, provider: str) -> None:
    assert Client().get("/cuenta/oidc/institucion/login/", HTTP_HOST="localhost").status_code == 200


@pytest.mark.parametrize("address", ["/cuenta/oidc/institucion/login/", "/cuenta/oidc/institucion/login/callback/"])
def test_without_a_provider_its_addresses_are_not_there(db: None, address: str) -> None:
    for answer in (Client().get(address), Client().post(address)):
        assert answer.status_code == 404
