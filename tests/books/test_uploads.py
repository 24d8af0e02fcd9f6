"""Files by pieces, in a folder and in a store that speaks S3: whole, named by their bytes, or not there at all."""

import errno
import hashlib
import io
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.db import connection
from moto import mock_aws

from acts import open_points, points, rival_waits
from sif.books.models import Archivo, Carga, Evidencia
from sif.books.previews import draw, page_count
from sif.books.services import (
    FileChanged,
    PieceTooLong,
    WrongOffset,
    begin_upload,
    evidencias,
    file_store,
    open_file,
    post_poliza,
    read_file,
    receive_piece,
    store_file,
    store_path,
    uploads,
)
from sif.books.tasks import sweep_uploads
from sif.registry import clock
from sif.registry.scope import acting, everything, set_scope
from sif.values import Refused
from small_world import World

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \n"
    b"trailer<</Root 1 0 R/Size 4>>\nstartxref\n164\n%%EOF\n"
)


class Broken(io.BytesIO):
    """A line that is cut after its first read."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise OSError("cut")
        return super().read(5)


def _begin(world: World, data: bytes, **more: Any) -> Carga:
    return begin_upload(world.books, "spot.mp4", len(data), world.clerk, **more)


def test_pieces_become_one_file_attached_to_its_poliza(world: World) -> None:
    poliza = post_poliza(world.expense(), world.clerk)
    data = bytes(range(256)) * 40
    carga = _begin(world, data, poliza=poliza, clase="muestra")
    for at in range(0, len(data), 4000):
        carga = receive_piece(carga, at, io.BytesIO(data[at : at + 4000]), world.clerk)
    assert carga.archivo_id == hashlib.sha256(data).hexdigest()
    assert read_file(str(carga.archivo_id)) == data
    assert [(e.nombre, e.archivo_id) for e in poliza.evidencias.all()] == [("spot.mp4", carga.archivo_id)]


def test_a_cut_line_continues_where_it_stopped(world: World) -> None:
    data = b"0123456789abcdef"
    carga = receive_piece(_begin(world, data), 0, Broken(data), world.clerk)
    assert carga.recibidos == 5
    with pytest.raises(WrongOffset, match="byte 5") as wrong:
        receive_piece(carga, 0, io.BytesIO(data), world.clerk)
    assert wrong.value.recibidos == 5
    done = receive_piece(carga, 5, io.BytesIO(data[5:]), world.clerk)
    assert read_file(str(done.archivo_id)) == data


def test_a_piece_beyond_what_was_said_is_refused_and_what_came_before_stands(world: World) -> None:
    data = b"0123456789"
    carga = receive_piece(_begin(world, data), 0, io.BytesIO(data[:4]), world.clerk)
    with pytest.raises(PieceTooLong, match="llega más de lo que falta"):
        receive_piece(carga, 4, io.BytesIO(data[4:] + b"x"), world.clerk)
    carga.refresh_from_db()
    assert (carga.recibidos, carga.archivo_id) == (4, None)
    assert read_file(str(receive_piece(carga, 4, io.BytesIO(data[4:]), world.clerk).archivo_id)) == data


def test_a_person_leaves_half_sent_so_many_files_and_so_many_bytes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_OPEN", 2)
    first = _begin(world, b"0123456789")
    _begin(world, b"01234")
    with pytest.raises(Refused, match="sin terminar de subir"):
        _begin(world, b"0")
    receive_piece(first, 0, io.BytesIO(b"0123456789"), world.clerk)  # what ended is no longer half sent
    monkeypatch.setattr(uploads, "MOST_BYTES", 7)
    _begin(world, b"01")
    monkeypatch.setattr(uploads, "MOST_OPEN", 9)
    with pytest.raises(Refused, match="de 7 bytes en total"):
        _begin(world, b"0")


def test_what_nobody_came_back_to_send_goes_by_night(world: World, settings: Any) -> None:
    kept, left = _begin(world, b"0123456789"), _begin(world, b"0123456789")
    receive_piece(left, 0, io.BytesIO(b"01234"), world.clerk)
    with acting():
        Carga.objects.filter(pk=left.pk).update(iniciada_el=clock.now() - uploads.ABANDONED - timedelta(hours=1))
    set_scope("")
    sweep_uploads(timestamp=0)
    with everything():
        assert list(Carga.objects.all()) == [kept]
    assert [path.name for path in (settings.DATOS / "cargas").iterdir()] == [str(kept.pk)]


class Asking(io.BytesIO):
    """A line that, while it is read, asks whether anybody holds a lock."""

    def read(self, size: int | None = -1) -> bytes:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND mode = 'RowShareLock'"
                " AND relation = 'books_carga'::regclass"
            )
            assert cursor.fetchone() == (0,), "se lee del cliente con el renglón bloqueado"
        return super().read(size)


def test_nothing_is_read_of_the_client_while_its_row_is_locked(committed: World) -> None:
    data = b"0123456789"
    done = receive_piece(_begin(committed, data), 0, Asking(data), committed.clerk)
    assert read_file(str(done.archivo_id)) == data


def test_two_pieces_of_one_file_never_enter_at_once(committed: World) -> None:
    carga = _begin(committed, b"0123456789")

    def piece() -> Carga:
        return receive_piece(carga, 0, io.BytesIO(b"01234"), committed.clerk)

    assert open_points(piece, piece, "books_carga") == []


def test_two_files_of_one_person_never_begin_at_once(committed: World) -> None:
    """The room that is left is counted by one at a time: two together would both find the last place free."""

    def begins() -> Carga:
        return _begin(committed, b"0123456789")

    counted = [waited for sql, waited in points(begins, begins) if 'COUNT("books_carga"' in sql]
    assert counted == [True]


def test_two_who_ask_again_for_the_end_of_one_file_attach_it_once(committed: World, settings: Any) -> None:
    """A process killed after the last byte left the file whole and not kept: whoever sends it again finishes it."""
    data = b"0123456789"
    poliza = post_poliza(committed.expense(), committed.clerk)
    carga = _begin(committed, data, poliza=poliza, clase="muestra")
    receive_piece(carga, 0, io.BytesIO(data[:9]), committed.clerk)
    Carga.objects.filter(pk=carga.pk).update(recibidos=10)
    (settings.DATOS / "cargas" / str(carga.pk)).write_bytes(data)
    waited: list[bool] = []

    def again() -> Carga:
        return receive_piece(Carga.objects.get(pk=carga.pk), 10, io.BytesIO(b""), committed.clerk)

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        if '"books_evidencia"' in sql and not waited:
            waited.append(rival_waits(again))
        return done

    with connection.execute_wrapper(watch):
        again()
    assert waited == [True]
    assert poliza.evidencias.count() == 1


def test_what_a_killed_process_wrote_without_counting_it_is_written_over(world: World, settings: Any) -> None:
    data = b"first half, second half"
    carga = receive_piece(_begin(world, data), 0, io.BytesIO(data[:10]), world.clerk)
    with (settings.DATOS / "cargas" / str(carga.pk)).open("ab") as file:
        file.write(b"garbage that no row knows")
    done = receive_piece(carga, 10, io.BytesIO(data[10:]), world.clerk)
    assert read_file(str(done.archivo_id)) == data


@pytest.mark.parametrize(("data", "code"), [(b"MZ" + bytes(40), "ejecutable"), (b"#!/bin/sh\nrm x\n", "ejecutable")])
def test_a_renamed_program_leaves_nothing_behind(world: World, settings: Any, data: bytes, code: str) -> None:
    carga = _begin(world, data)
    with pytest.raises(Refused) as refused:
        receive_piece(carga, 0, io.BytesIO(data), world.clerk)
    assert refused.value.problems[0].codigo == code
    assert not Carga.objects.filter(pk=carga.pk).exists()
    assert not (settings.DATOS / "cargas" / str(carga.pk)).exists()
    assert not Archivo.objects.filter(sha256=hashlib.sha256(data).hexdigest()).exists()


def test_size_and_stranger_are_refused_before_a_byte_travels(world: World) -> None:
    for size in (0, 500 * 1024 * 1024 + 1):
        with pytest.raises(Refused, match="se admite de 1 a"):
            begin_upload(world.books, "x", size, world.clerk)
    with pytest.raises(Refused, match="otro sujeto"):
        begin_upload(world.books, "x", 4, world.stranger)
    assert not Carga.objects.exists()


def test_a_pdf_that_asks_for_a_password_is_refused_and_an_open_one_is_drawn(locked_pdf: bytes) -> None:
    with pytest.raises(Refused, match="pide contraseña"):
        store_file(locked_pdf)
    assert page_count(io.BytesIO(PDF), "application/pdf") == 1
    assert draw(io.BytesIO(PDF), "application/pdf").startswith(b"\x89PNG")


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 8, 1024])
def test_a_file_on_disk_is_read_in_pieces_and_a_password_between_two_is_seen(
    world: World, locked_pdf: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(evidencias, "CHUNK", piece)
    for data in (PDF, locked_pdf):
        (tmp_path / "x.pdf").write_bytes(data)
        if data is locked_pdf:
            with pytest.raises(Refused, match="pide contraseña"):
                store_path(tmp_path / "x.pdf")
        else:
            assert store_path(tmp_path / "x.pdf").pk == hashlib.sha256(data).hexdigest()


def _placed(sha256: str) -> Path:
    store = file_store.almacen()
    assert isinstance(store, file_store.Carpeta)
    return store.path_of(sha256)


def test_a_file_on_the_same_disk_is_named_and_not_copied(world: World, tmp_path: Path) -> None:
    came = tmp_path / "llego.pdf"
    came.write_bytes(PDF)
    came.chmod(0o644)
    number = came.stat().st_ino
    kept = _placed(store_path(came).pk)
    assert (kept.stat().st_ino, kept.stat().st_mode & 0o777) == (number, 0o600)
    came.unlink()
    assert kept.read_bytes() == PDF and [each.name for each in kept.parent.iterdir()] == [kept.name]


def test_a_file_of_another_disk_is_copied(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: Any, **_told: Any) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(os, "link", refuse)
    came = tmp_path / "llego.pdf"
    came.write_bytes(PDF)
    kept = _placed(store_path(came).pk)
    assert kept.read_bytes() == PDF == came.read_bytes() and kept.stat().st_ino != came.stat().st_ino


@pytest.mark.parametrize("sound", [0, 1])
def test_a_file_that_the_disk_does_not_confirm_has_no_row_and_stays_where_it_came(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sound: int
) -> None:
    calls: list[int] = []

    def refuse(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > sound:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    came = tmp_path / "llego.pdf"
    came.write_bytes(PDF)
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="Input/output"):
        store_path(came)
    monkeypatch.undo()
    kept = _placed(hashlib.sha256(PDF).hexdigest())
    assert [each.name for each in kept.parent.iterdir()] == [kept.name] * sound  # a name unconfirmed is whole
    assert not Archivo.objects.exists() and came.read_bytes() == PDF
    assert store_path(came).pk == hashlib.sha256(PDF).hexdigest() and kept.read_bytes() == PDF


@pytest.fixture
def locked_pdf() -> bytes:
    """One page that opens only with a password: standard security handler, RC4 of 40 bits, user password «x»."""
    return pypdf_locked()


def pypdf_locked() -> bytes:
    """Written by hand after ISO 32000-1, 7.6.3."""
    pad = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    padded = (b"x" + pad)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)  # noqa: S324 - the format asks for it
    identifier = bytes(16)
    key = hashlib.md5(padded + owner + (-4).to_bytes(4, "little", signed=True) + identifier).digest()[:5]  # noqa: S324
    user = _rc4(key, pad)
    encrypt = f"/Filter/Standard/V 1/R 2/P -4/O<{owner.hex()}>/U<{user.hex()}>"
    return PDF.replace(
        b"trailer<</Root 1 0 R",
        f"trailer<</Encrypt<<{encrypt}>>/ID[<{identifier.hex()}><{identifier.hex()}>]/Root 1 0 R".encode(),
    )


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def test_a_changed_byte_in_the_store_is_said(world: World, settings: Any) -> None:
    kept = store_file(b"the contract")
    place = settings.DATOS / "archivos" / kept.sha256[:2] / kept.sha256[2:]
    place.write_bytes(b"another text")
    with pytest.raises(FileChanged):
        read_file(kept.sha256)
    with pytest.raises(FileChanged):
        open_file(kept.sha256)
    place.unlink()


@pytest.fixture
def bucket(settings: Any, monkeypatch: Any) -> Iterator[Any]:
    """A store that speaks S3, in this process."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="sif")
        settings.ARCHIVOS = "s3://sif/evidencia"
        file_store.almacen_of.cache_clear()
        yield client
        settings.ARCHIVOS = ""
        file_store.almacen_of.cache_clear()


def test_by_configuration_evidence_lives_in_s3(world: World, bucket: Any, tmp_path: Path) -> None:
    poliza = post_poliza(world.expense(), world.clerk)
    data = b"in the bucket " * 1000
    carga = _begin(world, data, poliza=poliza, clase="muestra")
    done = receive_piece(carga, 0, io.BytesIO(data), world.clerk)
    small = store_file(b"small")
    (tmp_path / "again").write_bytes(b"small")
    assert store_path(tmp_path / "again").sha256 == small.sha256
    names = {item["Key"] for item in bucket.list_objects_v2(Bucket="sif")["Contents"]}
    assert names == {f"evidencia/{s[:2]}/{s[2:]}" for s in (str(done.archivo_id), small.sha256)}
    assert read_file(str(done.archivo_id)) == data
    assert Evidencia.objects.get(poliza=poliza).archivo_id == done.archivo_id
    with pytest.raises(FileNotFoundError):
        open_file("0" * 64)
