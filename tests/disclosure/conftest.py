"""A reviewed campaign with books, for the tests of publication."""

from proceedings.conftest import world

__all__ = ["world"]
