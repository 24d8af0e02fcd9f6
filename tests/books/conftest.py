"""The small world, and one whose rows are really committed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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
            _empty()


def _empty() -> None:
    """Leave the tables as the next test expects them; only their owner can, by lifting what guards them."""
    from django.db import connections

    connections["default"].close()
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
            " AND tgrelid::regclass::text ~ '^[a-z]+_'"
        )
        guarded = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename ~ '^(registry|books)_'")
        emptied = ", ".join(row[0] for row in cursor.fetchall())
        for order in (
            *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in guarded),
            f"TRUNCATE {emptied} CASCADE",
            *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in guarded),
        ):
            cursor.execute(order)
    connections["owner"].close()
