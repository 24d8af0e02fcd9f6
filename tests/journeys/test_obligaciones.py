"""Obligations and calendars in a real browser, for who owes and who reviews: in every dress, on paper and by keys."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from journeys.browser import assert_fits, check, chromium, open_context, shoot, watch
from journeys.council_campaign import DRESSES, campaign
from journeys.shared import enter, shared_site
from web.audit_scene import Scene

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Any:
    from scene import make_scene

    settings.DATOS = tmp_path
    return make_scene(tmp_path)


@pytest.fixture
def review(shared_site: str, settings: Any, tmp_path: Path) -> Scene:
    return campaign(settings, tmp_path, lambda made: None)


@pytest.mark.parametrize(("width", "theme", "language"), DRESSES)
def test_who_owes_sees_what_and_when(
    chromium: Browser, shared_site: str, scene: Any, width: str, theme: str, language: str
) -> None:
    context = open_context(chromium, width, theme)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    seen.page.goto(f"{shared_site}/idioma/{language}/?volver=/partido/", wait_until="networkidle")
    for name in ("obligaciones", "calendario", "buzon"):
        seen.page.goto(f"{shared_site}/partido/{name}/", wait_until="networkidle")
        check(seen.page, f"party-{name}-{width}-{theme}-{language}")
    seen.assert_quiet()
    context.close()


@pytest.mark.parametrize(("width", "theme", "language"), DRESSES)
def test_who_reviews_sees_who_owes(
    chromium: Browser, shared_site: str, review: Scene, width: str, theme: str, language: str
) -> None:
    context = open_context(chromium, width, theme)
    enter(context, review.world.elena, shared_site)
    seen = watch(context)
    seen.page.goto(f"{shared_site}/idioma/{language}/?volver=/auditoria/", wait_until="networkidle")
    for name in ("calendario", "cumplimiento", "cumplimiento/PAZ", "escalamiento"):
        seen.page.goto(f"{shared_site}/auditoria/{name}/", wait_until="networkidle")
        check(seen.page, f"auditor-{name.replace('/', '-')}-{width}-{theme}-{language}")
    seen.assert_quiet()
    context.close()


def test_a_list_is_narrowed_with_keys_alone_and_goes_to_paper(chromium: Browser, shared_site: str, scene: Any) -> None:
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    page = context.new_page()
    page.goto(f"{shared_site}/partido/obligaciones/", wait_until="networkidle")
    page.get_by_label("Contiene").focus()
    page.keyboard.type("Mariela periodo 1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Informe de campaña, periodo 1, Mariela Ochoa Rentería")).to_be_visible()
    expect(page.get_by_role("link", name="Informe de campaña, periodo 1, Tomás Iturbe Salgado")).to_have_count(0)
    page.emulate_media(media="print")
    assert_fits(page)
    shoot(page, "party-obligaciones-papel")
    context.close()
