"""Opener of a text of law, for a confined process: PDF, plain text or Markdown, into its articles."""

import codecs
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import IO

import pypdfium2

from sif.law.articles import is_heading, read_articles
from sif.sandbox.opening import Writer
from sif.values import refusal

PDF = b"%PDF-"
EDGE, FEWEST_PAGES = 3, 4
"""Lines at each end of a page that may be its running head or foot, and pages from which one is told."""
_CUT_WORD = re.compile(r"([a-záéíóúñ])-\n(?=[a-záéíóúñ])")
_DIGITS = re.compile(r"\d+")


def open_law(file: IO[bytes], _args: Mapping[str, object], out: Writer) -> None:
    """Write each article as [number, text]. Raises Refused for a damaged file or one without articles."""
    data = file.read()
    text = _of_pdf(data) if data[:1024].lstrip().startswith(PDF) else _of_text(data)
    articles = read_articles(text)
    if not articles:
        raise refusal(
            "sin_articulos",
            "archivo",
            "No se halló ningún artículo: ningún renglón comienza «Artículo 1».",
            "Cargue el texto de la ley, no su imagen: un PDF escaneado pide antes reconocimiento de texto.",
        )
    for number, said in articles.items():
        out.line([number, said])


def _of_text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return _plain(text)


def _plain(text: str) -> str:
    """Return the text with one kind of line end and blank, and no control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\u00a0", " ")
    return "".join(char for char in text if char == "\n" or char >= " ")


def _of_pdf(data: bytes) -> str:
    try:
        document = pypdfium2.PdfDocument(data)
        pages = [_plain(page.get_textpage().get_text_bounded()).split("\n") for page in document]
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise refusal(
            "danado", "archivo", "El PDF está dañado, o pide contraseña.", "Descárguelo de nuevo de donde se publicó."
        ) from error
    return _CUT_WORD.sub(r"\1", "\n".join(line for page in _without_heads(pages) for line in page))


def _without_heads(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Take from each page what stands at the same end of half of them or more, whatever its numbers."""
    kept = [[line.strip() for line in page if line.strip()] for page in pages]
    if len(kept) < FEWEST_PAGES:
        return kept
    seen = Counter(head for page in kept for head in {_bare(page[place]) for place in _edges(page)})
    running = {head for head, times in seen.items() if times * 2 >= len(kept)}
    return [_but(page, running) for page in kept]


def _edges(page: Sequence[str]) -> set[int]:
    """Return the places of a page that may be its running head or foot: a line that begins an article is neither."""
    ends = (*range(min(EDGE, len(page))), *range(max(0, len(page) - EDGE), len(page)))
    return {place for place in ends if not is_heading(page[place])}


def _but(page: Sequence[str], running: set[str]) -> list[str]:
    out = {place for place in _edges(page) if _bare(page[place]) in running}
    return [line for place, line in enumerate(page) if place not in out]


def _bare(line: str) -> str:
    return _DIGITS.sub("0", line)


def _prepare() -> None:
    """Load what is loaded on first use: the codecs of texts and of PDF, and the reader of articles."""
    for name in ("utf-8-sig", "cp1252", "utf-16-le"):
        codecs.lookup(name)
    document = pypdfium2.PdfDocument.new()
    document.new_page(20, 20)
    document[0].get_textpage().get_text_bounded()
    read_articles("Artículo 1. Uno.")


OPENERS = {"ley": open_law}
PREPARE = _prepare
