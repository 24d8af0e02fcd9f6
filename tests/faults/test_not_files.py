"""What stands in the place of a file and is none (a pipe, a socket, a device, a link) is refused, and nobody waits."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import FrameType

import pytest

from sif.audit import services
from sif.audit.engine import SnapshotRefused, open_snapshot
from sif.audit.results import stages_of
from sif.audit.verifying import _judge, _manifest
from sif.books.services import FileChanged, open_file, read_file, store_file, store_path
from sif.books.services.file_store import almacen
from sif.disclosure import stored
from sif.filing.verifying import _judge_file
from sif.jobs.files import FileGone, keep, open_kept
from sif.registry.files import NotAFile, digest_of, open_regular
from small_world import World, world

__all__ = ["world"]
DATA = b"%PDF-1.7 evidencia"


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def _link(path: Path) -> None:
    outside = path.with_name(f"{path.name}-fuera")
    outside.write_bytes(DATA)
    path.symlink_to(outside)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _folder(path: Path) -> None:
    path.mkdir()


KINDS: list[Callable[[Path], None]] = [_pipe, _socket, _link, _device, _folder]


@pytest.fixture(autouse=True)
def nobody_waits() -> Iterator[None]:
    """A reader that waits is cut with a failure, and the suite goes on."""

    def cut(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError("esperó a lo que no es un archivo")

    before = signal.signal(signal.SIGALRM, cut)
    signal.setitimer(signal.ITIMER_REAL, 120)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def _put(path: Path, kind: Callable[[Path], None]) -> None:
    path.unlink()
    kind(path)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_opened_by_nobody(tmp_path: Path, kind: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    kind(Path("x"))
    with pytest.raises(NotAFile, match="no es un archivo"):
        open_regular(Path("x"))
    if kind is _link:
        assert len(digest_of(Path("x"))) == 64  # what may be a link, as a mounted key
    with pytest.raises(FileNotFoundError):
        open_regular(Path("nada"))


@pytest.mark.parametrize("kind", [_pipe, _link, _device])
def test_in_the_place_of_evidence_it_is_told_and_put_right(world: World, kind: Callable[[Path], None]) -> None:
    kept = store_file(DATA)
    place: Path = almacen().path_of(kept.sha256)  # type: ignore[attr-defined]
    _put(place, kind)
    for read in (open_file, read_file, almacen().open):
        with pytest.raises(FileChanged):
            read(kept.sha256)
    assert almacen().has(kept.sha256) is False
    told = _judge_file(kept.sha256)
    assert told is not None and told.tabla == "books_archivo"
    with pytest.raises(stored.FileLost):
        stored.file_stream(stored.PublicFile("x", "csv", kept.sha256, len(DATA), 0))
    copy = place.with_name("copia")
    copy.write_bytes(DATA)
    assert store_path(copy).sha256 == kept.sha256
    assert read_file(kept.sha256) == DATA and not place.is_symlink()


@pytest.mark.parametrize("kind", [_pipe, _device])
def test_in_the_place_of_the_file_of_a_job_it_is_gone(
    world: World, settings: object, kind: Callable[[Path], None]
) -> None:
    sha256, _size = keep(lambda stream: stream.write(DATA))
    _put(Path(settings.DATOS) / "trabajos" / sha256, kind)  # type: ignore[attr-defined]
    with pytest.raises(FileGone):
        open_kept(sha256)


@pytest.mark.parametrize("name", ["manifest.json", "procesos.parquet"])
@pytest.mark.parametrize("kind", [_pipe, _device])
def test_in_the_place_of_a_file_of_a_snapshot_it_is_refused_and_named(
    world: World, kind: Callable[[Path], None], name: str
) -> None:
    frozen = services.freeze(world.etapa, date(2024, 6, 10))
    folder = services.folder_of(frozen)
    _put(folder / name, kind)
    with pytest.raises(SnapshotRefused):
        open_snapshot(folder)
    if name == "manifest.json":
        assert list(_manifest(folder, frozen.manifiesto)) == ["manifest.json no es un archivo"]
    else:
        assert _judge((folder / name, "0" * 64)) == (None, f"{name} no es un archivo")
        with pytest.raises(SnapshotRefused):
            stages_of(folder)
