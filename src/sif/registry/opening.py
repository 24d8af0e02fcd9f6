"""Open files from outside by the file server, with the limits and openers of this installation."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from django.conf import settings

from sif.registry import events
from sif.sandbox import answers
from sif.sandbox.client import PERSON, Client, Late, Opened, Unopened
from sif.sandbox.opening import FILES, Limits

ORDINARY = Limits()
BRIEF = Limits(cpu=2)
"""Limits of a file that no honest person makes long to open: it ends by its own processor, and no page hurries it."""
VISITOR = "visita"
"""The one place that all take who open a file without having entered."""


ROW = tuple[int, tuple[str, ...]]


@dataclass(slots=True)
class Patience:
    """Seconds that whoever waits still gives to the opening of files, all of them together."""

    left: float


_patience: ContextVar[Patience | None] = ContextVar("sif_opening_patience", default=None)


@contextmanager
def patient(seconds: float | None) -> Iterator[None]:
    """Give that many seconds to what is opened inside, together; None gives each file all that its limits say."""
    token = _patience.set(None if seconds is None else Patience(seconds))
    try:
        yield
    finally:
        _patience.reset(token)


@cache
def client(name: str) -> Client:
    """Return the client of a file server; one is started only when something is opened and none of its name runs."""
    return Client(settings.DATOS, settings.ABRIDORES[name], name)


def opened(
    op: str,
    source: IO[bytes] | bytes | Path,
    args: Mapping[str, object] | None = None,
    limits: Limits = ORDINARY,
    *,
    server: str = FILES,
    who: str = "",
) -> Opened:
    """Open a file by an opener of a server of settings.ABRIDORES. Raises Refused, and Unopened where it passes a limit.

    The person of the request, or `who` where nobody entered, takes one place of the server; a file that passes a limit
    leaves a line in the log.
    Inside `patient`, Late is raised for a file that is not open by then: `finish` opens it, and asking again answers.
    """
    page = _patience.get()
    hurry = page if limits != BRIEF else None
    with _noted(op, who):
        try:
            left = hurry.left if hurry else None
            found = client(server).ask(op, source, args or {}, limits, left, apart=page is None)
        except Late:
            if hurry:
                hurry.left = 0.0
            raise
        if hurry:
            hurry.left = max(0.0, hurry.left - found.outcome.segundos - found.outcome.espera)
        return found


def opening_of(
    op: str, sha256: str, args: Mapping[str, object] | None = None, limits: Limits = ORDINARY, *, server: str = FILES
) -> str:
    """Return the name of the opening that `opened` would ask for, of a file known by its digest."""
    return answers.Asked(server, op, dict(args or {}), limits, sha256).key


def finish(apertura: str) -> None:
    """Open a file that a page did not wait for, within its limits, and keep its answer for a day.

    Raises Unopened where there is no answer that would be the same again, FileNotFoundError once it is not kept.
    """
    asked = answers.asked_of(client(FILES).folder, apertura)
    with _noted(asked.op):
        client(asked.servidor).finish(asked)


@contextmanager
def _noted(op: str, who: str = "") -> Iterator[None]:
    """Open in the name of the person bound to the log, and leave there a line of a file that is not opened."""
    token = PERSON.set(str(events.bound("persona") or who))
    try:
        yield
    except Unopened as refused:
        seen = refused.outcome
        events.log("archivo", objeto=op, motivo=seen.motivo, segundos=seen.segundos, memoria=seen.pico)
        raise
    except Late:
        events.log("archivo", objeto=op, motivo="aparte")
        raise
    finally:
        PERSON.reset(token)


def table_rows(
    source: bytes | Path, marks: str = ",;\t", *, other: str = "cp1252", strict: bool = True
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the rows of a delimited text with the line where each begins, blank ones too. Raises Refused at the row.

    `marks`: the separators among which its first line chooses; `other`: its encoding when it is not UTF-8.
    """
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    args = {"marcas": marks, "alterna": other, "estricta": strict}
    return opened("tabla", source, args, ORDINARY.grown(size)).values(ROW)
