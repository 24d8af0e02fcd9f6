"""Keep the files that jobs ask with and make: each by its digest, whole or not at all, for a week.

All of them together stay within `JOB_FILES_BYTES` of the settings; what does not fit is refused in words.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Buffer, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from io import BufferedRandom, FileIO
from pathlib import Path
from typing import IO, BinaryIO

from django.conf import settings

from sif.jobs.models import Trabajo
from sif.registry import events
from sif.registry.files import open_regular
from sif.values import Problem, Refused

KEPT = timedelta(days=7)
LEAST = 4096  # bytes that a file counts for, so that many small ones are bounded as well


class FileGone(LookupError):
    """The file expired, or its bytes are not those that were kept."""

    def __init__(self) -> None:
        super().__init__("El archivo ya no se guarda. Pídalo otra vez: se hace con lo que hay hoy.")


class NoRoom(Refused):
    """A file does not fit beside those that are kept; nothing of it is."""

    def __init__(self) -> None:
        seen, most = (f"{size / 2**30:,.1f}" for size in (taken(), settings.JOB_FILES_BYTES))
        super().__init__(
            Problem(
                "sin_lugar",
                "archivo",
                f"Los archivos de los trabajos de esta instalación ocupan {seen} GiB de {most}, y este no cabe.",
                "Cada noche se borran los de hace una semana: vuelva mañana, o pida a quien administra la instalación "
                "que les dé más lugar (SIF_TRABAJOS_GIB).",
            )
        )


class _Within(FileIO):
    """A file that grows while it fits beside those that are kept; what expired goes before it is refused."""

    def __init__(self, descriptor: int, path: Path) -> None:
        super().__init__(descriptor, "w+b")
        self.path, self.room = path, 0

    def write(self, piece: Buffer, /) -> int:
        """Write what fits whole. Raises NoRoom."""
        end = max(LEAST, self.tell() + memoryview(piece).nbytes)
        if end > self.room:
            self.room = _room(end, self.path)
        return super().write(piece)


def taken(but: Path | None = None) -> int:
    """Return the bytes that the files of jobs take, but for one of them."""
    found = 0
    with os.scandir(_folder()) as entries:
        for entry in entries:
            with suppress(OSError):
                if but is None or entry.name != but.name:
                    found += max(LEAST, entry.stat(follow_symlinks=False).st_size)
    return found


def _room(wanted: int, but: Path | None = None) -> int:
    """Return the bytes that there are for a file that wants so many. Raises NoRoom."""
    for swept in (False, True):
        room: int = settings.JOB_FILES_BYTES - taken(but)
        if wanted <= room:
            return room
        if not swept:
            sweep_files()
    events.log("rechazo", codigo="sin_lugar", muro="trabajos")
    raise NoRoom


def _folder() -> Path:
    folder: Path = settings.DATOS / "trabajos"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def keep(write: Callable[[IO[bytes]], object]) -> tuple[str, int]:
    """Keep what `write` writes to a stream; returns its SHA-256 and its size. The same bytes are one file.

    Raises NoRoom where it does not fit; of those that are written at once, the last to end.
    """
    folder = _folder()
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".nuevo-")
    path = Path(name)
    try:
        with BufferedRandom(_Within(descriptor, path)) as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
            size = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        if not (folder / sha256).exists():
            _room(0)
        path.replace(folder / sha256)
    finally:
        path.unlink(missing_ok=True)
    return sha256, size


def open_kept(sha256: str) -> BinaryIO:
    """Open a kept file whose bytes are those of its digest. Raises FileGone."""
    try:
        stream = open_regular(_folder() / sha256)
    except OSError as error:
        raise FileGone from error
    if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
        stream.close()
        raise FileGone
    stream.seek(0)
    return stream


def made_file(write: Callable[[IO[bytes]], object], nombre: str, tipo: str) -> Mapping[str, object]:
    """Keep the file that a piece makes; returns the result of the piece, from which its person downloads it."""
    sha256, size = keep(write)
    return {"archivo": {"sha256": sha256, "nombre": nombre, "tipo": tipo, "bytes": size}}


def expires_at(trabajo: Trabajo) -> datetime | None:
    """Return the time at which the file of a job expires, or None for a job without a file or not ended."""
    if "archivo" not in trabajo.resultado or trabajo.terminado_el is None:
        return None
    return trabajo.terminado_el + KEPT


def sweep_files() -> int:
    """Delete the files kept longer than a week, and what a dead process left half written; returns how many."""
    oldest, gone = time.time() - KEPT.total_seconds(), 0
    for path in _folder().iterdir():
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()
                gone += 1
    return gone
