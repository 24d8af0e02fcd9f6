"""A reviewed campaign, for the tests of the acts."""

from collections.abc import Iterator
from typing import Any

import pytest

from proceedings.world import World, build_world, campaign_of_2024
from sif.registry import scope


@pytest.fixture
def world(db: Any) -> Iterator[World]:
    """The campaign of 2018, with every book in sight as the authority has them."""
    with scope.everything():
        yield build_world()


@pytest.fixture
def of_2024(db: None) -> Iterator[World]:
    """The federal campaign of 2024, that of the real cases, with every book in sight."""
    with scope.everything():
        yield campaign_of_2024()
