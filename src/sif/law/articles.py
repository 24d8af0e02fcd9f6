"""Parse citations such as LGPP 56.2.d, and find their passage in the text of a law."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from sif.law.sources import LawDataError, data_path, only_keys, read_data, status

_NUMBER = r"\d+(?:-[A-Z])?(?: (?:Bis|Ter|Quater|Quinquies))?"
_REFERENCE = re.compile(rf"^(?P<ley>[A-Z]{{2,10}}) (?P<numero>{_NUMBER})(?P<resto>(?:\.[0-9A-Za-z]+)*)$")
_ROMAN = re.compile(r"^[IVX]+$")
_HEADING = re.compile(r"^### Artículo (\d+)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_SUFFIX = re.compile(r"^\.?\s*(bis|ter|quater|quáter|quinquies)\b", re.IGNORECASE)


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
class Ley:
    """A law as cited.

    archivo: file of its text outside the project, '' when the text is not held; ultimo: last article, 0 when unknown;
    materias: number and subject of the articles listed.
    """

    clave: str
    nombre: str
    archivo: str
    ultimo: int
    materias: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Article:
    """An article that a citation may name.

    materia: what it is about, '' if not listed; estatus: confirmado when the text of its law was read.
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


def read_articles(markdown: str) -> dict[str, str]:
    """The articles of a law given in Markdown with one heading an article: number ('78', '78 Bis') to its text.

    Stops at the transitory articles, whose numbering is their own. The first text of a repeated number stands.
    """
    body = re.split(r"^## Transitorios", markdown, maxsplit=1, flags=re.MULTILINE | re.IGNORECASE)[0]
    pieces = _HEADING.split(body)
    found: dict[str, str] = {}
    for number, raw in zip(pieces[1::2], pieces[2::2], strict=True):
        text = re.split(r"^#", raw, maxsplit=1, flags=re.MULTILINE)[0].strip()
        suffix = _SUFFIX.match(text)
        name = number
        if suffix is not None:
            name = f"{number} {suffix[1].capitalize()}"
            text = text[suffix.end() :]
        found.setdefault(name, text.lstrip(". \n"))
    return found


def _between(text: str, start: str, following: str) -> str | None:
    begin = re.search(start, text)
    if begin is None:
        return None
    rest = text[begin.end() :]
    end = re.search(following, rest)
    return rest if end is None else rest[: end.start()]


def _roman(number: int) -> str:
    tens, units = divmod(number, 10)
    return "X" * tens + ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][units]


def _inside(text: str, kind: str, mark: str) -> str | None:
    if kind == "parrafo":
        return _between(text, rf"(?:^|\s|\[){mark}\. (?=\S)", rf"(?:\s|\[){int(mark) + 1}\. (?=[\[A-ZÁÉÍÓÚ])")
    if kind == "inciso":
        # On a line of its own first: "artículo 43, inciso c) de esta Ley" is no beginning.
        following = rf"\n{chr(ord(mark) + 1)}\) "
        return _between(text, rf"(?:^|\n){mark}\) ", following) or _between(text, rf"\s{mark}\) ", following)
    if kind == "fraccion":
        numbers = {_roman(number): number for number in range(1, 90)}
        return _between(text, rf"(?:^|\n){mark}\. ", rf"\n{_roman(numbers[mark] + 1)}\. ")
    return _between(text, rf"Apartado {mark}\. ", rf"Apartado {chr(ord(mark) + 1)}\. ")


def passage(text: str, reference: Reference) -> str:
    """The part of an article's text that the reference names; raises UnknownArticle if a step is not there."""
    part = text
    for kind, mark in reference.pasos:
        found = _inside(part, kind, mark)
        if found is None:
            raise UnknownArticle(f"«{reference}»: el texto no tiene {kind} {mark}.")
        part = found
    return part


def normalise(text: str) -> str:
    """The words with single spaces, as quotations are compared."""
    return " ".join(text.split())


def _ley(clave: str, row: Any) -> Ley:
    where = f"articles.yaml, {clave}"
    row = only_keys(row, frozenset({"nombre"}), frozenset({"archivo", "ultimo", "articulos"}), where)
    materias = tuple((str(number), str(about)) for number, about in (row.get("articulos") or {}).items())
    return Ley(clave, row["nombre"], row.get("archivo") or "", row.get("ultimo") or 0, materias)


@cache
def _laws(jurisdiction: str) -> dict[str, Ley]:
    return {key: _ley(key, row) for key, row in read_data(data_path(jurisdiction, "law", "articles.yaml")).items()}


def load_laws(jurisdiction: str = "mx") -> dict[str, Ley]:
    """The laws that may be cited, by short name."""
    return dict(_laws(jurisdiction))


def load_articles(jurisdiction: str = "mx") -> dict[str, Article]:
    """The articles listed with what they are about, keyed `LGPP 56`; resolve() also takes those not listed."""
    return {
        f"{ley.clave} {number}": Article(ley.clave, number, about, _read_status(ley))
        for ley in _laws(jurisdiction).values()
        for number, about in ley.materias
    }


def _read_status(ley: Ley) -> str:
    return status("confirmado" if ley.archivo else "por confirmar", ley.clave)


def _leading(numero: str) -> int:
    return int(re.split(r"[ -]", numero)[0])


def resolve(reference: str, jurisdiction: str = "mx") -> Article:
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
    return Article(cited.ley, cited.numero, about, _read_status(ley))
