"""Turn the refusal of a service into the page of refusals."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied


def allowed[T](act: Callable[[], T]) -> T:
    """Return the result of an act, turning its PermissionError into PermissionDenied (403)."""
    try:
        return act()
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused
