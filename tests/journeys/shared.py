"""A server that sees the test's own transaction: what a journey writes through pages is undone with the test.

The database refuses to empty the tables of acts, so nothing a journey commits could be cleaned. Requests are served one
at a time over the connection of the test, which waits meanwhile.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import make_server

import pytest
from django.conf import settings as real_settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from django.test import Client
from django.urls import get_resolver

from journeys.browser import _QuietHandler, _ThreadingServer
from seeing import at_the_door
from sif.registry.scope import everything

ONE_AT_A_TIME = threading.RLock()
"""Held by each request, and by a test that reads or writes while a page of it may be asking."""


@contextmanager
def at_rest() -> Iterator[None]:
    """Read everything while no request runs: both set the pass of the one connection."""
    with ONE_AT_A_TIME, everything():
        yield


@pytest.fixture
def shared_site(db: None) -> Iterator[str]:
    """The address of our own server, within this test's transaction; the test itself reads everything."""
    from django.core.wsgi import get_wsgi_application

    application, ours = get_wsgi_application(), connections["default"]
    assert get_resolver().url_patterns  # every desk is imported now, so that no page waits for it

    def serve(environ: Any, start_response: Any) -> Any:
        with ONE_AT_A_TIME:
            connections["default"] = ours
            with at_the_door():
                return application(environ, start_response)

    ours.inc_thread_sharing()
    for signal in (request_started, request_finished):  # they would close a connection that is within a transaction
        signal.disconnect(close_old_connections)
    server = make_server("127.0.0.1", 0, serve, server_class=_ThreadingServer, handler_class=_QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with everything():
        yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
    with ONE_AT_A_TIME:
        ours.dec_thread_sharing()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def enter(context: Any, user: Any, address: str) -> None:
    """Sign that person in, without the page of sign-in."""
    client = Client()
    with ONE_AT_A_TIME:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    name = real_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
