"""Render a page of a PDF or an image of evidence anew, through the file server."""

from pathlib import Path
from typing import Any, BinaryIO

from sif.registry.opening import BRIEF, ORDINARY, opened, opening_of
from sif.sandbox.opening import Limits
from sif.values import Refused

IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff", "image/bmp"})
TEXTS = frozenset({"text/xml", "text/plain", "text/csv", "application/json", "application/xml"})
_PNG = b"\x89PNG\r\n\x1a\n"


class NoPreview(ValueError):
    """The file cannot be drawn; the message says why."""


def is_locked(source: bytes | Path) -> bool:
    """Return whether a PDF opens only with a password. One that is not opened within brief limits is not locked."""
    return bool(_described(source, BRIEF).get("clave"))


def page_count(file: BinaryIO, kind: str) -> int:
    """Return how many pages can be drawn: those of a PDF, one of an image, none of others or of a broken PDF."""
    if kind in IMAGES:
        return 1
    if kind != "application/pdf":
        return 0
    pages = _described(file, ORDINARY).get("paginas")
    return pages if isinstance(pages, int) and 0 <= pages < 1_000_000 else 0


def opening(sha256: str, kind: str, page: int = 1) -> str:
    """Return the name of the opening with which `draw` draws a file known by its digest."""
    return opening_of("imagen", sha256) if kind in IMAGES else opening_of("pdf", sha256, {"pagina": page})


def draw(file: BinaryIO, kind: str, page: int = 1) -> bytes:
    """Return a PNG of an image, or of a page (from 1) of a PDF, at most 1400 a side. Raises NoPreview, and Late."""
    if kind != "application/pdf" and kind not in IMAGES:
        raise NoPreview("No hay vista previa de este tipo de archivo.")
    try:
        if kind == "application/pdf":
            data = opened("pdf", file, {"pagina": page}).data()
        else:
            data = opened("imagen", file).data()
    except Refused as refused:
        raise NoPreview(" ".join(f"{each.mensaje} {each.cura}" for each in refused.problems[:1])) from refused
    if not data.startswith(_PNG):
        raise NoPreview("El archivo está dañado o no se puede dibujar.")
    return data


def _described(source: Any, limits: Limits) -> dict[str, object]:
    try:
        found = next(opened("pdf_datos", source, limits=limits).lines(), None)
    except Refused:
        return {}
    return found if isinstance(found, dict) else {}
