"""The small world, and pólizas that touch its bank account."""

from small_world import world

__all__ = ["world"]
