"""Draw evidence anew as PNG: an image, or a page of a PDF, so that nothing of the file reaches a browser."""

import io
from collections.abc import Mapping
from typing import IO, Any

import pypdfium2
import pypdfium2.raw
from PIL import Image, ImageOps, UnidentifiedImageError

from sif.sandbox.opening import Writer
from sif.values import Refused, refusal

PIXELS = 1400  # of the longest side of what is drawn
EMBLEM, LEAST, MOST_OF_EMBLEM = 512, 64, 16_000_000
"""Of an emblem: the longest side of what is drawn, the shortest side of what is given, and its most pixels."""
MOST = 60_000_000  # pixels of an image: more than any scanner of letters gives, 180 MB once decoded
_HALF, _PLAIN = 10_000_000, frozenset({"L", "RGB", "RGBA", "CMYK", "YCbCr"})
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")
_RESIZE = "Expórtelo con 512 puntos por lado o más, y 4,000 o menos."
_CURE = "Descárguelo para verlo, o pida que se adjunte de nuevo."

Image.init()
Image.MAX_IMAGE_PIXELS = None  # compared here, from the header, before anything is decoded


def draw_image(file: IO[bytes], _args: Mapping[str, object], out: Writer) -> None:
    """Write a PNG of at most PIXELS a side. Raises Refused from the header alone when the image is too large."""
    try:
        with Image.open(file, formats=_FORMATS) as opened:
            width, height = opened.size
            if width * height > MOST:
                raise refusal(
                    "pixeles",
                    "encabezado",
                    f"Mide {width:,} × {height:,} puntos y se dibujan hasta {MOST:,}.",
                    "Escanéela con menos resolución: 300 puntos por pulgada bastan.",
                )
            opened.draft("RGB", (PIXELS, PIXELS))
            if width * height > _HALF and opened.mode in _PLAIN:
                opened.thumbnail((PIXELS * 2, PIXELS * 2))  # one copy decoded instead of two
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except Refused:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise _damaged() from error
    upright.thumbnail((PIXELS, PIXELS))
    _save(upright, out)


def draw_emblem(file: IO[bytes], _args: Mapping[str, object], out: Writer) -> None:
    """Write a PNG of at most EMBLEM a side of a PNG or JPEG, on white. Raises Refused from the header by its size."""
    try:
        with Image.open(file, formats=("PNG", "JPEG")) as opened:
            width, height = opened.size
            if width * height > MOST_OF_EMBLEM or min(width, height) < LEAST:
                told = f"Mide {width:,} × {height:,} puntos: el lado menor tiene {LEAST} o más,"
                raise refusal("pixeles", "archivo", f"{told} y en total hay hasta {MOST_OF_EMBLEM:,}.", _RESIZE)
            drawn = ImageOps.exif_transpose(opened).convert("RGBA")
    except Refused:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise refusal("danado", "archivo", "El archivo está dañado o no se puede dibujar.", _RESIZE) from error
    drawn.thumbnail((EMBLEM, EMBLEM))
    white = Image.new("RGBA", drawn.size, "white")
    _save(Image.alpha_composite(white, drawn).convert("RGB"), out)


def draw_page(file: IO[bytes], args: Mapping[str, Any], out: Writer) -> None:
    """Write a PNG of a page (from 1) of a PDF."""
    page = int(args["pagina"])
    try:
        document = pypdfium2.PdfDocument(file.read())
        count = len(document)
        if not 1 <= page <= count:
            raise refusal("pagina", "archivo", f"El PDF tiene {count} páginas.", "Elija una de ellas.")
        width, height = document.get_page_size(page - 1)
        scale = PIXELS / max(width, height, 1)
        picture = document[page - 1].render(scale=scale).to_pil().convert("RGB")
    except Refused:
        raise
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        raise _damaged() from error
    _save(picture, out)


def describe_pdf(file: IO[bytes], _args: Mapping[str, object], out: Writer) -> None:
    """Write {"paginas", "clave"}: its number of pages, 0 if it cannot be read, and whether it asks for a password."""
    try:
        found = {"paginas": len(pypdfium2.PdfDocument(file.read())), "clave": False}
    except pypdfium2.PdfiumError as error:
        found = {"paginas": 0, "clave": error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD}
    out.line(found)


def _damaged() -> Exception:
    return refusal("danado", "archivo", "El archivo está dañado o no se puede dibujar.", _CURE)


def _save(image: Image.Image, out: Writer) -> None:
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=False)
    out.write(stream.getvalue())


def _warm() -> None:
    """Load what is loaded on first use: codecs, and the drawing part of the PDF library."""
    for form in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP"):
        stream = io.BytesIO()
        Image.new("RGB", (8, 8)).save(stream, form)
        Image.open(io.BytesIO(stream.getvalue())).convert("RGB").thumbnail((4, 4))
    document = pypdfium2.PdfDocument.new()
    document.new_page(20, 20)
    stream = io.BytesIO()
    document.save(stream)
    document.close()
    pypdfium2.PdfDocument(stream.getvalue())[0].render(scale=1).to_pil().convert("RGB")


_warm()
OPENERS = {"imagen": draw_image, "emblema": draw_emblem, "pdf": draw_page, "pdf_datos": describe_pdf}
