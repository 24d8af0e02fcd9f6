"""Open files from outside by the file server, with the limits and openers of this installation."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from sif.registry import events
from sif.sandbox.client import PERSON, Client, Opened, Unopened
from sif.sandbox.opening import FILES, Limits

ORDINARY = Limits()


ROW = tuple[int, tuple[str, ...]]


@cache
def client(name: str) -> Client:
    """Return the client of a file server; one is started only when something is opened and none of its name runs."""
    return Client(settings.DATOS, settings.ABRIDORES[name], name)


def opened(
    op: str,
    source: IO[bytes] | bytes | Path,
    args: Mapping[str, Any] | None = None,
    limits: Limits = ORDINARY,
    *,
    server: str = FILES,
) -> Opened:
    """Open a file by an opener of a server of settings.ABRIDORES. Raises Wrong, and Unopened where it passes a limit.

    The person of the request takes one place of the server; a file that passes a limit leaves a line in the log.
    """
    token = PERSON.set(str(events.bound("persona") or ""))
    try:
        return client(server).ask(op, source, args or {}, limits)
    except Unopened as refused:
        seen = refused.outcome
        events.log("archivo", objeto=op, motivo=seen.motivo, segundos=seen.segundos, memoria=seen.pico)
        raise
    finally:
        PERSON.reset(token)


def table_rows(
    source: bytes | Path, marks: str = ",;\t", *, other: str = "cp1252", strict: bool = True
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the rows of a delimited text with the line where each begins, blank ones too. Raises Wrong at the row.

    `marks`: the separators among which its first line chooses; `other`: its encoding when it is not UTF-8.
    """
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    args = {"marcas": marks, "alterna": other, "estricta": strict}
    return opened("tabla", source, args, ORDINARY.grown(size)).values(ROW)
