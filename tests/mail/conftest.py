"""The small world and a mail server for it."""

from collections.abc import Iterator
from typing import Any

import pytest

from mailed import Office, serving
from small_world import world

__all__ = ["world"]


@pytest.fixture
def office(settings: Any) -> Iterator[Office]:
    """A server by which this installation sends its mail."""
    with serving(settings) as made:
        yield made
