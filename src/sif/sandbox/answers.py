"""Keep for a day the files that a page did not wait for, and their answers once they are opened, within some bytes."""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from sif.sandbox.opening import Limits, Outcome

ANSWERS, VERDICTS = "aperturas", "veredictos"
KEPT = 24 * 3600  # seconds
RELEASE = 2  # raised when limits or libraries change enough for old verdicts and answers to be asked again
MOST = 4 << 30
"""Bytes of what is kept: beyond them the oldest goes before its day, and who still waits for it asks again."""
PARTIAL = ".parcial-"
LEAST = 1 << 16  # bytes that a file counts for, so that many small ones are bounded as well
MOST_OF_VERDICTS, LEAST_OF_VERDICTS = 64 << 20, 1 << 12
"""The same of the verdicts, which are small: the oldest goes, and its file is opened again if it comes back."""
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Asked:
    """An opening: the server that knows it, its opener and arguments, its limits, and the SHA-256 of its file."""

    servidor: str
    op: str
    args: dict[str, object]
    limits: Limits
    digest: str

    @property
    def key(self) -> str:
        """The name of the opening: the same file asked for the same is the same opening."""
        return hashlib.sha256(f"{RELEASE} {json.dumps(asdict(self), sort_keys=True)}".encode()).hexdigest()


def keep_asked(folder: Path, asked: Asked, file: int) -> None:
    """Keep an opening and the bytes of its file, unless they are there."""
    said = json.dumps(asdict(asked)).encode()
    _keep(folder, f"{asked.key}.pedido", lambda stream: stream.write(said))
    there = file_of(folder, asked)
    with suppress(OSError):
        os.utime(there)  # it is kept as long as what asks for it
        return
    _keep(folder, there.name, lambda stream: stream.writelines(pieces(file)))


def asked_of(folder: Path, key: str) -> Asked:
    """Return an opening that is kept. Raises FileNotFoundError."""
    said = json.loads((folder / ANSWERS / f"{key}.pedido").read_bytes())
    return Asked(**{**said, "limits": Limits(**said["limits"])})


def file_of(folder: Path, asked: Asked) -> Path:
    """Return the place of the file of an opening."""
    return folder / ANSWERS / f"{asked.digest}.archivo"


def keep_answer(folder: Path, asked: Asked, outcome: Outcome, output: IO[bytes]) -> None:
    """Keep how an opening ended and what it wrote."""

    def write(stream: IO[bytes]) -> None:
        stream.write(json.dumps(asdict(outcome)).encode() + b"\n")
        while piece := output.read(_PIECE):
            stream.write(piece)

    _keep(folder, f"{asked.key}.respuesta", write)


def answer_of(folder: Path, asked: Asked) -> tuple[Outcome, IO[bytes]] | None:
    """Return how an opening ended and what it wrote, if its answer is kept whole."""
    try:
        stream = (folder / ANSWERS / f"{asked.key}.respuesta").open("rb")
    except OSError:
        return None
    try:
        return Outcome(**json.loads(stream.readline())), stream
    except (ValueError, TypeError):
        stream.close()
        return None


def sweep_answers(folder: Path) -> int:
    """Delete what was kept more than a day ago, and the verdicts left half written; returns how many files."""
    oldest, gone = time.time() - KEPT, 0
    for path in (*(folder / ANSWERS).glob("*"), *(folder / VERDICTS).glob(f"{PARTIAL}*")):
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()
                gone += 1
    return gone


def _make_room(place: Path, kept: Path, most: int, least: int) -> None:
    """Delete the oldest of what is kept, but the file that has just entered, until the rest is within `most` bytes."""
    found = []
    for path in place.iterdir():
        with suppress(OSError):
            seen = path.stat()
            found.append((seen.st_mtime, max(seen.st_size, least), path))
    over = sum(size for _at, size, _path in found) - most
    for _at, size, path in sorted(found):
        if over <= 0:
            return
        if path != kept and not path.name.startswith(PARTIAL):
            path.unlink(missing_ok=True)
            over -= size


def keep_verdict(path: Path, outcome: Outcome) -> None:
    """Keep how a file ended that would end so again."""
    said = json.dumps(asdict(outcome)).encode()
    _keep_within(path.parent, path.name, lambda stream: stream.write(said), MOST_OF_VERDICTS, LEAST_OF_VERDICTS)


def _keep(folder: Path, name: str, write: Callable[[IO[bytes]], object]) -> None:
    _keep_within(folder / ANSWERS, name, write, MOST, LEAST)


def _keep_within(place: Path, name: str, write: Callable[[IO[bytes]], object], most: int, least: int) -> None:
    """Write a file that appears whole or not at all; it is read only by who serves it."""
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, made = tempfile.mkstemp(dir=place, prefix=PARTIAL)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            write(stream)
        Path(made).replace(place / name)
    finally:
        Path(made).unlink(missing_ok=True)
    _make_room(place, place / name, most, least)


def pieces(file: int) -> Iterator[bytes]:
    """Yield the bytes of an open file from its beginning, wherever its position stands."""
    at = 0
    while piece := os.pread(file, _PIECE, at):
        yield piece
        at += len(piece)
