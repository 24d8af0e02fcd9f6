"""The small world seen whole, at noon of 15 April 2024."""

from small_world import world

__all__ = ["world"]
