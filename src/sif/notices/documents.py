"""Draw a document from one sheet of data as PDF (Typst) and as editable DOCX."""

import importlib.util
import io
import json
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import segno
import typst
from django.conf import settings

from sif.notices.cutting import cut
from sif.notices.docx import draw_docx
from sif.notices.sheet import sealed

FONT_PACKAGES = ("fontpkg_source_serif_4", "fontpkg_source_sans_3", "fontpkg_source_code_pro")

KEPT = 11  # drawings after which the renderer has forgotten one


class UnknownTemplate(LookupError):
    """There is no such letter in the jurisdiction; the message lists those there are."""


def letters_folder() -> Path:
    """Return the folder of the letters of this installation's jurisdiction."""
    return Path(str(files("sif"))) / "jurisdictions" / settings.JURISDICTION / "letters"


def render_pdf(template: str, data: Mapping[str, object]) -> bytes:
    """The PDF (tagged, PDF/UA) of a sheet (see `sheet`) by a letter: acuse, informe, oficio, dictamen, resolucion.

    The same sheet gives the same bytes: the file carries no hour of its own. A long one is drawn by parts (see
    `cutting`), twice: how many pages the whole has stands on each. Raises UnknownTemplate, ValueError on a sheet that
    lacks something.
    """
    path, parts = _letter(template), cut(sealed(data))
    if len(parts) == 1:
        return _drawn(path, parts[0])
    from sif.notices.joining import count_pages, join  # a short document, as most are, loads no qpdf

    pages = [count_pages(_drawn(path, part)) for part in parts]
    return join([_drawn(path, part, sum(pages[:place]), sum(pages)) for place, part in enumerate(parts)])


def _drawn(path: Path, part: Mapping[str, Any], before: int = 0, pages: int | None = None) -> bytes:
    """The PDF of a part of a sheet that has so many pages before it, of so many in all; alone, it counts its own."""
    whole = {**part, "parte": {**part["parte"], "antes": before, "paginas": pages}}
    compiler = typst.Compiler(
        str(path),
        root=str(path.parent),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(whole, ensure_ascii=False), "qr": _qr(part["verificar"])},
    )
    pdf = cast(bytes, compiler.compile(pdf_standards="ua-1"))
    _forget()
    return pdf


def _forget() -> None:
    """Make the renderer forget what it drew: it keeps all that its last ten drawings laid out, some 20 KB a cell."""
    for _ in range(KEPT):
        _nothing().compile(b"")


@cache
def _nothing() -> typst.Compiler:
    return typst.Compiler(b"", font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False))


def render_docx(template: str, data: Mapping[str, object]) -> bytes:
    """Return the DOCX of the same sheet, in the same order and words, to be edited. Raises as `render_pdf`."""
    _letter(template)
    return draw_docx(sealed(data), _qr_png(sealed(data)["verificar"]))


def _letter(template: str) -> Path:
    known = sorted(path.stem for path in letters_folder().glob("*.typ") if path.stem != "base")
    if template not in known:
        raise UnknownTemplate(f"No hay plantilla «{template}»; las que hay: {', '.join(known)}.")
    return letters_folder() / f"{template}.typ"


@cache
def _fonts() -> typst.Fonts:
    """The fonts of documents, found and opened once: to look for them again takes as long as to draw a short sheet."""
    folders = []
    for name in FONT_PACKAGES:
        found = importlib.util.find_spec(name)
        if found is None or not found.submodule_search_locations:
            raise RuntimeError(f"Falta el paquete de fuentes {name}. Instale las dependencias con make setup.")
        folders.append(str(Path(found.submodule_search_locations[0]) / "files"))
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


@lru_cache(maxsize=8)
def _code(text: str) -> segno.QRCode:
    """Return the code that a PDF and its DOCX carry, made once for both and for every part."""
    return segno.make(text, error="m", micro=False)


def _qr(text: str) -> str:
    out = io.BytesIO()
    _code(text).save(out, kind="svg", border=1, xmldecl=False)
    return out.getvalue().decode("utf-8")


def _qr_png(text: str) -> bytes:
    out = io.BytesIO()
    _code(text).save(out, kind="png", border=1, scale=6)
    return out.getvalue()
