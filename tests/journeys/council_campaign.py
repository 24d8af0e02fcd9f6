"""A reviewed campaign for the journeys of the authority's desks, and how a page is looked at and checked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from journeys.browser import check
from sif.registry.scope import everything
from web.audit_scene import Scene, build_scene

DRESSES = [("1280", "light", "es-mx"), ("360", "dark", "en")]


def campaign(settings: Any, folder: Path, act: Callable[[Scene], None]) -> Scene:
    """The scene after an act, its files in a folder of the test's own."""
    settings.DATOS = folder
    with everything():
        made = build_scene()
        act(made)
    return made


def visit(page: Page, address: str, name: str) -> None:
    """Open, photograph, and check with axe that it is accessible and that it fits."""
    page.goto(address)
    check(page, name)
