"""Cache rendered HTML fragments by arguments and language."""

from collections.abc import Callable
from functools import lru_cache, wraps

from django.utils.translation import get_language

KEPT = 4096  # pieces of each writer; the least used go first


def by_language[**P, T](write: Callable[P, T]) -> Callable[P, T]:
    """The same writer, asked once for each arguments and language; arguments are hashable, and nothing else counts."""

    @lru_cache(maxsize=KEPT, typed=True)
    def said(language: str | None, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return write(*args, **kwargs)

    @wraps(write)
    def writer(*args: P.args, **kwargs: P.kwargs) -> T:
        return said(get_language(), *args, **kwargs)  # type: ignore[arg-type]

    return writer
