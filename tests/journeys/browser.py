"""A real Chromium for journeys: fixtures, an axe check that names each violation, and screenshots to look at.

A test module uses it with «from journeys.browser import *» or by naming what it needs; the fixtures are module scoped
so that one browser serves all its tests.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from kept import WORLDS

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the synchronous driver keeps a loop in this thread

# the one that draws no windows takes half the processor time of the whole browser
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
SHOTS = Path(__file__).parent / "capturas"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000  # milliseconds: requests of a journey wait for each other, and the machine may be busy
VIOLATIONS: list[str] = []
"""What the policy of content refused in the pages of the journey that runs, wherever nobody watches its console."""
WIDTHS = {"1280": {"width": 1280, "height": 900}, "360": {"width": 360, "height": 800}}


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Requests are not news."""


class _ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@dataclass
class Watched:
    """A page with what happened in it: console errors, and requests that left our host."""

    page: Page
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def assert_quiet(self) -> None:
        """No console error, no failed script, no request to another host."""
        assert self.errors == []
        assert self.strangers == []


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium (without windows, or whole), otherwise Playwright's own; skips where there is none."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        except Exception as missing:
            pytest.skip(f"no hay Chromium: {missing}")
        yield browser
        browser.close()
        WORLDS.take_down()
        connections.close_all()  # Django keeps others for a thread with a loop: nobody else closes these


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of our own server, for pages that read no table (others use pytest-django's live_server)."""
    from django.core.wsgi import get_wsgi_application

    server = make_server(
        "127.0.0.1", 0, get_wsgi_application(), server_class=_ThreadingServer, handler_class=_QuietHandler
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def open_context(browser: Browser, width: str = "1280", theme: str = "light", **options: object) -> BrowserContext:
    """A clean visitor at one of WIDTHS with a theme preferred (light or dark), speaking Spanish of Mexico."""
    context = browser.new_context(
        viewport=WIDTHS[width], color_scheme=theme, locale="es-MX", reduced_motion="reduce", **options
    )
    context.set_default_timeout(PATIENCE)
    context.on("console", lambda message: VIOLATIONS.extend(_refused(message.text, message.page)))
    return context


def _refused(text: str, page: Page | None) -> list[str]:
    return [f"{page.url if page else ''}: {text}"] if "Content Security Policy" in text else []


def watch(context: BrowserContext) -> Watched:
    """A new page whose console and requests are noted."""
    seen = Watched(context.new_page())
    seen.page.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
    seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
    seen.page.on("request", lambda request: _note(seen, request.url))
    return seen


def _note(seen: Watched, url: str) -> None:
    if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname not in {"127.0.0.1", "localhost"}:
        seen.strangers.append(url)


def assert_axe_clean(page: Page) -> None:
    """axe finds nothing; otherwise each rule, its nodes and why."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]  # in half the time
    lines = [
        f"{each['id']} ({each['impact']}): {node['target']} {node['failureSummary']} {node['html'][:200]}"
        for each in found
        for node in each["nodes"]
    ]
    assert not lines, "\n".join(lines)


def assert_fits(page: Page) -> None:
    """The page does not scroll sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"la página mide {wide} px más que la ventana"


def assert_fits_a_phone(page: Page, name: str) -> None:
    """The same page, photographed at 360 px, does not scroll sideways; the page is left as wide as it was."""
    before = page.viewport_size
    page.set_viewport_size(WIDTHS["360"])
    shoot(page, f"{name}-360")
    assert_fits(page)
    assert before is not None
    page.set_viewport_size(before)


def shoot(page: Page, name: str) -> Path:
    """Take a screenshot of the whole page in capturas/ (not kept in the repository), where SIF_PRUEBA_IMAGENES asks."""
    path = SHOTS / f"{name}.png"
    if os.environ.get("SIF_PRUEBA_IMAGENES"):
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=path, full_page=True)
    return path


def check(page: Page, name: str) -> None:
    """Photograph what is open; axe finds nothing and it does not scroll sideways."""
    shoot(page, name)
    assert_axe_clean(page)
    assert_fits(page)


def look(page: Page, name: str) -> None:
    """Check what is open as it is, and at the width of a phone."""
    check(page, name)
    assert_fits_a_phone(page, name)
