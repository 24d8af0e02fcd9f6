"""Lists of the authority in a real browser: a file comes in, one that is wrong says where, on a desk and on a phone."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.browser import check, chromium, open_context, watch
from journeys.council_campaign import campaign, visit
from journeys.shared import enter, shared_site
from journeys.test_lotes import work
from web.audit_scene import Scene
from web.test_auditor_listas import PRICES, SAT, many_visits

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def scene(shared_site: str, settings: Any, tmp_path: Path) -> Scene:
    """A campaign under review, without any list."""
    return campaign(settings, tmp_path, lambda _: None)


def send(page: Page, text: str) -> None:
    page.get_by_label("Como estaba el").fill("2024-05-20")
    page.get_by_label("Archivo", exact=True).set_input_files(
        {"name": "precios.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Cargar la lista").press("Enter")


def test_a_list_is_loaded_on_a_desk_and_on_a_phone(chromium: Browser, shared_site: str, scene: Scene) -> None:
    for width, theme in (("1280", "light"), ("360", "dark")):
        context = open_context(chromium, width, theme)
        enter(context, scene.world.dario, shared_site)
        seen = watch(context)
        visit(seen.page, f"{shared_site}/auditoria/listas/", f"listas-{width}")
        seen.page.get_by_role("link", name="Matriz de precios").click()
        send(seen.page, PRICES.replace("lona", ""))
        seen.page.get_by_role("heading", name="Lo que no se entiende").wait_for()
        check(seen.page, f"lista-rechazada-{width}")
        send(seen.page, PRICES)
        seen.page.get_by_text("Quedó cargada: 1 renglón.").wait_for()
        visit(seen.page, seen.page.url, f"lista-{width}")
        assert not [error for error in seen.errors if "422" not in error]
        assert not seen.strangers
        context.close()


@pytest.mark.parametrize(("width", "theme"), [("1280", "light"), ("360", "dark")])
def test_a_long_list_is_loaded_apart(
    chromium: Browser, shared_site: str, scene: Scene, settings: Any, width: str, theme: str
) -> None:
    context = open_context(chromium, width, theme)
    enter(context, scene.world.dario, shared_site)
    seen = watch(context)
    for last, told in (("ayer,no,,quizá,AC\n", "no es una fecha"), ("", "Quedó cargada:")):
        settings.TRABAJOS_EN_LINEA = False
        seen.page.goto(f"{shared_site}/auditoria/listas/visitas/")
        send(seen.page, many_visits(scene, last))
        expect(seen.page.get_by_role("heading", name="Cargar una lista de la autoridad")).to_be_visible()
        check(seen.page, f"lista-larga-{bool(last)}-{width}")
        work()
        expect(seen.page.get_by_text(told).first).to_be_visible()
        check(seen.page, f"lista-larga-lista-{bool(last)}-{width}")
    seen.assert_quiet()
    context.close()


def test_the_list_of_69b_is_loaded_and_asked_on_a_desk_and_on_a_phone(
    chromium: Browser, shared_site: str, scene: Scene
) -> None:
    for width, theme in (("1280", "light"), ("360", "dark")):
        context = open_context(chromium, width, theme)
        enter(context, scene.world.dario, shared_site)
        seen = watch(context)
        seen.page.goto(f"{shared_site}/auditoria/listas/")
        seen.page.get_by_role("link", name="Lista del artículo 69-B").click()
        seen.page.get_by_label("Archivo", exact=True).set_input_files(
            {"name": "69b.csv", "mimeType": "text/csv", "buffer": SAT.encode("latin-1")}
        )
        seen.page.get_by_role("button", name="Cargar la lista").press("Enter")
        seen.page.get_by_text("1 renglones repetidos y 1 fuera").wait_for()
        seen.page.goto(f"{shared_site}/auditoria/listas/69b/")
        seen.page.locator("#id_rfc").fill("AAA080808HL8")
        seen.page.locator("#id_rfc").press("Enter")
        seen.page.get_by_text("según la lista publicada el").wait_for()
        check(seen.page, f"lista-69b-{width}")
        assert not seen.strangers
        context.close()
