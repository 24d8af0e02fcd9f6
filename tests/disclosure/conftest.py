"""A reviewed campaign with books, for the tests of publication."""

from collections.abc import Iterator
from typing import Any

import pytest

from proceedings.world import World, build_world
from sif.registry import scope


@pytest.fixture
def world(db: Any) -> Iterator[World]:
    """The campaign of 2018, with every book in sight as the authority has them."""
    with scope.everything():
        yield build_world()
