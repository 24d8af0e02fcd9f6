"""A campaign under way and people who look at it through pages."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client


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


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Any:
    """Two parties in campaign, with files in a folder of the test's own."""
    from scene import make_scene

    settings.DATOS = tmp_path
    return make_scene(tmp_path)


@pytest.fixture
def enter() -> Callable[[Any], Client]:
    """A client in which that person has signed in."""

    def signed_in(user: Any) -> Client:
        client = Client(headers={"accept-language": "es-MX"})
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
