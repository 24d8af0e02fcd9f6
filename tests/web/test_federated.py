"""Entry by a provider of identity, against one that runs: linked by invitation, refused without."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from sif.registry.invitations import Invited, Rol, invite
from sif.registry.models import Usuario


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A provider on loopback that our settings know."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with run_server_in_thread() as server:
        address = f"http://localhost:{server.server_port}"
        app = {
            "provider_id": "institucion", "name": "Instituto", "client_id": "sif", "secret": "secreto-de-prueba",
            "settings": {"server_url": address, "oauth_pkce_enabled": True},
        }  # fmt: skip
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        yield address


def enter_as(client: Client, sub: str) -> Any:
    """Go to the provider, sign in there as a subject, and come back."""
    sent = client.post("/cuenta/oidc/institucion/login/", HTTP_HOST="localhost")
    assert "code_challenge=" in sent["Location"]
    back = requests.post(sent["Location"], data={"sub": sub}, allow_redirects=False, timeout=10)
    parts = urlsplit(back.headers["Location"])
    return client.get(f"{parts.path}?{parts.query}", HTTP_HOST="localhost")


def test_a_subject_is_linked_by_an_invitation_and_another_is_refused(db: None, provider: str) -> None:
    token = invite(Invited(Rol.ADMINISTRADOR, "Hugo Salas", "hugo"), None)
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
