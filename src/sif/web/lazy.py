"""Name the type of words for people, which may be translated when they are drawn."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

type Words = str | StrPromise
