"""The election of these tests."""

from election import election

__all__ = ["election"]
