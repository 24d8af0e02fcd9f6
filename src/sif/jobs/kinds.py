"""Declare the kinds of job: how many pieces each has and what one piece does; rooms above add theirs in `tasks.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sif.jobs.models import Trabajo
from sif.registry.models import Usuario

Progress = Callable[[int], None]
MOST_OPEN = 50
"""Jobs of one person that wait or run at once: those of nobody fill the queue of the others."""


class Cancelled(Exception):
    """The person cancelled while a piece ran; its transaction is undone."""


@dataclass(frozen=True, slots=True)
class Encargo:
    """The input of a piece: its job, the person in whose name it runs, its number from 1, and a progress callback.

    `tell(n)` publishes how many rows of the piece were done, and raises Cancelled once the person cancels.
    """

    trabajo: Trabajo
    persona: Usuario
    n: int
    tell: Progress


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job. `piece` runs in one transaction with its receipt and returns what it did, as JSON.

    `alone` says of a piece that it runs outside any transaction and has its receipt after: only for one whose effect
    is named by its digest, so that doing it again changes nothing. `may_download` asks again whether the person who
    asked may have the file that it made.
    `pieces` counts the pieces. `refusals` are what answers the person beside `Refused`: no attempt would change them;
    `refused` then writes what must stay of it, in a transaction of its own.
    """

    clave: str
    piece: Callable[[Encargo], Mapping[str, object]]
    pieces: Callable[[Trabajo], int] = lambda _trabajo: 1
    refusals: tuple[type[Exception], ...] = ()
    refused: Callable[[Trabajo], None] = lambda _trabajo: None
    alone: Callable[[int], bool] = lambda _n: False
    may_download: Callable[[Trabajo, Usuario], bool] = lambda _trabajo, _by: True
    most: int = MOST_OPEN


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind. Raises ValueError if another room took its name."""
    if _KINDS.setdefault(kind.clave, kind) is not kind:
        raise ValueError(f"Ya hay trabajos de clase «{kind.clave}»: dé otro nombre a estos.")
    return kind


def kind_of(clave: str) -> Kind:
    """Return a kind by its name. Raises LookupError naming those that exist."""
    if clave not in _KINDS:
        raise LookupError(f"No hay trabajos de clase «{clave}». Las que hay: {', '.join(sorted(_KINDS))}.")
    return _KINDS[clave]
