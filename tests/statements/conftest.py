"""The small election, with books that moved."""

from small_world import world

__all__ = ["world"]
