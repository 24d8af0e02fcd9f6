"""Give the published documents and open files, each checked against the digest that its act wrote."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from sif.books.services import FileChanged, read_file
from sif.books.services import open_file as open_stored
from sif.disclosure.models import (
    ArchivoPublicado,
    ContabilidadPublicada,
    DocumentoPublicado,
    ProcesoPublicado,
    RetiroPublicado,
)


class FileLost(Exception):
    """The bytes of a published file are not at hand, or are others: they are not given until they are put back."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"El archivo {sha256} no está o cambió. Repóngalo del respaldo, o publique otra vez.")
        self.sha256 = sha256


@dataclass(frozen=True, slots=True)
class PublicFile:
    """An open file of a stage in sight: its key and form, the digest and size of its bytes, and its rows."""

    clave: str
    forma: str
    sha256: str
    bytes: int
    renglones: int


def document_file(clave: str) -> bytes | None:
    """Return the PDF of a published document, or None when no document published has that key. Raises FileLost."""
    row = DocumentoPublicado.objects.filter(clave=clave).first()
    return None if row is None else _whole(read_file, row.pdf_sha256)


def emblem_file(sha256: str) -> bytes | None:
    """Return the PNG of an emblem in sight, or None when no published statement names it. Raises FileLost."""
    shown = ContabilidadPublicada.objects.filter(emblema=sha256).exists() if sha256 else False
    return _whole(read_file, sha256) if shown else None


def open_files(proceso: str) -> list[PublicFile]:
    """Return the open files of a stage in sight, as the act that published it wrote them; otherwise none."""
    if not ProcesoPublicado.objects.filter(clave=proceso).exists():
        return []
    gone = RetiroPublicado.objects.filter(proceso=proceso).values("publicacion")
    rows = list(ArchivoPublicado.objects.filter(proceso=proceso).exclude(publicacion__in=gone).order_by("pk"))
    last = max((row.publicacion for row in rows), default=0)
    return [
        PublicFile(row.clave, row.forma, row.sha256, row.bytes, row.renglones)
        for row in rows
        if row.publicacion == last
    ]


def open_file(proceso: str, clave: str, forma: str) -> PublicFile | None:
    """Return the open file of that key and form of a stage in sight, or None."""
    return next((row for row in open_files(proceso) if (row.clave, row.forma) == (clave, forma)), None)


def file_stream(file: PublicFile) -> BinaryIO:
    """Return the bytes of an open file, checked against its digest. Raises FileLost."""
    return _whole(open_stored, file.sha256)


def _whole[T](give: Callable[[str], T], sha256: str) -> T:
    try:
        return give(sha256)
    except (FileChanged, OSError) as seen:
        raise FileLost(sha256) from seen
