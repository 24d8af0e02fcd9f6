"""Parse citations such as LGPP 56.2.d, and find their passage in the text of a law."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sif.law.sources import LawDataError, cited, data_path, day, only_keys, read_data, status
from sif.values import Span

_NUMBER = r"\d+(?:-[A-Z])?(?: (?:Bis|Ter|Quater|Quinquies))?"
_REFERENCE = re.compile(rf"^(?P<ley>[A-Z]{{2,10}}) (?P<numero>{_NUMBER})(?P<resto>(?:\.[0-9A-Za-z]+)*)$")
_ROMAN = re.compile(r"^[IVX]+$")
_MARKS = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_SUFFIXES = r"bis|ter|qu[aá]ter|quinquies"
_HEADING = re.compile(
    r"^(?:#{1,6}[ \t]+)?(?:\*\*)?A(?:rt[ií]culo|RT[IÍ]CULO|rt\.|RT\.)[ \t]+(?P<numero>\d+)(?P<letra>-[A-Z](?!\w))?"
    rf"(?:[ \t]*[°ºo]\b|[°º])?(?:[ \t]+(?P<sufijo>(?i:{_SUFFIXES})))?(?:\*\*)?[ \t]*(?:[.:–—-]|$)",
    re.MULTILINE,
)
_SUFFIX = re.compile(rf"^\.?\s*({_SUFFIXES})\b", re.IGNORECASE)
_DIVISION = re.compile(
    r"^(?:#|(?:LIBRO|T[IÍ]TULO|CAP[IÍ]TULO|SECCI[OÓ]N)[ \t]+(?:[IVXLC]+|\d+|[A-ZÁÉÍÓÚÑ]+)[ \t]*(?:[.:–—-].*)?$)",
    re.MULTILINE | re.IGNORECASE,
)
_TRANSITORY = re.compile(r"^(?:#+[ \t]*)?(?:ART[IÍ]CULOS[ \t]+)?TRANSITORIOS?[ \t.:]*$", re.MULTILINE | re.IGNORECASE)


class UnknownArticle(LookupError):
    """The reference is malformed or names no article we know; the message says what was seen and what is wanted."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation taken apart. pasos: steps inside the article as (kind, mark): parrafo, inciso, fraccion, apartado."""

    ley: str
    numero: str
    pasos: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return ".".join([f"{self.ley} {self.numero}", *(mark for _, mark in self.pasos)])


@dataclass(frozen=True, slots=True)
class Supuesto:
    """The case that is judged: the kind of its subject, the stage, and whether it is federal or local."""

    sujeto: str
    etapa: str
    ambito: str


@dataclass(frozen=True, slots=True)
class Supuestos:
    """The cases of which a text speaks; an empty list leaves nobody out."""

    sujetos: tuple[str, ...] = ()
    etapas: tuple[str, ...] = ()
    ambitos: tuple[str, ...] = ()

    def covers(self, case: Supuesto) -> bool:
        """Return whether the text speaks of a case."""
        asked = ((self.sujetos, case.sujeto), (self.etapas, case.etapa), (self.ambitos, case.ambito))
        return all(not named or said in named for named, said in asked)


EVERY_CASE = Supuestos()


def read_supuestos(row: object, where: str) -> Supuestos:
    """Return the cases that a data file names; LawDataError for a key that it does not know."""
    row = only_keys(row, frozenset(), frozenset({"sujetos", "etapas", "ambitos"}), where)
    return Supuestos(**{name: tuple(values) for name, values in row.items()})


@dataclass(frozen=True, slots=True)
class Ley:
    """A law as cited.

    archivo: file of its articles that the project read, '' when none; ultimo: last article, 0 when unknown; materias:
    number and subject of the articles listed. desde: its first day; sin_vigencia: days in which it was repealed.
    habla_de: parts of it, such as 79.1.b, and the cases of which they speak; '' is the law whole.
    """

    clave: str
    nombre: str
    archivo: str
    ultimo: int
    materias: tuple[tuple[str, str], ...]
    desde: date = date.min
    sin_vigencia: Span | None = None
    habla_de: tuple[tuple[str, Supuestos], ...] = ()

    def speaks_of(self, cited: Reference) -> Supuestos:
        """The cases of which a part of the law speaks: those of the narrowest part that is listed and holds it."""
        parts = [cited.numero]
        parts += [f"{parts[0]}.{'.'.join(m for _, m in cited.pasos[:n])}" for n in range(1, len(cited.pasos) + 1)]
        listed = dict(self.habla_de)
        return next((listed[part] for part in reversed(["", *parts]) if part in listed), EVERY_CASE)


@dataclass(frozen=True, slots=True)
class Article:
    """An article that a citation may name.

    materia: what it is about, '' if not listed; estatus: confirmado when the project holds its text.
    """

    ley: str
    numero: str
    materia: str
    estatus: str
    texto: str = ""


def _step(mark: str) -> tuple[str, str]:
    if mark.isdigit():
        return "parrafo", mark
    if _ROMAN.match(mark):
        return "fraccion", mark
    if len(mark) == 1 and mark.isupper():
        return "apartado", mark
    if len(mark) == 1 and mark.islower():
        return "inciso", mark
    raise UnknownArticle(
        f"«{mark}» no es párrafo (2), inciso (d), fracción (III) ni apartado (A). Una cita se escribe LGPP 79.1.b.III."
    )


def parse_reference(text: str) -> Reference:
    """Read `LGPP 56.2.d`, `RF 143 Bis.1`, `CPEUM 41.VI.a`; raises UnknownArticle naming what was seen."""
    match = _REFERENCE.match(text.strip())
    if match is None:
        raise UnknownArticle(f"«{text}» no es una cita. Escriba la ley, el artículo y sus partes: LGPP 56.2.d.")
    marks = [mark for mark in match["resto"].split(".") if mark]
    return Reference(match["ley"], match["numero"], tuple(_step(mark) for mark in marks))


def read_articles(text: str) -> dict[str, str]:
    """The articles of a law by number ('78', '78 Bis', '29-A'), from its text or from Markdown with one heading each.

    Stops at the transitory articles, whose numbering is their own. The first text of a repeated number stands, and a
    line that begins with another article of the law, out of its turn, is no heading.
    """
    body = _TRANSITORY.split(text, maxsplit=1)[0]
    headings = _in_turn(list(_HEADING.finditer(body)))
    ends = [*(each.start() for each in headings[1:]), len(body)]
    found: dict[str, str] = {}
    for heading, end in zip(headings, ends, strict=False):
        name, said = heading["numero"] + (heading["letra"] or "").upper(), _undivided(body[heading.end() : end])
        suffix = heading["sufijo"]
        if suffix is None and (below := _SUFFIX.match(said)) is not None:
            suffix, said = below[1], said[below.end() :]
        if suffix is not None:
            name = f"{name} {suffix.replace('á', 'a').capitalize()}"
        found.setdefault(name, said.lstrip(".–—- \n"))
    return found


def speaks_of_case(reference: str, case: Supuesto, jurisdiction: str) -> bool:
    """Return whether an article speaks of a case, as the data of its law say. Raises UnknownArticle, KeyError."""
    cited = parse_reference(reference)
    return load_laws(jurisdiction)[cited.ley].speaks_of(cited).covers(case)


def is_heading(line: str) -> bool:
    """Return whether a line begins an article."""
    return _HEADING.match(line) is not None


def _in_turn(headings: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    """The most headings whose numbers never go back: a line of an article that begins with another is none of them."""
    last: list[int] = []  # number that ends the best chain of each length, and its place
    ends: list[int] = []
    before: list[int] = []
    for place, heading in enumerate(headings):
        number = int(heading["numero"])
        length = bisect_right(last, number)
        before.append(ends[length - 1] if length else -1)
        last[length : length + 1], ends[length : length + 1] = [number], [place]
    chain, place = [], ends[-1] if ends else -1
    while place >= 0:
        chain.append(headings[place])
        place = before[place]
    return chain[::-1]


def _undivided(text: str) -> str:
    """Return the text up to a heading of book, title, chapter or section, which begins after the end of a sentence."""
    for found in _DIVISION.finditer(text):
        before = text[: found.start()].rstrip()
        if found[0].startswith("#") or not before or before[-1] in ".;:)]»”":
            return before.strip()
    return text.strip()


def _between(text: str, start: str, following: str) -> str | None:
    begin = re.search(start, text)
    if begin is None:
        return None
    rest = text[begin.end() :]
    end = re.search(following, rest)
    return rest if end is None else rest[: end.start()]


def roman(number: int) -> str:
    """Return a whole number from 1 to 3,999 in Roman numerals: 44 is XLIV."""
    said = ""
    for worth, mark in _MARKS:
        times, number = divmod(number, worth)
        said += mark * times
    return said


def _inside(text: str, kind: str, mark: str) -> str | None:
    if kind == "parrafo":
        return _between(text, rf"(?:^|\s|\[){mark}\. (?=\S)", rf"(?:\s|\[){int(mark) + 1}\. (?=[\[A-ZÁÉÍÓÚ])")
    if kind == "inciso":
        # On a line of its own first: "artículo 43, inciso c) de esta Ley" is no beginning.
        following = rf"\n{chr(ord(mark) + 1)}\) "
        return _between(text, rf"(?:^|\n){mark}\) ", following) or _between(text, rf"\s{mark}\) ", following)
    if kind == "fraccion":
        numbers = {roman(number): number for number in range(1, 90)}
        return _between(text, rf"(?:^|\n){mark}\. ", rf"\n{roman(numbers[mark] + 1)}\. ")
    return _between(text, rf"Apartado {mark}\. ", rf"Apartado {chr(ord(mark) + 1)}\. ")


def passage(text: str, reference: Reference) -> str:
    """Return the part of an article's text that the reference names; raises UnknownArticle if a step is not there."""
    part = text
    for kind, mark in reference.pasos:
        found = _inside(part, kind, mark)
        if found is None:
            raise UnknownArticle(f"«{reference}»: el texto no tiene {kind} {mark}.")
        part = found
    return part


_SIGNS = str.maketrans({"“": '"', "”": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00ad": None})
_GAP = re.compile(r"\.\.\.|\[\s*\.\.\.\s*\]|\(\s*\.\.\.\s*\)")
_ENDS = " .,;:"


def normalise(text: str) -> str:
    """Return the words with single spaces and plain signs, as quotations are compared."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).split())


def says(text: str, quote: str) -> bool:
    """Return whether a text contains a quotation, ignoring case; fragments split by «…» must follow in order."""
    there, at = normalise(text).casefold(), 0
    for part in _GAP.split(normalise(quote).casefold()):
        words = part.strip(_ENDS)
        place = there.find(words, at)
        if place < 0:
            return False
        at = place + len(words)
    return True


_OF_A_LAW = frozenset({"archivo", "ultimo", "articulos", "desde", "sin_vigencia", "habla_de"})


def _ley(clave: str, row: object) -> Ley:
    where = f"articles.yaml, {clave}"
    row = only_keys(row, frozenset({"nombre"}), _OF_A_LAW, where)
    materias = tuple((str(number), str(about)) for number, about in (row.get("articulos") or {}).items())
    out = row.get("sin_vigencia")
    spoken = (row.get("habla_de") or {}).items()
    return Ley(
        clave,
        row["nombre"],
        row.get("archivo") or "",
        row.get("ultimo") or 0,
        materias,
        day(row["desde"], where) if "desde" in row else date.min,
        None if out is None else Span(day(out["desde"], where), day(out["hasta"], where)),
        tuple((str(part), read_supuestos(said, f"{where}, habla_de {part}")) for part, said in spoken),
    )


@cache
def _laws(jurisdiction: str) -> dict[str, Ley]:
    return {key: _ley(key, row) for key, row in read_data(data_path(jurisdiction, "law", "articles.yaml")).items()}


def load_laws(jurisdiction: str) -> dict[str, Ley]:
    """Return the laws that may be cited, by short name."""
    return dict(_laws(jurisdiction))


@cache
def read_text(clave: str, jurisdiction: str) -> dict[str, str]:
    """Return the articles of a law that the project read and holds, by number; none of a law that it did not read."""
    archivo = _laws(jurisdiction)[clave].archivo if clave in _laws(jurisdiction) else ""
    if not archivo:
        return {}
    return read_articles(data_path(jurisdiction, "law", "textos", archivo).read_text(encoding="utf-8"))


def load_articles(jurisdiction: str) -> dict[str, Article]:
    """Return the articles listed with what they are about, keyed `LGPP 56`; resolve() also takes those not listed."""
    return {
        f"{ley.clave} {number}": Article(ley.clave, number, about, _read_status(ley, number, jurisdiction))
        for ley in _laws(jurisdiction).values()
        for number, about in ley.materias
    }


def is_read(reference: str, jurisdiction: str) -> bool:
    """Return whether the project holds the text of each article of a citation, whose articles «;» parts.

    A law alone is read where any of its text is held. True for words that cite no article of a law, such as an accord.
    """
    return all(_is_held(part.strip(), jurisdiction) for part in reference.split(";"))


def _is_held(reference: str, jurisdiction: str) -> bool:
    try:
        cited = parse_reference(reference)
    except UnknownArticle:
        ley = _laws(jurisdiction).get(reference.partition(" ")[0])
        return ley is None or bool(ley.archivo)
    return cited.numero in read_text(cited.ley, jurisdiction)


def cited_as_read(reference: str, jurisdiction: str) -> str:
    """Return a citation as a document prints it: with «por confirmar» where nobody here read its law."""
    return cited(reference, "confirmado" if is_read(reference, jurisdiction) else "por confirmar")


def _read_status(ley: Ley, numero: str, jurisdiction: str) -> str:
    return status("confirmado" if numero in read_text(ley.clave, jurisdiction) else "por confirmar", ley.clave)


def _leading(numero: str) -> int:
    return int(re.split(r"[ -]", numero)[0])


def resolve(reference: str, jurisdiction: str) -> Article:
    """The article a citation names; raises UnknownArticle when the law is not ours or the number is beyond its last."""
    cited = parse_reference(reference)
    laws = _laws(jurisdiction)
    if cited.ley not in laws:
        raise UnknownArticle(
            f"«{reference}»: no se conoce la ley «{cited.ley}»; las que se citan son {', '.join(laws)}."
        )
    ley = laws[cited.ley]
    about = dict(ley.materias).get(cited.numero, "")
    if not about and ley.ultimo and _leading(cited.numero) > ley.ultimo:
        raise UnknownArticle(f"«{reference}»: {ley.clave} termina en el artículo {ley.ultimo}.")
    if _leading(cited.numero) == 0:
        raise LawDataError(f"«{reference}»: ninguna ley tiene artículo 0.")
    return Article(cited.ley, cited.numero, about, _read_status(ley, cited.numero, jurisdiction))
