"""The small world, as every room's tests see it."""

from small_world import world

__all__ = ["world"]
