"""The auditor desk in a real browser: every page in every dress, and a review from the queue to a closed dictamen."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from journeys.browser import check, chromium, open_context, watch
from journeys.council_campaign import DRESSES, campaign, visit
from journeys.shared import enter, shared_site
from sif.audit.models import Observacion, Propuesta
from sif.proceedings.models import Conclusion, Dictamen
from web.audit_scene import Scene

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


def _act(scene: Scene) -> None:
    scene.adopted("EV001")
    scene.notified()
    scene.opened()


@pytest.fixture
def review(shared_site: str, settings: Any, tmp_path: Path) -> Scene:
    """One observación notified and unanswered, its dictamen open, three hallazgos to decide."""
    return campaign(settings, tmp_path, _act)


@pytest.fixture
def undecided(shared_site: str, settings: Any, tmp_path: Path) -> Scene:
    """The hallazgos of a report before anything is adopted: once the dictamen is open, nothing more may be."""
    return campaign(settings, tmp_path, lambda made: None)


@pytest.mark.parametrize(("width", "theme", "language"), DRESSES)
def test_every_page_is_accessible_and_fits(
    chromium: Browser, shared_site: str, review: Scene, width: str, theme: str, language: str
) -> None:
    found, observed = review.pending()[0].pk, Observacion.objects.get(regla="EV001")
    invoiced = review.pending("CF001")
    dictamen = Dictamen.objects.get()
    pages = {
        "hoy": "",
        "etapas": "etapas/",
        "hallazgos": "hallazgos/",
        "hallazgo": f"hallazgos/{found}/",
        "hallazgo-cfdi": f"hallazgos/{(invoiced or review.pending())[0].pk}/",
        "reglas": "reglas/",
        "regla": "reglas/RE001/",
        "observaciones": "observaciones/",
        "observacion": f"observaciones/{observed.pk}/",
        "oficios": "oficios/",
        "emitir": f"oficios/emitir/{review.world.otro.pk}/",
        "oficio": f"oficios/{observed.oficios.get().pk}/",
        "respuestas": "respuestas/",
        "dictamenes": "dictamenes/",
        "abrir": f"dictamenes/abrir/{review.world.otro.pk}/",
        "dictamen": f"dictamenes/{dictamen.pk}/",
        "conclusion": f"conclusiones/{dictamen.conclusiones.first().pk}/",
    }
    context = open_context(chromium, width, theme)
    enter(context, review.world.elena, shared_site)
    seen = watch(context)
    seen.page.goto(f"{shared_site}/idioma/{language}/?volver=/auditoria/")
    for name, address in pages.items():
        visit(seen.page, f"{shared_site}/auditoria/{address}", f"auditor-{name}-{width}-{theme}-{language}")
    seen.assert_quiet()
    context.close()


def test_keys_go_down_the_queue_and_decide(chromium: Browser, shared_site: str, review: Scene) -> None:
    context = open_context(chromium)
    enter(context, review.world.dario, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/auditoria/hallazgos/")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("tbody tr").first.locator("input[type=checkbox]")).to_be_checked()
    page.locator("tbody tr").first.locator("a").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="La ley").wait_for()
    page.wait_for_load_state("domcontentloaded")
    first = page.url
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != first, wait_until="domcontentloaded")
    page.keyboard.press("d")
    page.get_by_text("Desechar pide un motivo").wait_for()
    check(page, "auditor-desechar-sin-motivo-1280")
    page.locator("#motivo").fill("La operación se aclaró por escrito.")
    page.get_by_role("button", name="Desechar").click()
    page.get_by_text("Propuso desechar").wait_for()
    assert Propuesta.objects.filter(motivo="La operación se aclaró por escrito.").count() == 1
    assert [error for error in seen.errors if "422" not in error] == []
    context.close()


def test_two_people_adopt_together_without_script(chromium: Browser, shared_site: str, undecided: Scene) -> None:
    before, queue = Observacion.objects.count(), f"{shared_site}/auditoria/hallazgos/"
    context = open_context(chromium, java_script_enabled=False)
    enter(context, undecided.world.dario, shared_site)
    page = context.new_page()
    page.goto(queue)
    page.locator("tbody input[type=checkbox]").first.check()
    page.get_by_role("button", name="Adoptar los elegidos").click()
    expect(page.get_by_text("Nada se ha escrito todavía.")).to_be_visible()
    page.get_by_role("button", name="Proponer 1 decisión").click()
    page.get_by_text("Se propuso 1 decisión").wait_for()
    context.clear_cookies()
    enter(context, undecided.world.elena, shared_site)
    page.goto(f"{queue}?decision=propuesto")
    page.locator("tbody input[type=checkbox]").first.check()
    page.get_by_role("button", name="Confirmar los elegidos").click()
    page.get_by_role("button", name="Confirmar 1 decisión").click()
    page.get_by_text("Se adoptó 1 observación.").wait_for()
    assert Observacion.objects.count() == before + 1
    context.close()


def test_a_conclusion_is_written_with_its_errors_in_place(chromium: Browser, shared_site: str, review: Scene) -> None:
    row = Conclusion.objects.get()
    context = open_context(chromium, "360")
    enter(context, review.world.elena, shared_site)
    page = context.new_page()
    page.goto(f"{shared_site}/auditoria/conclusiones/{row.pk}/")
    page.locator("#id_analisis").fill("")
    page.get_by_role("button", name="Guardar y cerrar la conclusión").click()
    page.locator("#id_analisis-error").wait_for()
    check(page, "auditor-conclusion-error-360")
    page.locator("#id_analisis").fill("No obra en el expediente evidencia que ampare el gasto.")
    page.get_by_label("No atendida").check()
    page.get_by_role("button", name="Guardar y cerrar la conclusión").click()
    page.get_by_text("cerrada").first.wait_for()
    row.refresh_from_db()
    assert row.cerrada_por == review.world.elena
    context.close()
