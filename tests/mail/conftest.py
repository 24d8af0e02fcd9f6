"""The small world and a mail server for it."""

from mailed import office
from small_world import world

__all__ = ["office", "world"]
