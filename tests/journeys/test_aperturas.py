"""The opening of an ordinary year in a real browser: accessible and whole on a phone, before and after it is done."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from books.test_openings import years
from journeys.browser import chromium, look, open_context, watch
from journeys.shared import enter, shared_site
from sif.books.services.aperturas import open_books
from sif.registry import clock
from sif.registry.models import Contabilidad
from small_world import ZONE, World, world

__all__ = ["chromium", "shared_site", "world", "years"]
pytestmark = pytest.mark.browser


@pytest.fixture
def kept(years: Any, settings: Any, tmp_path: Path) -> Iterator[tuple[World, Contabilidad, Contabilidad]]:
    """The year that ended and the next, with its files in a folder of the test's own."""
    settings.DATOS = tmp_path
    yield years


def test_a_year_is_seen_before_it_opens_and_after(chromium: Browser, shared_site: str, kept: Any) -> None:
    world, old, new = kept
    context = open_context(chromium)
    enter(context, world.clerk, shared_site)
    seen = watch(context)
    page, base = seen.page, f"{shared_site}/partido/libros/apertura/"
    page.goto(base, wait_until="networkidle")
    look(page, "aperturas")
    page.goto(f"{base}{new.pk}/", wait_until="networkidle")
    page.get_by_role("button", name="Ver los saldos").click()
    page.wait_for_load_state("networkidle")
    look(page, "apertura-antes")
    with clock.at(datetime(2026, 1, 15, 12, tzinfo=ZONE)):
        open_books(old, new, world.clerk)
    page.goto(f"{base}{new.pk}/", wait_until="networkidle")
    look(page, "apertura-despues")
    seen.assert_quiet()
    context.close()
