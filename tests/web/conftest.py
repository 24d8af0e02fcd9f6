"""A campaign under way and people who look at it through pages."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from kept import keeps
from mailed import Office, serving


@pytest.fixture(autouse=True)
def _sees(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test of pages reads tables as the authority, and its requests begin with nothing."""
    marked = request.node.get_closest_marker("django_db")
    if "db" not in request.fixturenames and (marked is None or marked.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("db")
    from seeing import seeing_everything

    with seeing_everything(monkeypatch):
        yield


def _under_way() -> Any:
    from scene import under_way

    return under_way()


@pytest.fixture
@keeps(_under_way)
def scene(world_of: Callable[..., Any]) -> Any:
    """Two parties in campaign, with files in a folder of the test's own."""
    return world_of(_under_way)


@pytest.fixture
def office(settings: Any) -> Iterator[Office]:
    """A server by which this installation, which says its address, sends its mail."""
    settings.SITIO = "https://sif.instituto.mx"
    with serving(settings) as made:
        yield made


@pytest.fixture
def enter() -> Callable[[Any], Client]:
    """A client in which that person has signed in."""

    def signed_in(user: Any) -> Client:
        client = Client(headers={"accept-language": "es-MX"})
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
