"""Store an uploaded file once by its content, and detect its type from its bytes."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from sif.books.models import Archivo
from sif.books.services.evidencias import Handed, keep_rows
from sif.books.services.file_store import almacen, open_file
from sif.registry import clock
from sif.registry.opening import opened
from sif.values import Refused, refusal

MAX_BYTES = 300 * 1024 * 1024
_PROGRAM = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")
_TYPES = {
    "csv": "text/csv",
    "xml": "text/xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Guardado:
    """A file kept: its SHA-256, its size, where it is, and its form (csv, xlsx, xml)."""

    sha256: str
    bytes: int
    path: Path
    forma: str


@contextmanager
def kept(chunks: Iterable[bytes], handed: Handed | None = None) -> Iterator[Guardado]:
    """Keep an uploaded file under its SHA-256, whole before its row exists, and lend it to be read. Raises Refused.

    The path lent is of a copy on this disk, wherever files are kept; it is gone when the work ends.
    """
    folder: Path = settings.DATOS / "parciales"
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder, prefix="lote-")
    path = Path(name)
    try:
        sha256, size = _write(descriptor, chunks)
        form = form_of(path)
        almacen().put(sha256, path)
        keep_rows([Archivo(sha256=sha256, bytes=size, tipo=_TYPES[form], guardado_el=clock.now())], handed)
        yield Guardado(sha256, size, path, form)
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def stored_file(sha256: str) -> Iterator[Iterator[bytes]]:
    """Lend the bytes of a file that was kept, in pieces, to whom its row shows. Raises Archivo.DoesNotExist."""
    with open_file(Archivo.objects.get(pk=sha256).pk) as file:
        yield iter(lambda: file.read(1024 * 1024), b"")


def _write(descriptor: int, chunks: Iterable[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(descriptor, "wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > MAX_BYTES:
                raise refusal(
                    "grande",
                    "archivo",
                    f"Pesa más de {MAX_BYTES // 1024**2} MB.",
                    "Divídalo por periodo y cárguelo en partes.",
                )
            digest.update(chunk)
            file.write(chunk)
    if not size:
        raise refusal("vacio", "archivo", "El archivo está vacío.", "Elíjalo de nuevo.")
    return digest.hexdigest(), size


def form_of(path: Path) -> str:
    """csv, xlsx or xml, by its content. Raises Refused for anything else, saying what it is."""
    with path.open("rb") as file:
        head = file.read(8192)
    if head.startswith(_PROGRAM):
        raise refusal(
            "ejecutable",
            "archivo",
            "Por su contenido es un programa, aunque su nombre diga otra cosa.",
            "Cargue la plantilla llena, en XLSX o CSV.",
        )
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise _old_office(path)
    if head.startswith(b"PK"):
        return _workbook(path)
    if head.startswith(b"%PDF"):
        raise refusal("tipo", "archivo", "Es un PDF.", "Cargue la plantilla llena, en XLSX o CSV.")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "csv"
    if b"\0" in head:
        raise refusal("tipo", "archivo", "No es texto ni un libro de cálculo.", "Cargue la plantilla, en XLSX o CSV.")
    return "xml" if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") else "csv"


def _old_office(path: Path) -> Refused:
    mark = "EncryptedPackage".encode("utf-16-le")
    with path.open("rb") as file:
        kept = b""
        while chunk := file.read(1024 * 1024):
            if mark in kept + chunk:
                return refusal(
                    "cifrado", "archivo", "El libro tiene contraseña.", "Quítele la contraseña y guárdelo otra vez."
                )
            kept = chunk[-len(mark) :]
    return refusal(
        "tipo", "archivo", "Es un libro de un formato anterior (.xls).", "Guárdelo como libro de Excel (.xlsx) o CSV."
    )


def _workbook(path: Path) -> str:
    opened("libro_forma", path).data()
    return "xlsx"
