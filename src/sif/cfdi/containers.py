"""Iterate over the invoices of a path: a file, a folder, or a ZIP that is never unpacked to disk."""

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sif.cfdi.document import Lectura
from sif.cfdi.parsing import MAX_BYTES
from sif.cfdi.reading import Part, read_parts
from sif.cfdi.trust import Trust
from sif.signing.authorities import Authority
from sif.values import Refused, refusal

MAX_ARCHIVE = 256 * 1024 * 1024
MAX_NESTED = 64 * 1024 * 1024
MAX_ENTRIES = 20_000
MAX_EXPANDED = 512 * 1024 * 1024
MAX_LEVELS = 3
_MAX_DIRECTORY = 8 * 1024 * 1024
_ZIP_START = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError),
    *(NotImplementedError, KeyError, IndexError, OverflowError, MemoryError),
)
_CURE = "Pida o arme de nuevo el ZIP con los XML sueltos, sin contraseña, y súbalo otra vez."


@dataclass(slots=True)
class _Budget:
    """The entries and bytes that may still be expanded from one archive, nested archives included."""

    entries: int
    expanded: int


def _wrong(codigo: str, mensaje: str) -> Refused:
    return refusal(codigo, "archivo", mensaje, _CURE)


def read_path(path: Path, authorities: Trust | Sequence[Authority] | None = None) -> Iterator[Lectura]:
    """Read each XML at `path`, in order of name: the file itself, those of a folder, or those of a ZIP.

    Of a folder or a ZIP only .xml and .zip files are looked at. Raises FileNotFoundError if the path does not exist;
    anything else wrong is in the Lectura of the file.
    """
    if not path.exists():
        raise FileNotFoundError(path)
    yield from read_parts(_path_parts(path), authorities)


def read_files(
    files: Iterable[tuple[str, bytes]], authorities: Trust | Sequence[Authority] | None = None
) -> Iterator[Lectura]:
    """Read files held in memory (name, bytes), each an XML or a ZIP of them; never raises on what they hold."""
    parts = (part for name, data in files for part in _parts(data, name))
    yield from read_parts(parts, authorities)


def read_archive(data: bytes, name: str, authorities: Trust | Sequence[Authority] | None = None) -> Iterator[Lectura]:
    """Read each XML of a ZIP held in memory; never raises on what it holds."""
    yield from read_parts(_zip_parts(data, name, _Budget(MAX_ENTRIES, MAX_EXPANDED), 1), authorities)


def _parts(data: bytes, name: str) -> Iterator[Part]:
    if is_archive(data):
        yield from _zip_parts(data, name, _Budget(MAX_ENTRIES, MAX_EXPANDED), 1)
    else:
        yield data, name


def _path_parts(path: Path) -> Iterator[Part]:
    if not path.is_dir():
        yield from _file_parts(path)
        return
    empty = True
    for found in _files(path):
        empty = False
        yield from _file_parts(found)
    if empty:
        yield _refusal(_shown(path), _wrong("sin_xml", "La carpeta no tiene ningún archivo .xml ni .zip."))


def is_archive(data: bytes) -> bool:
    """Return whether the bytes are those of a ZIP, whatever the file is called."""
    return data.startswith(_ZIP_START)


def _files(folder: Path) -> Iterator[Path]:
    """Yield the .xml and .zip regular files below, by name; links are not followed: no loops, no strangers."""
    for place, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if path.suffix.lower() in {".xml", ".zip"} and not path.is_symlink():
                yield path


def _shown(path: Path) -> str:
    """Return the path as text that any output can carry, even when the disk holds bytes that are not UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")


def _file_parts(path: Path) -> Iterator[Part]:
    name = _shown(path)
    try:
        if not path.is_file():
            raise OSError("no es un archivo ordinario")
        with path.open("rb") as source:
            head = source.read(4)
            limit = MAX_ARCHIVE if is_archive(head) else MAX_BYTES
            data = head + source.read(limit + 1 - len(head))
    except OSError:
        yield _refusal(name, _wrong("archivo_inaccesible", "El archivo no se puede abrir: no existe o no hay permiso."))
        return
    yield from _parts(data, name)


def _refusal(name: str, reason: Refused) -> Lectura:
    return Lectura(name, None, "no_verificable", reason.problems)


def _zip_parts(data: bytes, name: str, budget: _Budget, level: int) -> Iterator[Part]:
    try:
        _check_archive(data, level)
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
        if len(entries) > budget.entries:
            raise _wrong("zip_excesivo", f"El ZIP tiene más de {MAX_ENTRIES:,} archivos.")
    except Refused as reason:
        yield _refusal(name, reason)
        return
    except _BROKEN:
        yield _refusal(name, _wrong("zip_danado", "El ZIP está incompleto o dañado y no se puede abrir."))
        return
    budget.entries -= len(entries)
    empty = True
    for entry in entries:
        if entry.is_dir() or not entry.filename.lower().endswith((".xml", ".zip")):
            continue
        empty = False
        yield from _entry_parts(archive, entry, f"{name}/{_clean(entry.filename)}", (budget, level))
        if budget.expanded <= 0:
            yield _refusal(name, _wrong("zip_bomba", f"El ZIP se expande a más de {MAX_EXPANDED:,} bytes; se detuvo."))
            return
    if empty:
        yield _refusal(name, _wrong("sin_xml", "El ZIP no tiene ningún archivo .xml ni .zip."))


def _check_archive(data: bytes, level: int) -> None:
    if level > MAX_LEVELS:
        raise _wrong("zip_anidado", f"Hay más de {MAX_LEVELS} ZIP uno dentro de otro.")
    if len(data) > (MAX_ARCHIVE if level == 1 else MAX_NESTED):
        raise _wrong("archivo_grande", f"El ZIP mide más de {MAX_ARCHIVE:,} bytes.")
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0 or len(data) < end + 22:
        raise _wrong("zip_danado", "El ZIP está incompleto: le falta su directorio.")
    directory = int.from_bytes(data[end + 12 : end + 16], "little")
    if directory > _MAX_DIRECTORY:
        raise _wrong("zip_excesivo", f"El directorio del ZIP es desmedido ({directory:,} bytes).")


def _entry_parts(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, rest: tuple[_Budget, int]
) -> Iterator[Part]:
    budget, level = rest
    try:
        _check_entry(entry)
        nested = entry.filename.lower().endswith(".zip")
        limit = min(MAX_NESTED if nested else MAX_BYTES, max(budget.expanded, 0)) + 1
        with archive.open(entry) as source:
            content = source.read(limit)  # what the header says of its size is not believed
        budget.expanded -= len(content)
    except Refused as reason:
        yield _refusal(name, reason)
        return
    except _BROKEN:
        budget.expanded -= min(max(entry.file_size, 0), MAX_BYTES)
        yield _refusal(name, _wrong("zip_danado", "Este archivo del ZIP está dañado o no mide lo que el ZIP dice."))
        return
    if budget.expanded <= 0:
        return  # what was read is cut short: the archive is refused, not this file
    if nested:
        yield from _zip_parts(content, name, budget, level + 1)
    else:
        yield content, name


def _check_entry(entry: zipfile.ZipInfo) -> None:
    written = entry.orig_filename.replace("\\", "/")
    if ".." in PurePosixPath(written).parts or written.startswith("/") or ":" in written.split("/")[0]:
        raise _wrong("zip_ruta", "El nombre de este archivo del ZIP apunta fuera de él; no se lee.")
    if entry.flag_bits & _ENCRYPTED:
        raise _wrong("zip_cifrado", "Este archivo del ZIP está protegido con contraseña.")
    if entry.compress_type not in _METHODS:
        raise _wrong(
            "zip_compresion", "Este archivo del ZIP usa una compresión que no se admite; use la normal (deflate)."
        )


def _clean(name: str) -> str:
    """Return an entry's name on one line and of readable length."""
    shown = "".join(char if char.isprintable() else "?" for char in name)
    return shown if len(shown) <= 200 else shown[:197] + "..."
