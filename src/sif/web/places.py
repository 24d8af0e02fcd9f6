"""Say where a problem was seen, in the words of a person."""

import re

from sif.values import Problem

_PATH = re.compile(r"@|^/|\b[a-z]\w*:[A-Za-z]|^(?:Complemento|TimbreFiscalDigital)\b")
_NAME = re.compile(r"[a-z_ñ0-9]+|CFDI|")


def place_words(donde: str) -> str:
    """Return the place without paths of an XML; '' where it is but the name of a field."""
    said = ", ".join(part for part in donde.split(", ") if not _PATH.search(part))
    return "" if _NAME.fullmatch(said) else said


def told_words(problem: Problem) -> str:
    """Return a problem in one sentence after its place, if that is words."""
    where = place_words(problem.donde)
    return f"{where}: {problem.mensaje} {problem.cura}" if where else f"{problem.mensaje} {problem.cura}"
