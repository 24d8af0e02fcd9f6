"""What was registered wrong is corrected by two people in a real browser, by keyboard, on a desk and on a phone."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from journeys.browser import check, chromium, open_context, watch
from journeys.shared import enter, shared_site
from registry.test_corrections import administrator
from registry.test_leaving import Scene, make
from sif.registry.services import register_sujeto

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Scene:
    settings.DATOS = tmp_path
    return make()


def test_a_subject_is_corrected(chromium: Browser, shared_site: str, scene: Scene) -> None:
    carla, beto = administrator("carla"), administrator("beto")
    for width, theme in (("1280", "light"), ("360", "dark")):
        wrong = register_sujeto("partido", f"7{width[0]}", f"PX{width}", f"Partido Bermejo {width}")
        context = open_context(chromium, width, theme)
        enter(context, carla, shared_site)
        seen = watch(context)
        page = seen.page
        page.goto(f"{shared_site}/administracion/sujetos/{wrong.pk}/")
        check(page, f"sujeto-{width}")
        page.get_by_role("link", name="Corregir").press("Enter")
        page.get_by_label("Nombre completo").fill(f"Partido Bermellón {width}")
        page.get_by_label("Motivo").fill("Se capturó con el nombre anterior.")
        page.get_by_label("Acuerdo o documento").fill("INE/CG12/2024")
        check(page, f"sujeto-corregir-{width}")
        page.get_by_role("button", name="Ver cómo queda").press("Enter")
        page.get_by_text("Nada se ha corregido todavía.").wait_for()
        check(page, f"sujeto-corregir-vista-{width}")
        page.get_by_role("button", name="Proponer la corrección").press("Enter")
        page.get_by_text("Usted la propuso").wait_for()
        check(page, f"correccion-mia-{width}")
        address = page.url
        context.close()
        context = open_context(chromium, width, theme)
        enter(context, beto, shared_site)
        seen = watch(context)
        page = seen.page
        page.goto(address)
        check(page, f"correccion-{width}")
        page.get_by_role("button", name="Aprobar la corrección").press("Enter")
        page.get_by_text("desde ahora se lee así").wait_for()
        page.get_by_role("link", name=f"Partido Bermellón {width}").first.press("Enter")
        page.get_by_role("heading", name="Correcciones").wait_for()
        check(page, f"sujeto-corregido-{width}")
        assert not seen.strangers
        context.close()
