"""Write a file whole or not at all: every file that an installation keeps, its keys, its evidence and its backups."""

import errno
import hashlib
import json
import os
import secrets
import stat
import tempfile
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO

CHUNK = 1024 * 1024
PARTIAL = ".parcial-"  # what a process that died may leave beside; nothing reads it


class OtherBytes(ValueError):
    """The bytes that came are not those of the digest that names them; nothing was written."""


class NotAFile(OSError):
    """The path holds no regular file, but a pipe, a device, a socket, a folder or a link."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"En el lugar de {path.name} hay algo que no es un archivo. Recupérelo del respaldo.")


def open_regular(path: Path, *, links: bool = False) -> BufferedReader:
    """Open a file that an installation keeps, without waiting for what is no file. Raises NotAFile, FileNotFoundError.

    links: whether the name may be a link to the file, as those of keys that a machine mounts are.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | (0 if links else os.O_NOFOLLOW))
    except OSError as failed:
        if failed.errno in (errno.ELOOP, errno.ENXIO):  # a link, a socket
            raise NotAFile(path) from failed
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotAFile(path)
    return open(path, "rb", opener=lambda *_: descriptor)


def read_json(path: Path) -> Any:
    """Parse a JSON file of the installation. Raises as `open_regular`, and ValueError."""
    with open_regular(path) as file:
        return json.load(file)


def digest_of(path: Path, *, links: bool = True) -> str:
    """Return the SHA-256 of a file, read in pieces. Raises as `open_regular`."""
    with open_regular(path, links=links) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, source: bytes | Path | BinaryIO, *, once: bool = False, sha256: str = "") -> bool:
    """Write beside the place, wait for the disk, then give the name; a private file, read in pieces.

    `once`: leave a file that is there as it is; says whether this call wrote it. `sha256`: raise OtherBytes, and write
    nothing, if the bytes are others.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=PARTIAL)  # mode 0600
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            found = _fill(file, source)
            file.flush()
            os.fsync(file.fileno())
        if sha256 and found != sha256:
            raise OtherBytes(f"Se esperaban los bytes {sha256[:16]}… y llegaron {found[:16]}….")
        if once:
            os.link(partial, path)  # fails if another process came first: its file stays
        else:
            partial.replace(path)
        _settle(path.parent)
    except FileExistsError:
        return False
    finally:
        partial.unlink(missing_ok=True)
    return True


def take_over(path: Path, source: Path) -> None:
    """Give a file that nobody writes any more its place, as another name of the same bytes, once they are on disk.

    Its owner deletes the name that it had. Where the place is on another disk the file is copied.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.parent / f"{PARTIAL}{secrets.token_hex(8)}"
    try:
        os.link(source, partial)
    except OSError:  # another disk, or one whose files have a single name
        write_whole(path, source)
        return
    try:
        _settle(partial)
        partial.chmod(0o600)
        partial.replace(path)
        _settle(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def _fill(file: BinaryIO, source: bytes | Path | BinaryIO) -> str:
    digest = hashlib.sha256()
    if isinstance(source, bytes):
        digest.update(source)
        file.write(source)
    elif isinstance(source, Path):
        with open_regular(source, links=True) as origin:
            return _fill(file, origin)
    else:
        while piece := source.read(CHUNK):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def _settle(place: Path) -> None:
    """Wait until the bytes of a file, or the names of a folder, are on disk."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
