"""The small world for tests of the audit's services, inside a transaction that is undone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> Iterator[Any]:
    """A small election seen whole, at noon of 15 April 2024."""
    from sif.registry import clock
    from sif.registry.scope import everything
    from small_world import MOMENT, make_world

    settings.DATOS = tmp_path
    with everything(), clock.at(MOMENT):
        yield make_world()
