"""Fold accents and capitals, in Python and in the database alike, to find words as people type them."""

from typing import Any

from django.db.models import BooleanField, CharField, Func, Model, QuerySet, Value
from django.db.models.functions import Lower

_ACCENTED, _PLAIN = "áéíóúüñàèìòùâêîôûäëïöç", "aeiouunaeiouaeiouaeioc"
_FOLDS = frozenset(_PLAIN)
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
    """Filter the rows in which every word of a text stands in one of some paths.

    Folding a text in the database takes four times as long as lowering it: each word is looked for first in small
    letters, any one letter standing for those that fold, and only what it leaves is folded. The word with most letters
    that do not fold goes first, since it leaves the fewest rows.
    """
    words = sorted(fold(text).split(), key=_letters_that_stay, reverse=True)
    if not words:
        return rows
    whole = Func(Value(" "), *paths, function="concat_ws", output_field=CharField())
    rows = rows.alias(buscado=Folded(whole))
    for word in words:
        rows = rows.filter(_Like(Lower(whole), Value(f"%{_any_accent(word)}%")))
    for word in words:
        if not _FOLDS.isdisjoint(word):
            rows = rows.filter(buscado__contains=word)
    return rows


def with_words_folded[Q: QuerySet[Model]](rows: Q, text: str, column: str) -> Q:
    """Filter the rows in which every word of a text stands in a column that is kept folded."""
    for word in fold(text).split():
        rows = rows.filter(**{f"{column}__contains": word})
    return rows


class _Like(Func):
    """Match a text against a pattern."""

    template = "%(expressions)s"
    arg_joiner = " LIKE "
    output_field = BooleanField()


def _letters_that_stay(word: str) -> int:
    return sum(each not in _FOLDS for each in word)


def _any_accent(word: str) -> str:
    """Write a folded word as a pattern in which any letter stands for each that may have been folded."""
    return "".join("_" if each in _FOLDS else f"\\{each}" if each in "\\%_" else each for each in word)
