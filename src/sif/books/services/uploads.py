"""Receive files in pieces: begin, resume, and keep whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Sum

from sif.books.models import Archivo, Carga, Evidencia, Poliza
from sif.books.services.evidencias import MAX_BYTES, Handed, attach_evidencia, store_path
from sif.registry import clock
from sif.registry.locks import hold
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may
from sif.values import Problem, Refused

ABANDONED = timedelta(days=7)
MOST_OPEN, MOST_BYTES = 200, 8 * MAX_BYTES
"""Files that one person may have half sent, and the bytes that they say."""
PIECE = 1024 * 1024


class PieceTooLong(Refused):
    """A piece goes on beyond the size that was said when its file began; nothing of it was written."""

    def __init__(self, carga: Carga) -> None:
        seen = f"El archivo se anunció de {carga.bytes:,} bytes, van {carga.recibidos:,} y llega más de lo que falta."
        super().__init__(
            Problem("tamano", "archivo", seen, "Mande solo lo que falta, o empiece otra carga con su tamaño.")
        )


class WrongOffset(ValueError):
    """A piece does not begin where the file stopped; `recibidos` says where that is."""

    def __init__(self, recibidos: int) -> None:
        self.recibidos = recibidos
        super().__init__(f"El archivo sigue en el byte {recibidos:,}. Continúe desde ahí.")


def begin_upload(
    contabilidad: Contabilidad, nombre: str, size: int, by: Usuario, *, poliza: Poliza | None = None, clase: str = ""
) -> Carga:
    """Begin a file of `size` bytes, to be attached to a póliza of those books if one is given.

    Raises Refused before a byte travels: too large, empty, not the person's books, or more half sent than a
    person may have. What the same person left half sent a week ago is thrown away.
    """
    if not may(by, "capturar", contabilidad=contabilidad):
        raise Refused(
            Problem("ajena", "póliza", "Esta contabilidad es de otro sujeto.", "Pídalo a su responsable de finanzas.")
        )
    if not 0 < size <= MAX_BYTES:
        raise Refused(
            Problem(
                "tamano",
                "archivo",
                f"El archivo dice pesar {size:,} bytes; se admite de 1 a {MAX_BYTES:,}.",
                "Divídalo o comprímalo." if size > 0 else "Elija el archivo de nuevo.",
            )
        )
    forget_abandoned(by)
    with acting():
        _require_room(size, by)
        carga = Carga.objects.create(
            contabilidad=contabilidad,
            poliza=poliza,
            clase=clase[:40],
            nombre=nombre[:255],
            bytes=size,
            iniciada_el=clock.now(),
            iniciada_por=by,
        )
    place = _place(carga.pk)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()
    return carga


def upload_of(number: UUID, by: Usuario) -> Carga | None:
    """Return an upload that the person began, or None."""
    rows = Carga.objects.select_related("contabilidad__sujeto", "contabilidad__etapa", "poliza__periodo")
    return rows.filter(pk=number, iniciada_por=by).first()


def receive_piece(carga: Carga, offset: int, piece: BinaryIO, by: Usuario) -> Carga:
    """Write a piece where the file stopped; with its last byte the file is kept, and attached to its póliza.

    Raises WrongOffset, PieceTooLong, or Refused when the whole file cannot be evidence: then nothing of it
    stays. A piece cut short keeps what arrived. The piece is on our disk before its row is locked.
    """
    if carga.archivo_id is not None or offset != carga.recibidos:
        raise WrongOffset(carga.recibidos)
    try:
        with _arrived(piece, carga) as kept, acting():
            rows = Carga.objects.select_for_update(of=("self",), no_key=True)
            held = rows.get(pk=carga.pk, iniciada_por=by)
            if held.archivo_id is not None or offset != held.recibidos:
                raise WrongOffset(held.recibidos)
            held.recibidos += _write(_place(held.pk), offset, kept)
            held.save(update_fields=["recibidos"])
        if held.recibidos == held.bytes:
            held = _finish(held, by)
    except PieceTooLong:
        raise  # what came before it stands
    except Refused:
        discard_upload(carga)
        raise
    return held


@contextmanager
def _arrived(piece: BinaryIO, carga: Carga) -> Iterator[BinaryIO]:
    """Copy to local disk the piece that a client sends, so that a slow line holds no lock, and yield the copy.

    Raises PieceTooLong.
    """
    room = carga.bytes - carga.recibidos
    with TemporaryFile(dir=settings.DATOS / "cargas") as kept:
        written = 0
        try:
            while written <= room and (data := piece.read(min(PIECE, room + 1 - written))):
                written += kept.write(data)
        except OSError:
            if not written:  # the line was cut: what came before it counts
                raise
        if written > room:
            raise PieceTooLong(carga)
        kept.seek(0)
        yield cast(BinaryIO, kept)


def _write(path: Path, offset: int, kept: BinaryIO) -> int:
    """Append at `offset` what arrived; whatever a killed process wrote after it is overwritten."""
    with path.open("r+b") as file:
        file.truncate(offset)
        file.seek(offset)
        copyfileobj(kept, file, PIECE)
        file.flush()
        os.fsync(file.fileno())
        return file.tell() - offset


def _finish(carga: Carga, by: Usuario) -> Carga:
    archivo = store_path(_place(carga.pk), Handed(carga.contabilidad, by))
    with acting():
        held = Carga.objects.select_for_update(of=("self",), no_key=True).get(pk=carga.pk)
        if held.archivo_id is None:
            if held.poliza_id is not None:
                _attach(carga, archivo, by)
            held.archivo = archivo
            held.save(update_fields=["archivo"])
    _place(carga.pk).unlink(missing_ok=True)
    return held


def _attach(carga: Carga, archivo: Archivo, by: Usuario) -> None:
    poliza = carga.poliza
    assert poliza is not None
    same = Evidencia.objects.filter(poliza=poliza, archivo=archivo, clase=carga.clase, sin_efecto__isnull=True)
    if not same.exists():
        attach_evidencia(poliza, carga.clase, carga.nombre, archivo, by)


def discard_upload(carga: Carga) -> None:
    """Throw away an upload that did not end as a file, and its bytes."""
    with acting():
        Carga.objects.filter(pk=carga.pk, archivo__isnull=True).delete()
    _place(carga.pk).unlink(missing_ok=True)


def _require_room(size: int, by: Usuario) -> None:
    """Raise Refused beyond what a person may have half sent; what is begun at once takes turns."""
    hold(f"books_carga.persona:{by.pk}")
    begun = Carga.objects.filter(iniciada_por=by, archivo__isnull=True)
    found = begun.aggregate(cuantas=Count("pk"), bytes=Sum("bytes", default=0))
    if found["cuantas"] < MOST_OPEN and found["bytes"] + size <= MOST_BYTES:
        return
    seen = f"Usted tiene {found['cuantas']} archivos sin terminar de subir, de {found['bytes']:,} bytes en total."
    raise Refused(Problem("sin_lugar", "archivo", seen, "Termine de subir los que comenzó, o quítelos."))


def forget_abandoned(by: Usuario | None = None) -> None:
    """Throw away what a person, or anybody, left half sent a week ago."""
    old = Carga.objects.filter(archivo__isnull=True, iniciada_el__lt=clock.now() - ABANDONED)
    for each in old.filter(iniciada_por=by) if by else old:
        discard_upload(each)


def _place(number: UUID) -> Path:
    folder: Path = settings.DATOS / "cargas"
    return folder / str(number)
