"""Revisión previa in a real browser: the first page shows a risk, its case is cured with evidence, and it is gone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from journeys.browser import check, chromium, look, open_context, watch
from journeys.shared import enter, shared_site
from journeys.test_lotes import work
from sif.registry.scope import everything

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser
CURED, LEFT = "318,413.07", "212,840.00"


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Iterator[Any]:
    """A campaign with two expenses that nothing proves."""
    from django.core.cache import cache

    from scene import make_scene

    settings.DATOS = tmp_path
    cache.clear()
    made = make_scene(tmp_path)
    with everything():
        for number, pesos in enumerate((CURED, LEFT), 1):
            made.post(made.expense(pesos, f"Volantes, entrega {number}"))
    yield made


def test_a_risk_is_seen_opened_cured_with_evidence_and_gone(chromium: Browser, shared_site: str, scene: Any) -> None:
    from sif.demo.papers import paper

    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/partido/", wait_until="networkidle")
    risk = page.locator("#revision tr", has_text="Póliza sin evidencia vigente")
    expect(risk).to_contain_text("531,253.07")
    look(page, "revision-hoy")
    page.goto(f"{shared_site}/partido/revision/?revisar=si", wait_until="networkidle")
    look(page, "revision-toda")

    page.locator("main tr", has_text="Póliza sin evidencia vigente").get_by_role("link").last.click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("main table")).to_contain_text(CURED)
    look(page, "revision-regla")
    rule = page.url
    page.locator("main tr", has_text=CURED).get_by_role("link", name="Abrir la póliza").click()
    page.wait_for_load_state("networkidle")
    page.locator("#id_clase").select_option("muestra")
    page.locator("#id_archivo").set_input_files(
        {"name": "volante.pdf", "mimeType": "application/pdf", "buffer": paper("Volante", "Entrega 1")}
    )
    page.get_by_role("button", name="Adjuntar").click()
    expect(page.locator("#evidencias li:not(#avance li)", has_text="volante.pdf")).to_be_visible()

    page.goto(rule, wait_until="networkidle")
    expect(page.locator("main table")).to_contain_text(LEFT)
    expect(page.get_by_text(CURED)).to_have_count(0)
    page.goto(f"{shared_site}/partido/", wait_until="networkidle")
    expect(page.locator("#revision tr", has_text="Póliza sin evidencia vigente")).to_contain_text(LEFT)
    seen.assert_quiet()
    context.close()


@pytest.mark.parametrize("width", ["1280", "360"])
def test_large_books_are_reviewed_apart_and_their_answer_is_kept(
    chromium: Browser, shared_site: str, scene: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    from sif.audit import preflight

    settings.TRABAJOS_EN_LINEA = False
    monkeypatch.setattr(preflight, "MOST_ROWS", -1)
    context = open_context(chromium, width)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/partido/", wait_until="networkidle")
    expect(page.locator("#revision")).to_contain_text("Estos libros todavía no se revisan.")
    check(page, f"revision-grande-hoy-{width}")
    page.locator("#revision").get_by_role("button", name="Revisar estos libros").press("Enter")
    expect(page.get_by_role("heading", name="Revisar libros antes que la autoridad")).to_be_visible()
    check(page, f"revision-grande-espera-{width}")
    page.goto(f"{shared_site}/partido/revision/", wait_until="networkidle")
    check(page, f"revision-grande-en-curso-{width}")
    page.get_by_role("link", name="Ver cómo va").click()
    work()
    expect(page.get_by_text("La revisión previa está lista.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("531,253.07")
    check(page, f"revision-grande-lista-{width}")
    with everything():
        scene.post(scene.expense("77.31", "Volantes, otra entrega"))
    page.goto(f"{shared_site}/partido/", wait_until="networkidle")
    expect(page.locator("#revision")).to_contain_text("Los libros cambiaron después de esta respuesta")
    check(page, f"revision-grande-hoy-cambio-{width}")
    page.goto(f"{shared_site}/partido/revision/", wait_until="networkidle")
    check(page, f"revision-grande-cambio-{width}")
    page.locator("main tr", has_text="Póliza sin evidencia vigente").get_by_role("link").last.click()
    expect(page.locator("main table")).to_contain_text(CURED)
    check(page, f"revision-grande-regla-{width}")
    page.get_by_role("button", name="Revisar de nuevo").click()
    expect(page.get_by_role("heading", name="Revisar libros antes que la autoridad")).to_be_visible()
    seen.assert_quiet()
    context.close()
