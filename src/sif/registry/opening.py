"""Open files from outside by the file server, with the limits and openers of this installation."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from sif.registry import events
from sif.sandbox.client import PERSON, Client, Opened, Unopened
from sif.sandbox.opening import Limits

ORDINARY = Limits()


@cache
def client() -> Client:
    """Return the client of this process; a file server is started only when something is opened and none runs."""
    return Client(settings.DATOS, settings.ABRIDORES)


def opened(
    op: str, source: IO[bytes] | bytes | Path, args: Mapping[str, Any] | None = None, limits: Limits = ORDINARY
) -> Opened:
    """Open a file by an opener of settings.ABRIDORES. Raises Wrong, of which Unopened says that a limit was passed.

    The person of the request takes one place of the server; a file that passes a limit leaves a line in the log.
    """
    token = PERSON.set(str(events.bound("persona") or ""))
    try:
        return client().ask(op, source, args or {}, limits)
    except Unopened as refused:
        seen = refused.outcome
        events.log("archivo", objeto=op, motivo=seen.motivo, segundos=seen.segundos, memoria=seen.pico)
        raise
    finally:
        PERSON.reset(token)
