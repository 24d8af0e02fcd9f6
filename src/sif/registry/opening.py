"""Open files from outside by the file server, with the limits and openers of this installation."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from sif.sandbox.client import Client, Opened
from sif.sandbox.opening import Limits

ORDINARY = Limits()


@cache
def client() -> Client:
    """Return the client of this process; a file server is started only when something is opened and none runs."""
    return Client(settings.DATOS, settings.ABRIDORES)


def opened(
    op: str, source: IO[bytes] | bytes | Path, args: Mapping[str, Any] | None = None, limits: Limits = ORDINARY
) -> Opened:
    """Open a file by an opener of settings.ABRIDORES. Raises Wrong, of which Unopened says that a limit was passed."""
    return client().ask(op, source, args or {}, limits)
