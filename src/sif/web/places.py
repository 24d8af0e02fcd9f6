"""Say where a problem was seen, in the words of a person."""

import re
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from sif.values import Problem

_PATH = re.compile(r"@|^/|\b[a-z]\w*:[A-Za-z]|^(?:Complemento|TimbreFiscalDigital)\b")
_NAME = re.compile(r"[a-z_ñ0-9]+|CFDI|")
PLACES = 3  # of those that have one problem, said by name


def place_words(donde: str) -> str:
    """Return the place without paths of an XML; '' where it is but the name of a field."""
    said = ", ".join(part for part in donde.split(", ") if not _PATH.search(part))
    return "" if _NAME.fullmatch(said) else said


def told_words(problem: Problem) -> str:
    """Return a problem in one sentence after its place, if that is words."""
    where = place_words(problem.donde)
    return f"{where}: {problem.mensaje} {problem.cura}" if where else f"{problem.mensaje} {problem.cura}"


def told_together(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems of a file with those that say the same as one, at its first places and how many more."""
    same: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        same.setdefault((problem.mensaje, problem.cura), []).append(problem)
    return [_at_its_places(each) for each in same.values()]


def _at_its_places(same: list[Problem]) -> Problem:
    places = [each.donde for each in same[:PLACES]]
    if more := len(same) - len(places):
        places.append(_("y %(n)d más") % {"n": more})
    return replace(same[0], donde="; ".join(places))
