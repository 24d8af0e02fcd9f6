"""Match records of one person or supplier that share no exact key, with the evidence of each match."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from sif.rulebook.personas import DonorKeys, personas

NAME_WITH_ROOT = 65
"""Least likeness of names, of 100, when the letters and date of a key are the same."""
NAME_WITH_DATE = 88
"""Least likeness of names when only the date of birth is the same, or the key differs by one slip of the hand."""
SAME_WORDS = 0.75
"""Least likeness of two words of a name to be the same word written twice."""
FAR_APART = 60
"""Names less alike than this by letters alone, of 100, are not looked at word by word."""
MOST_OF_A_BLOCK = 300
"""Records alike in one key beyond which it tells nobody apart and is not compared."""

_COMPANY = re.compile(
    r"\b(S\.?\s?A\.?|DE C\.?\s?V\.?|S\.? DE R\.?\s?L\.?|S\.?A\.?P\.?I\.?|S\.?C\.?|A\.?C\.?|DE CV)(?=\W|$)"
)
_ROOT = re.compile(r"^([A-ZÑ&]{3,4})(\d{6})")
_CLAVE_BORN = re.compile(r"^[A-ZÑ]{6}(\d{6})")


@dataclass(frozen=True, slots=True)
class Enlace:
    """Two records that may be one: `probable`, never more, with the likeness of their names (0 to 100) and why.

    Nothing is found out of it: whether they are one is for a person to say.
    """

    uno: int
    otro: int
    parecido: int
    evidencia: str


@dataclass(frozen=True, slots=True)
class _Record:
    number: int
    name: str
    keys: tuple[str, ...]
    roots: frozenset[str]
    dates: frozenset[str]


def donors_alike(records: Iterable[tuple[int, str, str | None, str | None, str | None]]) -> list[Enlace]:
    """Links among donor records (number, name, RFC, CURP, clave de elector) that no exact key joins, by number.

    Two sound keys of a kind that differ by more than a slip say that they are two people, however alike their names.
    """
    rows = list(records)
    keys: list[DonorKeys] = [(number, rfc, curp, clave) for number, _, rfc, curp, clave in rows]
    cluster = {number: person for number, person, _ in personas(keys)}
    found = [
        _record(number, plain_name(name), (_clean(rfc), _clean(curp), _clean(clave)))
        for number, name, rfc, curp, clave in rows
    ]
    return _links(found, cluster)


def suppliers_alike(records: Iterable[tuple[int, str, str]]) -> list[Enlace]:
    """Links among suppliers (number, name, RFC) whose RFC differs only in its homoclave or by a slip, by number."""
    found = [_record(number, company_name(name), (_clean(rfc),)) for number, name, rfc in records]
    cluster = {record.number: record.number for record in found}
    by_rfc: dict[str, int] = {}
    for record in found:
        if record.keys[0]:
            cluster[record.number] = by_rfc.setdefault(record.keys[0], record.number)
    return _links(found, cluster, same_root_is_enough=True)


def plain_name(text: str) -> str:
    """Return a name in capitals, without accents (Ñ stays) nor signs."""
    kept = text.upper().replace("Ñ", "\0")
    kept = "".join(char for char in unicodedata.normalize("NFD", kept) if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^A-Z0-9Ñ ]", " ", kept.replace("\0", "Ñ")).split())


def company_name(text: str) -> str:
    """Return the name of a company without the words of its kind (S.A. de C.V., S.C.…)."""
    return plain_name(_COMPANY.sub(" ", text.upper()))


def name_likeness(one: str, other: str) -> int:
    """Return the likeness of two plain names, 0 to 100, in any order of words, even if one name lacks a surname."""
    mine, theirs = sorted((one.split(), other.split()), key=len)
    if not mine or _numbers(mine) != _numbers(theirs):
        return 0  # «Gasolinera 12» is not «Gasolinera 13»
    left, together = list(theirs), 0.0
    for word in mine:
        best = max(left, key=lambda other: OSA.normalized_similarity(word, other), default="")
        near = OSA.normalized_similarity(word, best) if best else 0.0
        if near >= SAME_WORDS:
            together += near
            left.remove(best)
    part = 100 * together / len(mine)
    missing = 6 * (len(theirs) - len(mine)) if len(mine) > 1 else 100
    return max(0, int(part) - missing, int(fuzz.token_sort_ratio(one, other)))


def _numbers(words: Iterable[str]) -> set[str]:
    return {word for word in words if word.isdigit()}


def _links(records: list[_Record], cluster: dict[int, int], *, same_root_is_enough: bool = False) -> list[Enlace]:
    best: dict[tuple[int, int], Enlace] = {}
    for one, other in _pairs(records, cluster):
        if (link := _compare(one, other, same_root_is_enough)) is not None:
            first, second = sorted((cluster[one.number], cluster[other.number]))
            kept = best.get((first, second))
            if kept is None or (-link.parecido, link.uno, link.otro) < (-kept.parecido, kept.uno, kept.otro):
                best[first, second] = link
    return sorted(best.values(), key=lambda link: (link.uno, link.otro))


def _pairs(records: list[_Record], cluster: dict[int, int]) -> Iterator[tuple[_Record, _Record]]:
    blocks: dict[str, list[_Record]] = defaultdict(list)
    for record in sorted(records, key=lambda each: each.number):
        ends = {f"{key[:4]}…{key[-3:]}" for key in record.keys[:2] if len(key) > 10}
        for key in record.roots | record.dates | ends:  # a slip of one sign leaves one of the three as it was
            blocks[key].append(record)
    seen: set[tuple[int, int]] = set()
    for block in blocks.values():
        if len(block) > MOST_OF_A_BLOCK:
            continue
        for one, other in combinations(block, 2):
            pair = one.number, other.number
            if cluster[one.number] != cluster[other.number] and pair not in seen:
                seen.add(pair)
                yield one, other


def _compare(one: _Record, other: _Record, same_root_is_enough: bool) -> Enlace | None:
    apart = [_slips(mine, theirs) for mine, theirs in zip(one.keys, other.keys, strict=True) if mine and theirs]
    if not same_root_is_enough and any(slips > 1 for slips in apart):
        return None
    roots = one.roots & other.roots
    dates = frozenset[str]() if same_root_is_enough else one.dates & other.dates
    if not (roots or dates or 1 in apart) or fuzz.token_set_ratio(one.name, other.name) < FAR_APART:
        return None
    alike = name_likeness(one.name, other.name)
    if roots and alike >= (NAME_WITH_DATE if same_root_is_enough else NAME_WITH_ROOT):
        why = f"sus claves empiezan igual ({min(roots)})"
    elif 1 in apart and alike >= NAME_WITH_DATE:
        why = "una de sus claves difiere en un signo"
    elif dates and alike >= NAME_WITH_DATE:
        why = f"sus claves dicen la misma fecha de nacimiento ({min(dates)})"
    else:
        return None
    return Enlace(one.number, other.number, alike, f"{why} y sus nombres se parecen {alike} de 100")


def _slips(one: str, other: str) -> int:
    return int(OSA.distance(one, other, score_cutoff=2))


def _record(number: int, name: str, keys: tuple[str, ...]) -> _Record:
    roots = {match[0] for key in keys[:2] if (match := _ROOT.match(key)) is not None}
    born = {match[2] for key in keys[:2] if (match := _ROOT.match(key)) is not None}
    born |= {match[1] for key in keys[2:] if (match := _CLAVE_BORN.match(key)) is not None}
    return _Record(number, name, keys, frozenset(roots), frozenset(born))


def _clean(text: str | None) -> str:
    return re.sub(r"[\s\-./]", "", text or "").upper()
