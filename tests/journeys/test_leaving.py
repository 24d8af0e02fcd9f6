"""A candidacy ends and another takes its place in a real browser, by keyboard, on a desk and on a phone."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from journeys.browser import check, chromium, open_context, watch
from journeys.shared import enter, shared_site
from registry.test_leaving import Scene, make

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Scene:
    settings.DATOS = tmp_path
    return make()


def test_a_candidacy_is_ended_and_substituted(chromium: Browser, shared_site: str, scene: Scene) -> None:
    for width, theme in (("1280", "light"), ("360", "dark")):
        left = scene.approved(f"Ana Luna {width}")
        context = open_context(chromium, width, theme)
        enter(context, scene.ana, shared_site)
        seen = watch(context)
        page = seen.page
        page.goto(f"{shared_site}/administracion/candidaturas/")
        check(page, f"candidaturas-{width}")
        page.goto(f"{shared_site}/administracion/candidaturas/{left.pk}/")
        page.get_by_role("link", name="Terminar la candidatura").press("Enter")
        page.get_by_label("Causa").select_option("fallecimiento")
        page.get_by_label("Dejó de contender el").fill("20/04/2024")
        page.get_by_label("Acuerdo").fill("INE/CG400/2024")
        check(page, f"candidatura-fin-{width}")
        page.get_by_role("button", name="Terminarla").press("Enter")
        page.get_by_text("La candidatura terminó.").wait_for()
        check(page, f"candidatura-terminada-{width}")
        page.get_by_role("link", name="Sustituir").press("Enter")
        page.get_by_label("Nombre completo").fill(f"Eva Ríos {width}")
        page.get_by_label("Contiende desde el").fill("21/04/2024")
        page.get_by_label("Acuerdo").fill("INE/CG401/2024")
        check(page, f"candidatura-sustituir-{width}")
        page.get_by_role("button", name="Aprobar la sustitución").press("Enter")
        page.get_by_role("heading", name="Quiénes la han tenido").wait_for()
        check(page, f"candidatura-sustituta-{width}")
        page.get_by_text("INE/CG401/2024. Debe los informes").wait_for()
        page.get_by_role("link", name="Corregir").press("Enter")
        check(page, f"candidatura-corregir-{width}")
        page.goto(f"{shared_site}/administracion/candidaturas/nueva/")
        check(page, f"candidatura-nueva-{width}")
        assert not seen.strangers
        context.close()
