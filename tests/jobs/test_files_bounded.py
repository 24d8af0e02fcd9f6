"""The files of jobs stay within the bytes of the installation: what expired goes first; what does not fit is said."""

import os
from pathlib import Path
from typing import Any

import pytest

from sif.jobs import files
from sif.jobs.files import KEPT, LEAST, NoRoom, keep, open_kept
from sif.values import Refused

PIECE = b"x" * LEAST


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATOS, settings.JOB_FILES_BYTES = tmp_path, 4 * LEAST
    return tmp_path / "trabajos"


def kept(text: bytes, size: int = LEAST) -> str:
    return keep(lambda stream: stream.write(text.ljust(size, b".")))[0]


def test_what_does_not_fit_is_refused_in_words_and_leaves_nothing(folder: Path) -> None:
    there = {kept(b"%d" % n) for n in range(3)}
    with pytest.raises(NoRoom) as refused:
        kept(b"grande", 2 * LEAST)
    assert isinstance(refused.value, Refused) and {path.name for path in folder.iterdir()} == there
    (problem,) = refused.value.problems
    assert problem.codigo == "sin_lugar" and "ocupan" in problem.mensaje and "SIF_TRABAJOS_GIB" in problem.cura
    kept(b"cabe")
    with pytest.raises(NoRoom):
        kept(b"ya no")


def test_a_file_that_never_ends_is_stopped_at_the_bound(folder: Path) -> None:
    written = []

    def write(stream: Any) -> None:
        for n in range(1_000):
            stream.write(PIECE)
            written.append(n)

    with pytest.raises(NoRoom):
        keep(write)
    assert len(written) < 8 and list(folder.iterdir()) == []


def test_what_expired_goes_before_anything_is_refused(folder: Path) -> None:
    old, *fresh = (kept(b"%d" % n) for n in range(4))
    aged = (folder / old).stat().st_mtime - KEPT.total_seconds() - 1
    os.utime(folder / old, (aged, aged))
    last = kept(b"otro")
    assert {path.name for path in folder.iterdir()} == {*fresh, last}


def test_many_small_files_are_bounded_too(folder: Path) -> None:
    for n in range(4):
        kept(b"%d" % n, 1)
    with pytest.raises(NoRoom):
        kept(b"otro", 1)


def test_what_two_write_at_once_is_bounded_when_they_end(folder: Path) -> None:
    """Each began while both fitted."""

    def write(stream: Any) -> None:
        stream.write(b"a" * LEAST)
        stream.flush()
        for n in range(3):
            kept(b"%d" % n)
        stream.write(b"b" * LEAST)
        stream.flush()

    with pytest.raises(NoRoom):
        keep(write)
    assert len(list(folder.iterdir())) == 3


def test_a_writer_that_goes_back_is_counted_once(folder: Path) -> None:
    def write(stream: Any) -> None:
        for _time in range(9):
            stream.seek(0)
            stream.write(PIECE)

    sha256, size = keep(write)
    assert size == LEAST
    with open_kept(sha256) as stream:
        assert stream.read() == PIECE


def test_who_administers_is_told_how_much_they_take(folder: Path) -> None:
    kept(b"uno", 2 * LEAST)
    assert files.taken() == 2 * LEAST
