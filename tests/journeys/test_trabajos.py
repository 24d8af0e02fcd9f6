"""Long work in a real browser: the queue of an operator, the runs of an auditor, and a long book fetched."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from journeys.browser import check, chromium, open_context, watch
from journeys.shared import enter, shared_site
from journeys.test_lotes import work

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Iterator[Any]:
    """A campaign under way, with an operator, whose jobs wait for a worker."""
    from scene import make_scene
    from sif.registry import clock, services
    from sif.registry.scope import everything

    settings.DATOS, settings.TRABAJOS_EN_LINEA = tmp_path, False
    made = make_scene(tmp_path)
    with everything():
        made.post(made.expense("1000.00"))
        hugo = services.create_usuario("hugo.cola", "Hugo Lara", None)
        services.appoint(hugo, "administrador", desde=clock.today() - timedelta(days=9))
    made.hugo = hugo
    yield made


def sit(browser: Browser, person: Any, site: str, width: str, theme: str) -> tuple[BrowserContext, Page]:
    """A browser of that person."""
    context = open_context(browser, width, theme)
    enter(context, person, site)
    return context, watch(context).page


@pytest.mark.parametrize(("width", "theme"), [("1280", "light"), ("360", "dark")])
def test_long_work_is_asked_followed_and_fetched(
    chromium: Browser, shared_site: str, scene: Any, monkeypatch: pytest.MonkeyPatch, width: str, theme: str
) -> None:
    from sif.jobs import bounds

    def look(page: Page, name: str) -> None:
        check(page, f"{name}-{width}-{theme}")

    monkeypatch.setitem(bounds.MOST_ROWS, "xlsx", 0)
    context, page = sit(chromium, scene.alicia, shared_site, width, theme)
    page.goto(f"{shared_site}/partido/libros/mayor/?formato=xlsx", wait_until="networkidle")
    look(page, "libro-largo")
    page.get_by_role("button", name="Hacer el archivo").click()
    expect(page.get_by_role("heading", name="Escribir un libro completo")).to_be_visible()
    work()
    with page.expect_download() as download:
        page.get_by_role("link", name="Descargar").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    look(page, "libro-hecho")
    context.close()
    context, page = sit(chromium, scene.dario, shared_site, width, theme)
    page.goto(f"{shared_site}/auditoria/corridas/", wait_until="networkidle")
    look(page, "corridas")
    page.get_by_role("button", name="Congelar y correr").click()
    expect(page.get_by_role("heading", name="Congelar los libros y correr el reglamento")).to_be_visible()
    look(page, "corrida-espera")
    context.close()
    context, page = sit(chromium, scene.hugo, shared_site, width, theme)
    page.goto(f"{shared_site}/trabajos/", wait_until="networkidle")
    expect(page.get_by_role("heading", name="Cola de trabajos")).to_be_visible()
    look(page, "cola")
    page.get_by_role("button", name="Cancelar").click()
    expect(page.get_by_role("table").get_by_text("Cancelado")).to_be_visible()
    context.close()
