"""Indicios and samples in a real browser: accessible, narrow enough for a phone, and asked with the keyboard alone."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from journeys.browser import chromium, open_context, watch
from journeys.council_campaign import campaign, visit
from journeys.shared import enter, shared_site
from web.audit_scene import Scene
from web.test_auditor_indicios import frozen_again

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def shared(shared_site: str, settings: Any, tmp_path: Path) -> Scene:
    """A campaign in which two parties posted the same file."""
    return campaign(settings, tmp_path, frozen_again)


def test_on_a_desk_and_on_a_phone(chromium: Browser, shared_site: str, shared: Scene) -> None:
    for width, theme in (("1280", "light"), ("360", "dark")):
        context = open_context(chromium, width, theme)
        enter(context, shared.world.dario, shared_site)
        seen = watch(context)
        visit(seen.page, f"{shared_site}/auditoria/indicios/", f"indicios-{width}")
        seen.page.goto(f"{shared_site}/auditoria/muestras/")
        seen.page.get_by_label("Semilla").fill("sorteo 48213")
        seen.page.keyboard.press("Enter")
        seen.page.get_by_role("heading", name="Pólizas elegidas").wait_for()
        visit(seen.page, seen.page.url, f"muestreo-{width}")
        assert not seen.errors
        assert not seen.strangers
        context.close()
