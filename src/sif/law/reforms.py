"""Since when the words of a law stand, as the notes of its official compilation say beside each part."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from sif.law.articles import Ley, Reference, normalise, passage
from sif.values import Span

_DAY = r"\d{2}-\d{2}-\d{4}"
_NOTE = re.compile(
    r"\b(?P<parte>Art[ií]culo|Numeral|P[aá]rrafo|Inciso|Fracci[oó]n|Apartado|Base)(?: con \w+)?"
    rf" (?:reformad|adicionad|recorrid)[oa](?: y \w+)* DOF (?P<dias>{_DAY}(?:, {_DAY})*)"
)
_REVIVED = re.compile(
    r'\b(?P<parte>\w+) declarad[oa] inv[aá]lid[oa] y "recupera su vigencia con el texto que ten[ií]a al '
    r"(?P<tenia>\d{1,2}) de marzo de"
    rf' (?P<anio>\d{{4}})".{{0,200}}?efectos legales el (?P<vuelve>{_DAY})'
)
_NEXT_PART = re.compile(r" (?:[a-zñ]\)|[IVX]+\.|\d{1,2}\.) (?=[\[A-ZÁÉÍÓÚ])")


def spans_known(ley: Ley, article: str, reference: Reference, quote: str) -> tuple[Span, ...]:
    """Return the days in which the law said those words, as far as the text at hand tells.

    article: its whole text. From the last reform that the notes name; a text that a ruling brought back leaves out the
    days of the reform that fell. Raises UnknownArticle where the article has no such part.
    """
    notes = [each[0] for each in _notes(normalise(article)) if each["parte"].startswith("Art")]
    notes += _notes_after(passage(article, reference), quote)
    reforms = [day for note in notes for day in _days_of(note)]
    revived = [found for note in notes if (found := _REVIVED.search(note)) is not None]
    if not revived:
        begins = max([ley.desde, *(day + timedelta(days=1) for day in reforms)])
        return tuple(_without(Span(begins, None), ley.sin_vigencia))
    fell = date(int(revived[0]["anio"]), 3, int(revived[0]["tenia"]))
    begins = max([ley.desde, *(day + timedelta(days=1) for day in reforms if day < fell)])
    back = max(
        [_day(found["vuelve"]) for found in revived] + [day + timedelta(days=1) for day in reforms if day > fell]
    )
    return Span(begins, fell + timedelta(days=1)), Span(back, None)


def _notes_after(part: str, quote: str) -> list[str]:
    """The notes of the paragraph that says a quotation: those that follow it, before another part or paragraph begins.

    The compilations write a note at the end of its paragraph, or at the beginning of the next line.
    """
    wanted = normalise(quote).casefold().strip(" .,;:")
    lines = [normalise(line) for line in part.split("\n")]
    place = next((n for n, line in enumerate(lines) if wanted in line.casefold()), None)
    if place is None:
        rest, after = normalise(part), ""
    else:
        at = lines[place].casefold().find(wanted)
        rest, after = lines[place][at:], "".join(lines[place + 1 : place + 2])
    end = _NEXT_PART.search(rest, len(wanted))
    if end is not None:
        return _adjoining(rest[: end.start()])
    first = _NOTE.match(after) or _REVIVED.match(after)
    return _adjoining(rest) or (_adjoining(after) if first else [])


def _adjoining(text: str) -> list[str]:
    """Return the first note of a text and those that follow it without words between."""
    found: list[re.Match[str]] = []
    for note in _notes(text):
        if found and note.start() > found[-1].end() + 2:
            break  # it is of another paragraph
        found.append(note)
    return [each[0] for each in found]


def _notes(text: str) -> Iterator[re.Match[str]]:
    """Yield each note of a text: that it was reformed, or that it was brought back."""
    yield from sorted([*_NOTE.finditer(text), *_REVIVED.finditer(text)], key=lambda each: each.start())


def _days_of(note: str) -> list[date]:
    found = _NOTE.search(note)
    return [] if found is None else [_day(each) for each in found["dias"].split(", ")]


def _day(text: str) -> date:
    day, month, year = map(int, text.split("-"))
    return date(year, month, day)


def _without(whole: Span, out: Span | None) -> Iterator[Span]:
    """Yield what is left of a span without the days of another."""
    if out is None or not whole.overlaps(out):
        yield whole
        return
    if whole.desde < out.desde:
        yield Span(whole.desde, out.desde)
    if out.hasta is not None:
        yield Span(out.hasta, whole.hasta)
