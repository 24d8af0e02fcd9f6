"""No act of a journey does what the policy of content refuses."""

from collections.abc import Iterator

import pytest

from journeys.browser import VIOLATIONS


@pytest.fixture(autouse=True)
def _within_the_policy() -> Iterator[None]:
    VIOLATIONS.clear()
    yield
    assert VIOLATIONS == []
