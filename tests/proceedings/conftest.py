"""A reviewed campaign, for the tests of the acts."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kept import keeps
from proceedings.world import World, campaign_of_2018, campaign_of_2024
from sif.registry import scope


@pytest.fixture
@keeps(campaign_of_2018)
def world(world_of: Callable[..., Any]) -> Iterator[World]:
    """The campaign of 2018, with every book in sight as the authority has them."""
    with scope.everything():
        yield world_of(campaign_of_2018)


@pytest.fixture
@keeps(campaign_of_2024)
def of_2024(world_of: Callable[..., Any]) -> Iterator[World]:
    """The federal campaign of 2024, that of the real cases, with every book in sight."""
    with scope.everything():
        yield world_of(campaign_of_2024)
