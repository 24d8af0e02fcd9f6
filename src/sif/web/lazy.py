"""Translate the words of the law's data, and name the type of words that may be translated when they are drawn."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

type Words = str | StrPromise


def law_words(text: str) -> str:
    """Return a sentence of the law's data in the language of the page; what nobody translated is as it was written."""
    return _(text) if text else ""
