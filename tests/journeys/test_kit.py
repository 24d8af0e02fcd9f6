"""The sample sheet in a real browser: axe in both themes and widths, the phone's menu, the keys, no stranger called."""

import pytest
from playwright.sync_api import Browser, expect

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
    expect(page.locator("#menu")).to_be_hidden()
    page.get_by_role("link", name="Menú", exact=True).click()
    expect(page.get_by_role("link", name="Bandeja CFDI")).to_be_visible()
    shoot(page, "kit-menu-360")
    page.get_by_role("link", name="Cerrar el menú").click()
    expect(page.locator("#menu")).to_be_hidden()
    context.close()


def test_keys_reach_what_is_in_sight_and_rest_inside_fields(chromium: Browser, site: str) -> None:
    context = open_context(chromium)
    seen = watch(context)
    page = seen.page
    page.goto(f"{site}/muestras/", wait_until="networkidle")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#ir-a")).to_be_focused()
    page.keyboard.type("?j")
    expect(page.locator("#ir-a")).to_have_value("?j")
    expect(page.locator("#teclas")).to_be_hidden()
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#teclas")).to_be_visible()
    assert_axe_clean(page)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("tr:focus, a:focus").first).to_have_text("41211")
    page.keyboard.press("j")
    expect(page.locator("tr:focus, a:focus").first).to_have_text("41207")
    seen.assert_quiet()
    context.close()


def test_the_error_summary_takes_focus_and_leads_to_the_field(chromium: Browser, site: str) -> None:
    context = open_context(chromium)
    page = context.new_page()
    page.goto(f"{site}/muestras/", wait_until="networkidle")
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").first.click()
    expect(page.locator("#id_rfc")).to_be_focused()
    assert "id_rfc-error" in (page.locator("#id_rfc").get_attribute("aria-describedby") or "")
    context.close()


def test_language_and_background_are_remembered(chromium: Browser, site: str) -> None:
    context = open_context(chromium)
    page = context.new_page()
    page.goto(f"{site}/muestras/")
    page.get_by_role("contentinfo").get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("heading", name="Sample sheet").wait_for()  # the page may still be arriving
    page.get_by_role("contentinfo").get_by_role("link", name="Dark background").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    shoot(page, "kit-english-1280-dark")
    context.close()


WORDS_OUTSIDE = """() => [...document.querySelectorAll(".chart")].flatMap(chart => {
  const whole = chart.getBoundingClientRect();
  return [...chart.querySelectorAll("svg text, .chart-row > *")].filter(each => {
    const box = each.getBoundingClientRect();
    return box.left < whole.left || box.right > whole.right || parseFloat(getComputedStyle(each).fontSize) < 12;
  }).map(each => each.textContent);
})"""


@pytest.mark.parametrize("width", list(WIDTHS))
def test_the_words_of_a_chart_stay_whole_and_its_figures_open_on_paper(
    chromium: Browser, site: str, width: str
) -> None:
    context = open_context(chromium, width)
    page = context.new_page()
    page.goto(f"{site}/muestras/", wait_until="networkidle")
    assert page.evaluate(WORDS_OUTSIDE) == []
    figures = page.locator(".chart-figures table")
    expect(page.locator(".chart-ground").first).to_be_visible()
    expect(figures.first).to_be_hidden()
    page.locator(".chart-figures summary").first.focus()
    page.keyboard.press("Enter")
    expect(figures.first).to_be_visible()
    expect(figures.nth(1)).to_be_hidden()
    assert_fits(page)
    page.emulate_media(media="print")
    for place in range(figures.count()):
        expect(figures.nth(place)).to_be_visible()
    context.close()


def test_paper_drops_the_frame(chromium: Browser, site: str) -> None:
    context = open_context(chromium)
    page = context.new_page()
    page.goto(f"{site}/muestras/", wait_until="networkidle")
    page.emulate_media(media="print")
    shoot(page, "kit-print")
    expect(page.locator("header.header")).to_be_hidden()
    expect(page.locator("#menu")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    context.close()
