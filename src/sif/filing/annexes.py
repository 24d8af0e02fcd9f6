"""Gather the annexes of a report from the books that it reports, keep them, and read those of a version."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings

from sif.books.models import Archivo
from sif.books.services import file_of
from sif.books.services.evidencias import keep_rows
from sif.books.services.file_store import almacen
from sif.filing.models import Informe
from sif.law.annexes import Annex, load_annexes
from sif.law.sources import cited
from sif.registry import clock
from sif.registry.files import digest_of
from sif.signing.acuse import ArchivoListado

KIND = "text/csv; charset=utf-8"
WRITERS = 4

Writer = Callable[[Annex, int, Mapping[str, object], datetime, IO[bytes]], int]
"""Writes an annex of some books for the days of a content, as they stood at its link and at an hour; returns its rows.
"""
_WRITER: list[Writer] = []


def written_by(writer: Writer) -> None:
    """Register the function that writes annexes: their books are of a room above this one."""
    _WRITER[:] = [writer]


@dataclass(frozen=True, slots=True)
class Annexed:
    """An annex of a version, as its content lists it: key, title, basis, file name, rows, bytes and SHA-256.

    estatus: whether its basis was read; '' in what was frozen before it was said.
    """

    clave: str
    titulo: str
    base: str
    archivo: str
    renglones: int
    bytes: int
    sha256: str
    estatus: str = ""

    @property
    def fundamento(self) -> str:
        """Return its basis as a document cites it."""
        return cited(self.base, self.estatus) if self.estatus else self.base

    @property
    def listed(self) -> ArchivoListado:
        """Return the entry of its file in an acuse."""
        return ArchivoListado(self.archivo, self.bytes, self.sha256)


@contextmanager
def gathered(
    annexes: Iterable[Annex], contabilidad: int, content: Mapping[str, object], al: datetime
) -> Iterator[list[tuple[Annexed, Path]]]:
    """Write some annexes of a content to files that last as long as the context; each with its entry.

    The books are those of the content, up to the link that it says and, of the bank, until the hour at which it was
    frozen: the same content gives the same bytes while the records that an annex lists are the same.
    """
    with tempfile.TemporaryDirectory(prefix="sif-anexos-") as folder:
        found = []
        for annex in annexes:
            path = Path(folder) / f"{annex.clave}.csv"
            with path.open("wb") as stream:
                rows = _WRITER[0](annex, contabilidad, content, al, stream)
            named = (annex.clave, annex.titulo, annex.base, path.name)
            entry = Annexed(*named, rows, path.stat().st_size, digest_of(path), annex.estatus)
            found.append((entry, path))
        yield found


def keep(files: list[tuple[Annexed, Path]]) -> None:
    """Keep the files of annexes: each is whole on disk before its row exists."""
    moment = clock.now()
    with ThreadPoolExecutor(WRITERS) as writers:  # most of the time of a write is waiting for the disk to confirm it
        list(writers.map(almacen().put, [entry.sha256 for entry, _path in files], [path for _entry, path in files]))
    keep_rows(
        [
            Archivo(sha256=entry.sha256, bytes=entry.bytes, tipo=KIND, guardado_el=moment)
            for entry, _path in sorted(files, key=lambda each: each[0].sha256)
        ]
    )


def annexes_in(informe: Informe) -> list[Annexed]:
    """Return the annexes of a version in their order; none of one that was frozen before reports had them."""
    return [Annexed(**entry) for entry in informe.contenido.get("anexos", ())]


def file_in(informe: Informe, clave: str) -> tuple[Annexed, Archivo] | None:
    """Return an annex of a version and its file, for who judged that the version may be read; None without one."""
    for each in annexes_in(informe):
        kept = file_of(each.sha256) if each.clave == clave else None
        if kept is not None:
            return each, kept
    return None


def remade(informe: Informe) -> Iterator[tuple[Annexed, bool | None]]:
    """Yield each annex of a version and whether the books, as they stood at its link, give the same bytes today.

    Those that the version lists, whatever is attached to its kind of report today; None of one that no report has now.
    """
    known = {each.clave: each for found in load_annexes(settings.JURISDICTION).values() for each in found}
    listed = annexes_in(informe)
    annexes = [known[each.clave] for each in listed if each.clave in known]
    with gathered(annexes, informe.contabilidad_id, informe.contenido, informe.generado_el) as files:
        today = {entry.clave: entry.sha256 for entry, _path in files}
    for each in listed:
        yield each, today[each.clave] == each.sha256 if each.clave in today else None
