"""What a test may see: everything in its own readings, and nothing at the door of each request that it sends.

A request begins in the server with a closed scope and opens that of its person. A test that reads tables around it
stands for the authority: it opens `everything()`, closes it for the request, and opens it again after.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from sif.registry import scope


@contextmanager
def at_the_door() -> Iterator[None]:
    """Close the scope that the test has open, as a request finds its connection, and give it back after.

    A request that leaves open what it opened fails the test.
    """
    before = scope._exchange(lambda _said: "").said
    try:
        yield
    finally:
        if not connection.needs_rollback:
            left = scope._read(scope._exchange(lambda _said: before).said).scope
            assert not left, f"la petición dejó abierto el alcance «{left}»"


@contextmanager
def seeing_everything(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Open everything for the test; each request of `django.test.Client` begins with nothing and is read to its end."""
    send = Client.request

    def request(client: Client, **sent: Any) -> Any:
        with at_the_door():
            response = send(client, **sent)
            if response.streaming:  # the server reads it after the scope was closed
                response.streaming_content = list(response.streaming_content)
        return response

    monkeypatch.setattr(Client, "request", request)
    with scope.everything():
        yield
