"""Crawl the pages that a person reaches by links, and find in their text what is not said to people."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from itertools import combinations
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import openpyxl
import pypdfium2
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

from sif.law.articles import is_read
from sif.rulebook.citations import every_citation
from sif.web.messages import catalogue

SILENT = frozenset({"script", "style", "template", "svg", "pre"})
ALIKE = 4  # pages of a route with the same filters
Place = tuple[str, tuple[str, ...]]
Route = tuple[str, tuple[str, ...], tuple[str, ...]]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml"
FILES = ("text/csv", WORKBOOK, "application/vnd.openxmlformats", "application/zip", "application/json")
BY_KEYS = frozenset(
    {"public:candidaturas_archivo", "public:sanciones_archivo", "public:retiros_archivo", "public:archivo"}
    | {"party:lotes_plantilla"}
)
"""Workbooks whose columns are keys: open data, as the dictionary of the portal says, and templates to send back."""
OF_A_HALLAZGO = re.compile(r"(?:[A-Z]{2}\d{3}\|)?\w+=\w+(?:;\w+=\w+)*")
"""The key of a hallazgo, by which a row of the matrix that comes back is found."""
LEFT_ALONE = frozenset({"account_logout", "idioma", "tema"})
BETWEEN = re.compile(r"[,;·]")
IN_SPANISH = frozenset(
    {"muestras", "muestras_publico", "personas_archivo", "party:catalogo", "party:lotes", "auditor:lista"}
    | {"public:verificador", "public:sellado"}
)
"""Pages of pieces with words of their own, of what a file says, of the chart of accounts, and those read without us."""
SAID_ALIKE = frozenset(
    {"Banco", "Proceso", "Campaña", "Campaña local", "campaña", "Plaza", "Presidencia", "Aportaciones de militantes"}
    | {"Contabilidad", "Proveedor", "fecha", "periodo", "Póliza sin evidencia vigente", "Póliza"}
    | {"Independiente"}
)
"""Sentences that are data too: names of a bank, a process, an office or a key, what an act or a law says, and the word
that begins in English what a rule says of a póliza."""
AUXILIARY = {("party:libro", "Concentradora")}
"""The name of an auxiliary, as the files of the book have it."""
NOT_SAID = {
    "clave": re.compile(r"\b[a-zñ0-9]+(?:_[a-zñ0-9]+)+\b"),
    "dirección por su nombre": re.compile(r"\b[a-z_]{3,}:[a-z_]{3,}\b"),
    "ruta de un XML": re.compile(r"/?@[A-Z]\w+|\b(?:cfdi|ine|tfd|pago|pago\d+|nomina\d+):[A-Z]\w*"),
    "valor de programa": re.compile(r"\b(?:None|True|False|NaN|null|undefined)\b|<(?:class|function|\w+ object)\b"),
    "estructura de programa": re.compile(r"[{\[]\s*['\"]\w|\{\}|\[\]|\bdatetime\.|\bDecimal\(|\bQuerySet\b|\bdict_\w"),
    "hueco": re.compile(r"%s|%\(\w+\)|\{\{|\{%|\{\w+\}|‹\w+›|\bTODO\b"),
    "instante de programa": re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\+00:00"),
}

CITED = re.compile(r"\b(?!MXN)[A-Z]{2,7} \d+(?:-[A-Z]\b)?(?: Bis| Ter)?(?:\.[0-9A-Za-z]+)*")
STANDS = re.compile(
    "por confirmar|confirmada aquí|confirmado por|no se leyó|to be confirmed|confirmed here|confirmed by|was not read",
    re.IGNORECASE,
)
"""What a page says beside a citation of a law that nobody here read."""


@dataclass
class Crawl:
    """What was read: pages by their route, and each thing not said to people with where it stands."""

    client: Client
    english: bool = False
    most: int = 200
    read: dict[str, int] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)
    files: set[Place] = field(default_factory=set)
    filters: set[tuple[Place, tuple[str, ...]]] = field(default_factory=set)

    def go(self, *starts: str) -> "Crawl":
        """Read from some addresses on: of each route some pages, of each page some sets of filters, each file once."""
        turn, seen, reached = deque(starts), set[Route](), Counter[tuple[str, ...]]()
        while turn and sum(self.read.values()) < self.most:
            address = turn.popleft()
            key = route_of(address)
            if key is None or key in seen or reached[key[0], *key[2]] >= ALIKE or not self._says_more(key):
                continue
            seen.add(key)
            reached[key[0], *key[2]] += 1
            turn.extend(self._page(address, key[:2]))
        return self

    def hear(self, answer: Any) -> None:
        """Read what a press was answered, which no link leads to."""
        self._judge(answer.request["PATH_INFO"], "respuesta", texts_of(html.fromstring(answer.content)))

    def _says_more(self, key: Route) -> bool:
        """Whether it is no file that was asked, and has a filter, or in Spanish a pair of them, that was not read.

        What a pair of filters says in English, each of them says too.
        """
        place, names = key[:2], key[2]
        told = {(place, (name,)) for name in names}
        if not self.english:
            told |= {(place, pair) for pair in combinations(names, 2)}
        more = place not in self.files and (not told or not told <= self.filters)
        self.filters |= told
        return more

    def _page(self, address: str, place: Place) -> list[str]:
        name = place[0]
        answer = self.client.get(address, headers={"accept-language": "en" if self.english else "es-MX"})
        kind = answer.get("Content-Type", "")
        assert answer.status_code < 500, address
        if answer.status_code in (301, 302):
            return [urljoin(address, answer["Location"])]
        if answer.status_code != 200:
            return []
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if "application/pdf" in kind:
            self._judge(address, name, paper_texts(body))
        if kind.startswith(WORKBOOK) and name not in BY_KEYS:
            self._judge(address, name, cell_texts(body))
        if "text/html" not in kind or not body.strip():
            if kind.startswith(FILES):
                self.files.add(place)
            return []
        self.read[name] = self.read.get(name, 0) + 1
        tree = html.fromstring(body)
        texts = list(texts_of(tree))
        self._judge(address, name, iter(texts))
        self.found += [f"{name}: cita sin leer y sin marca «{cited}» ({address})" for cited in unmarked(tree)]
        if self.english and name not in IN_SPANISH:
            left = [each for each in left_in_spanish(texts) if (name, each) not in AUXILIARY]
            self.found += [f"{name}: sin traducir «{each}» ({address})" for each in left]
        return [urljoin(address, link) for link in tree.xpath("//a/@href") if link and not link.startswith("#")]

    def _judge(self, address: str, name: str, texts: Iterator[str]) -> None:
        for text in texts:
            for what, form in NOT_SAID.items():
                hit = form.search(text)
                if hit and not (self.english and hit[0] == "None"):  # an English word
                    self.found.append(f"{name}: {what} «{hit[0]}» en «{text[:90]}» ({address})")


def unmarked(tree: html.HtmlElement) -> Iterator[str]:
    """The citations of a page of laws that nobody here read, where nothing beside them says so."""
    for drawn in tree.find_class("article-ref"):
        cited = drawn.text_content().strip()
        beside = drawn.getparent()
        around = beside.getparent() if beside.tag in ("span", "cite") else beside
        if not is_read(cited, "mx") and not STANDS.search(around.text_content()):
            yield cited
    for text in texts_of(tree.find("body") if tree.find("body") is not None else tree):
        for cited in (each for each in CITED.findall(text) if each.partition(" ")[0] in laws()):
            if not is_read(cited, "mx") and text != cited and not STANDS.search(text):
                yield f"{cited} en {text[:90]}"


@cache
def laws() -> frozenset[str]:
    """The initials of every law that something cites: «MXN 40» and «ID 8802» are of none."""
    return frozenset(each.articulo.partition(" ")[0] for each in every_citation("mx"))


@cache
def sentences_with_english() -> tuple[frozenset[str], frozenset[str]]:
    """The sentences that are said in other words in English, and every sentence in English."""
    found = {each.id if isinstance(each.id, str) else each.id[0]: each.string for each in catalogue() if each.id}
    english = {text for each in found.values() for text in ([each] if isinstance(each, str) else each)}
    return frozenset(text for text in found if "%" not in text and text not in english), frozenset(english)


def left_in_spanish(texts: Iterable[str]) -> list[str]:
    """What is said on a page in English as its sentence in Spanish, whole or between commas and the like."""
    spanish, english = sentences_with_english()
    own = [text for text in texts if text not in english]
    parts = {part.strip(" .:") for text in own for part in (text, *BETWEEN.split(text))}
    return sorted(parts & spanish - SAID_ALIKE)


@cache
def route_of(address: str) -> Route | None:
    """What tells an address from others: its view, the keys in it and its filters; None for what is not ours."""
    parts = urlsplit(address)
    if parts.scheme not in ("", "http") or parts.netloc not in ("", "testserver"):
        return None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    if match.url_name in LEFT_ALONE:
        return None
    own = tuple(str(value) for value in match.kwargs.values() if not str(value).isdecimal() and len(str(value)) < 12)
    return match.view_name or match.route, own, tuple(sorted(name for name, _text in parse_qsl(parts.query)))


def texts_of(tree: html.HtmlElement) -> Iterator[str]:
    """The pieces of text of a page, without code, drawings and what is marked as not to be translated."""
    if tree.tag in SILENT or not isinstance(tree.tag, str) or tree.get("translate") == "no":
        return
    if tree.text and tree.text.strip():
        yield " ".join(tree.text.split())
    for child in tree:
        yield from texts_of(child)
        if child.tail and child.tail.strip():
            yield " ".join(child.tail.split())


def paper_texts(body: bytes) -> Iterator[str]:
    """The lines of a PDF."""
    if b"%%EOF" not in body:
        return  # stands for one, in a test
    document = pypdfium2.PdfDocument(BytesIO(body))
    for page in document:
        yield from page.get_textpage().get_text_range().splitlines()


def cell_texts(body: bytes) -> Iterator[str]:
    """The names of the sheets of a workbook and its cells of text."""
    for sheet in openpyxl.load_workbook(BytesIO(body), read_only=True):
        yield sheet.title
        for row in sheet.iter_rows(values_only=True):
            yield from (cell for cell in row if isinstance(cell, str) and not OF_A_HALLAZGO.fullmatch(cell))
