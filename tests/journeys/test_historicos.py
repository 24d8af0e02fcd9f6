"""A past process in a real browser: its file is looked at, loaded and shown, on a desk and on a phone."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from commands.test_historico import LOCAL
from journeys.browser import check, chromium, open_context, watch
from journeys.shared import enter, shared_site

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def ana(db: None, settings: Any, tmp_path: Path) -> Any:
    from sif.registry.models import Nombramiento
    from sif.registry.services import appoint, create_usuario

    settings.DATOS = tmp_path
    person = create_usuario("ana", "Ana Luna", None)
    appoint(person, Nombramiento.Rol.ADMINISTRADOR)
    return person


def test_a_past_process_is_loaded_and_shown(chromium: Browser, shared_site: str, ana: Any) -> None:
    for width, theme in (("1280", "light"), ("360", "dark")):
        context = open_context(chromium, width, theme)
        enter(context, ana, shared_site)
        seen = watch(context)
        page = seen.page
        page.goto(f"{shared_site}/administracion/historicos/nuevo/")
        page.get_by_label("Archivo", exact=True).set_input_files(
            {"name": "local.csv", "mimeType": "text/csv", "buffer": LOCAL.encode("latin-1")}
        )
        page.get_by_role("button", name="Ver qué trae").press("Enter")
        page.get_by_role("heading", name="Qué columna es cada dato").wait_for()
        check(page, f"historico-visto-{width}")
        page.get_by_label("Nombre del proceso").fill(f"Local de 2021, {width}")
        page.get_by_role("button", name="Cargar el proceso").press("Enter")
        page.get_by_text("cargado").first.wait_for()
        page.goto(f"{shared_site}/administracion/historicos/")
        check(page, f"historicos-{width}")
        page.get_by_role("link", name=f"Local de 2021, {width}").press("Enter")
        page.get_by_role("heading", name="Cuenta por cuenta").wait_for()
        check(page, f"historico-{width}")
        page.get_by_role("link", name="Ver en el portal").press("Enter")
        page.get_by_text("Proceso histórico.").wait_for()
        check(page, f"historico-publico-{width}")
        assert not seen.strangers
        context.close()
