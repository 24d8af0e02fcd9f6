"""Fold accents and capitals, in Python and in the database alike, to find words as people type them."""

from typing import Any

from django.db.models import CharField, Func, QuerySet, Value
from django.db.models.functions import Concat

_ACCENTED, _PLAIN = "áéíóúüñàèìòùâêîôûäëïöç", "aeiouunaeiouaeiouaeioc"
_LETTERS = str.maketrans(_ACCENTED, _PLAIN)


class Folded(Func):
    """Fold a text in the database."""

    function = "lower"
    template = f"translate(%(function)s(%(expressions)s), '{_ACCENTED}', '{_PLAIN}')"
    output_field = CharField()


def fold(text: str) -> str:
    """Fold a typed text: small letters without accents or spaces around."""
    return text.casefold().translate(_LETTERS).strip()


def with_words[Q: QuerySet[Any]](rows: Q, text: str, *paths: str) -> Q:
    """Filter the rows in which every word of a text stands in one of some paths."""
    words = fold(text).split()
    if not words:
        return rows
    parts: list[Any] = []
    for path in paths:
        parts += [path, Value(" ")]
    rows = rows.alias(buscado=Folded(Concat(*parts, Value(""), output_field=CharField())))
    for word in words:
        rows = rows.filter(buscado__contains=word)
    return rows
