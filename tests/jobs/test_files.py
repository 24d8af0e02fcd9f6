"""Files of jobs: one for the same bytes, whole or not at all, refused if altered, and gone after a week."""

import os
from pathlib import Path
from typing import IO, Any

import pytest

from sif.jobs.files import KEPT, FileGone, keep, open_kept, sweep_files


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATOS = tmp_path
    return tmp_path / "trabajos"


def test_the_same_bytes_are_one_file(folder: Path) -> None:
    (first, size), (second, _same) = (keep(lambda stream: stream.write(b"uno")) for _time in range(2))
    assert (first, size) == (second, 3)
    assert [path.name for path in folder.iterdir()] == [first]
    with open_kept(first) as stream:
        assert stream.read() == b"uno"


def test_a_write_that_breaks_leaves_nothing(folder: Path) -> None:
    def half(stream: IO[bytes]) -> None:
        stream.write(b"medio")
        raise OSError("disco lleno")

    with pytest.raises(OSError, match="disco lleno"):
        keep(half)
    assert list(folder.iterdir()) == []


def test_an_altered_or_missing_file_is_refused(folder: Path) -> None:
    sha256, _size = keep(lambda stream: stream.write(b"cierto"))
    (folder / sha256).write_bytes(b"falso!")
    for name in (sha256, "0" * 64):
        with pytest.raises(FileGone, match="Pídalo otra vez"):
            open_kept(name)


def test_only_what_expired_is_swept(folder: Path) -> None:
    old, fresh = (keep(lambda stream, text=text: stream.write(text))[0] for text in (b"viejo", b"nuevo"))
    aged = (folder / old).stat().st_mtime - KEPT.total_seconds() - 1
    os.utime(folder / old, (aged, aged))
    assert sweep_files() == 1
    assert [path.name for path in folder.iterdir()] == [fresh]
