"""Pictures of evidence: a page of a PDF or an image, drawn anew so that nothing of the file runs in a browser."""

import io
import threading
from pathlib import Path
from typing import BinaryIO

import pypdfium2
import pypdfium2.raw
from PIL import Image, ImageOps, UnidentifiedImageError

PIXELS = 1400  # of the longest side
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff", "image/bmp"})
TEXTS = frozenset({"text/xml", "text/plain", "text/csv", "application/json", "application/xml"})
_ONE_AT_A_TIME = threading.Lock()  # PDFium keeps global state


class NoPreview(ValueError):
    """The file cannot be drawn; the message says why."""


def is_locked(source: bytes | Path) -> bool:
    """Whether a PDF opens only with a password."""
    with _ONE_AT_A_TIME:
        try:
            pypdfium2.PdfDocument(source).close()
        except pypdfium2.PdfiumError as error:
            return bool(error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD)
    return False


def page_count(file: BinaryIO, kind: str) -> int:
    """How many pages can be drawn: those of a PDF, one of an image, none of anything else or of a broken PDF."""
    if kind in IMAGES:
        return 1
    if kind != "application/pdf":
        return 0
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError:
            return 0
        try:
            return len(document)
        finally:
            document.close()


def draw(file: BinaryIO, kind: str, page: int = 1) -> bytes:
    """A PNG of an image, or of a page (from 1) of a PDF, at most PIXELS a side. Raises NoPreview."""
    try:
        image = _pdf_page(file, page) if kind == "application/pdf" else _image(file, kind)
    except (pypdfium2.PdfiumError, UnidentifiedImageError, Image.DecompressionBombError, OSError) as error:
        raise NoPreview("El archivo está dañado o no se puede dibujar.") from error
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=False)
    return stream.getvalue()


def _image(file: BinaryIO, kind: str) -> Image.Image:
    if kind not in IMAGES:
        raise NoPreview("No hay vista previa de este tipo de archivo.")
    with Image.open(file) as opened:
        opened.draft("RGB", (PIXELS, PIXELS))
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    upright.thumbnail((PIXELS, PIXELS))
    return upright


def _pdf_page(file: BinaryIO, page: int) -> Image.Image:
    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(file)
        try:
            if not 1 <= page <= len(document):
                raise NoPreview(f"El PDF tiene {len(document)} páginas.")
            width, height = document.get_page_size(page - 1)
            scale = PIXELS / max(width, height, 1)
            picture: Image.Image = document[page - 1].render(scale=scale).to_pil().convert("RGB")
            return picture
        finally:
            document.close()
