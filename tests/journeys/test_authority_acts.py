"""Who administers publishes the roots of the record, and who audits reads what SAT said, in a real browser."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from journeys.browser import chromium, look, open_context, watch
from journeys.shared import enter, shared_site
from sif.registry.services import appoint, create_usuario
from small_world import World, world

__all__ = ["chromium", "shared_site", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_roots_are_published_and_sat_is_asked(
    shared_site: str, chromium: Browser, world: World, settings: Any, tmp_path: Path
) -> None:
    settings.TRABAJOS_EN_LINEA, settings.DATOS, settings.SAT_ESTATUS = True, tmp_path, "https://sat.invalid/x"
    for rol, address, name in (
        ("administrador", "administracion/raices", "raices"),
        ("auditor", "auditoria/estatus-sat", "sat"),
    ):
        person = create_usuario(rol, rol.title(), None)
        appoint(person, rol)
        context = open_context(chromium)
        enter(context, person, shared_site)
        seen = watch(context)
        page = seen.page
        page.goto(f"{shared_site}/{address}/")
        look(page, f"acto-{name}")
        page.locator("details.confirm summary").click()
        look(page, f"acto-{name}-confirma")
        if rol == "administrador":
            page.get_by_role("button", name="Publicar las raíces").click()
            expect(page.get_by_text("Quedó publicado el corte 1.")).to_be_visible()
        seen.assert_quiet()
        context.close()
