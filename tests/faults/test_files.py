"""A disk that is full or that refuses to confirm a write keeps no evidence by halves, and what was there stays."""

import errno
import hashlib
import io
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from proceedings.world import build_world
from sif.books.models import Archivo, Carga, Evidencia
from sif.books.services import begin_upload, file_store, post_poliza, read_file, receive_piece, store_file
from sif.disclosure.models import ProcesoPublicado, PublicacionPropuesta
from sif.disclosure.publish import propose_publicacion, publish_etapa
from sif.jobs import files
from sif.jobs.files import keep, open_kept
from sif.registry.scope import everything
from small_world import World, world

__all__ = ["world"]
OLD, NEW = b"%PDF-1.7 anterior", b"%PDF-1.7 nuevo"
PLACES = ["lleno", "sin confirmar el archivo", "sin confirmar su nombre"]


class _FullDisk(io.FileIO):
    """A file whose disk fills up: what is written goes to /dev/full."""

    def __init__(self, descriptor: int, mode: str) -> None:
        super().__init__(descriptor, mode)
        self.full = os.open("/dev/full", os.O_WRONLY)

    def write(self, data: Any) -> int:
        super().write(bytes(data)[:3])
        return os.write(self.full, data)

    def close(self) -> None:
        if not self.closed:
            os.close(self.full)
        super().close()


@pytest.fixture
def break_disk(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make our store's disk fail in a way from now on; returns how to mend it."""

    def break_it(place: str) -> None:
        confirm, calls = os.fsync, []

        def refuse(descriptor: int) -> None:
            calls.append(descriptor)
            if len(calls) == 1 + (place == PLACES[2]):
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            confirm(descriptor)

        if place == PLACES[0]:
            monkeypatch.setattr(os, "fdopen", _FullDisk)
            monkeypatch.setattr(files, "_Within", lambda descriptor, _path: _FullDisk(descriptor, "wb+"))
        else:
            monkeypatch.setattr(os, "fsync", refuse)

    return break_it


def _files() -> dict[str, bytes]:
    folder = Path(settings.DATOS) / "archivos"
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("place", PLACES)
def test_evidence_is_refused_by_a_failing_disk_and_kept_when_it_is_sound(
    world: World, break_disk: Any, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    old, digest = store_file(OLD), hashlib.sha256(NEW).hexdigest()
    break_disk(place)
    with pytest.raises(OSError) as refused:
        store_file(NEW)
    monkeypatch.undo()
    assert refused.value.errno == (errno.ENOSPC if place == PLACES[0] else errno.EIO)
    assert not Archivo.objects.filter(pk=digest).exists()
    named = {old.sha256[2:]: OLD} | ({digest[2:]: NEW} if place == PLACES[2] else {})  # a name unconfirmed is whole
    assert _files() == named
    assert store_file(NEW).pk == digest
    assert (read_file(old.sha256), read_file(digest)) == (OLD, NEW)


def test_bytes_that_are_put_right_stay_as_they_were_while_the_disk_is_full(
    world: World, break_disk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = store_file(OLD)
    place = file_store.Carpeta(Path(settings.DATOS) / "archivos").path_of(old.sha256)
    place.write_bytes(b"corrupto")
    break_disk(PLACES[0])
    with pytest.raises(OSError, match="No space left"):
        store_file(OLD)
    monkeypatch.undo()
    assert _files() == {old.sha256[2:]: b"corrupto"}
    store_file(OLD)
    assert read_file(old.sha256) == OLD


def test_a_piece_that_the_disk_does_not_confirm_is_not_counted_and_can_be_sent_again(
    world: World, break_disk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    poliza = post_poliza(world.expense(), world.clerk)
    carga = begin_upload(world.books, "x.pdf", len(NEW), world.clerk, poliza=poliza, clase="otra")
    carga = receive_piece(carga, 0, io.BytesIO(NEW[:5]), world.clerk)
    break_disk(PLACES[1])
    with pytest.raises(OSError, match="Input/output"):
        receive_piece(carga, 5, io.BytesIO(NEW[5:]), world.clerk)
    monkeypatch.undo()
    assert Carga.objects.get(pk=carga.pk).recibidos == 5
    assert not Evidencia.objects.exists() and not Archivo.objects.exists() and _files() == {}
    done = receive_piece(carga, 5, io.BytesIO(NEW[5:]), world.clerk)
    assert read_file(str(done.archivo_id)) == NEW
    assert [one.archivo_id for one in poliza.evidencias.all()] == [done.archivo_id]


@pytest.mark.parametrize("place", PLACES)
def test_figures_that_the_disk_does_not_keep_are_not_proposed(
    db: None, settings: Any, tmp_path: Path, break_disk: Any, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    settings.DATOS = tmp_path
    with everything():
        reviewed = build_world()
        break_disk(place)
        with pytest.raises(OSError) as refused:
            propose_publicacion(reviewed.etapa, reviewed.sofia, without_vote=True)
        monkeypatch.undo()
        assert refused.value.errno == (errno.ENOSPC if place == PLACES[0] else errno.EIO)
        assert not PublicacionPropuesta.objects.exists()
        publish_etapa(propose_publicacion(reviewed.etapa, reviewed.sofia, without_vote=True), reviewed.elena)
        assert ProcesoPublicado.objects.count() == 1


@pytest.mark.parametrize("place", PLACES[:2])
def test_a_result_that_the_disk_does_not_keep_is_no_file_of_a_job(
    settings: Any, tmp_path: Path, break_disk: Any, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    settings.DATOS = tmp_path
    break_disk(place)
    with pytest.raises(OSError):
        keep(lambda stream: stream.write(NEW))
    monkeypatch.undo()
    assert list((tmp_path / "trabajos").iterdir()) == []
    sha256, _size = keep(lambda stream: stream.write(NEW))
    with open_kept(sha256) as kept:
        assert kept.read() == NEW
