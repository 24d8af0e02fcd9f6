"""The sample sheet in a real browser: axe in both themes and widths, the phone's menu, the keys, no stranger called."""

import pytest
from playwright.sync_api import Browser

from journeys.browser import WIDTHS, assert_axe_clean, assert_fits, chromium, open_context, shoot, site, watch

__all__ = ["chromium", "site"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", list(WIDTHS))
@pytest.mark.parametrize("address", ["/muestras/", "/muestras/publico/"])
def test_every_piece_is_accessible_and_stays_home(
    chromium: Browser, site: str, address: str, width: str, theme: str
) -> None:
    context = open_context(chromium, width, theme)
    seen = watch(context)
    seen.page.goto(f"{site}{address}", wait_until="networkidle")
    shoot(seen.page, f"kit{address.replace('/', '-')}{width}-{theme}")
    assert_axe_clean(seen.page)
    assert_fits(seen.page)
    assert seen.page.evaluate("document.fonts.check('16px \"Source Sans 3 Variable\"')")
    seen.assert_quiet()
    context.close()


def test_the_phone_menu_opens_without_script(chromium: Browser, site: str) -> None:
    context = open_context(chromium, "360", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/muestras/")
    assert not page.locator("#menu").is_visible()
    page.get_by_role("link", name="Menú", exact=True).click()
    assert page.get_by_role("link", name="Bandeja CFDI").is_visible()
    shoot(page, "kit-menu-360")
    page.get_by_role("link", name="Cerrar el menú").click()
    assert not page.locator("#menu").is_visible()
    context.close()


def test_keys_reach_what_is_in_sight_and_rest_inside_fields(chromium: Browser, site: str) -> None:
    context = open_context(chromium)
    seen = watch(context)
    page = seen.page
    page.goto(f"{site}/muestras/", wait_until="networkidle")
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "ir-a"
    page.keyboard.type("?j")
    assert page.locator("#ir-a").input_value() == "?j"
    assert not page.locator("#teclas").is_visible()
    page.locator("h1").click()
    page.keyboard.press("?")
    assert page.locator("#teclas").is_visible()
    assert_axe_clean(page)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent.trim()") == "41211"
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent.trim()") == "41207"
    seen.assert_quiet()
    context.close()


def test_the_error_summary_takes_focus_and_leads_to_the_field(chromium: Browser, site: str) -> None:
    context = open_context(chromium)
    page = context.new_page()
    page.goto(f"{site}/muestras/", wait_until="networkidle")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.locator(".error-summary a").first.click()
    assert page.evaluate("document.activeElement.id") == "id_rfc"
    assert "id_rfc-error" in (page.locator("#id_rfc").get_attribute("aria-describedby") or "")
    context.close()


def test_language_and_background_are_remembered(chromium: Browser, site: str) -> None:
    context = open_context(chromium)
    page = context.new_page()
    page.goto(f"{site}/muestras/")
    page.get_by_role("contentinfo").get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("heading", name="Sample sheet").wait_for()  # the page may still be arriving
    page.get_by_role("contentinfo").get_by_role("link", name="Dark background").click()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    shoot(page, "kit-english-1280-dark")
    context.close()


def test_paper_drops_the_frame(chromium: Browser, site: str) -> None:
    context = open_context(chromium)
    page = context.new_page()
    page.goto(f"{site}/muestras/", wait_until="networkidle")
    page.emulate_media(media="print")
    shoot(page, "kit-print")
    assert not page.locator("header.header").is_visible()
    assert not page.locator("#menu").is_visible()
    assert page.get_by_role("heading", level=1).is_visible()
    context.close()
