"""The small world, and one whose rows are really committed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from acts import empty_database
from books.invoices import authority, invoice, mint, own_seal
from small_world import world

__all__ = ["authority", "committed", "invoice", "mint", "own_seal", "world"]


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Iterator[Any]:
    """A small election whose rows are really committed, for what several connections or processes do to it."""
    from sif.registry import clock
    from sif.registry.scope import everything
    from small_world import MOMENT, make_world

    settings.DATOS = tmp_path
    with django_db_blocker.unblock():
        try:
            with everything(), clock.at(MOMENT):
                yield make_world()
        finally:
            empty_database()
