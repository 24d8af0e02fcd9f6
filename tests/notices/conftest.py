"""The small world seen whole, at noon of 15 April 2024."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def world(db: None) -> Iterator[Any]:
    """A small election of two parties."""
    from sif.registry import clock
    from sif.registry.scope import everything
    from small_world import MOMENT, make_world

    with everything(), clock.at(MOMENT):
        yield make_world()
