"""Keep the files that jobs ask with and make: each by its digest, whole or not at all, for a week."""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.conf import settings

from sif.jobs.models import Trabajo
from sif.registry.files import open_regular

KEPT = timedelta(days=7)


class FileGone(LookupError):
    """The file expired, or its bytes are not those that were kept."""

    def __init__(self) -> None:
        super().__init__("El archivo ya no se guarda. Pídalo otra vez: se hace con lo que hay hoy.")


def _folder() -> Path:
    folder: Path = settings.DATOS / "trabajos"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def keep(write: Callable[[IO[bytes]], object]) -> tuple[str, int]:
    """Keep what `write` writes to a stream; returns its SHA-256 and its size. The same bytes are one file."""
    folder = _folder()
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".nuevo-")
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb+") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
            size = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
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


def made_file(write: Callable[[IO[bytes]], object], nombre: str, tipo: str) -> Mapping[str, Any]:
    """Keep the file that a piece makes; returns the result of the piece, from which its person downloads it."""
    sha256, size = keep(write)
    return {"archivo": {"sha256": sha256, "nombre": nombre, "tipo": tipo, "bytes": size}}


def expires_at(trabajo: Trabajo) -> datetime | None:
    """When the file of a job stops being kept; None for a job without a file."""
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
