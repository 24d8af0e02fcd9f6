"""The catalogues in a real browser: a bad RFC corrected, a contribution with its receipt, a folio cancelled."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.browser import chromium, look, open_context, watch
from journeys.shared import enter, shared_site

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Iterator[Any]:
    """A campaign with a series of receipts and a donor who can be told from others."""
    from scene import make_scene
    from sif.catalogs.services import NewAportante, NewSerie, authorize_serie, save_aportante
    from sif.registry.scope import everything

    settings.DATOS = tmp_path
    made = make_scene(tmp_path)
    with everything():
        authorize_serie(NewSerie(made.partido.pk, "RSEF", 1, 50), made.alicia)
        save_aportante(NewAportante(made.partido.pk, "Úrsula Peña", rfc="PEUU800101AA1"), made.alicia)
    yield made


def test_supplier_contribution_and_folio(chromium: Browser, shared_site: str, scene: Any) -> None:
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page = seen.page
    _supplier(page, shared_site)
    _contribution(page, shared_site, scene)
    _folio(page, shared_site)
    assert [error for error in seen.errors if "422" not in error] == []
    assert seen.strangers == []
    context.close()


def _supplier(page: Page, site: str) -> None:
    page.goto(f"{site}/partido/proveedores/nuevo/")
    page.locator("#id_rfc").fill("Ñ&A01020")
    page.locator("#id_nombre").fill("Ñandú & Asociados")
    page.get_by_role("button", name="Guardar").click()
    page.get_by_text("tiene 8 caracteres").first.wait_for()
    look(page, "catalogos-proveedor-error")
    page.locator("#id_rfc").fill("Ñ&A010203AB9")
    page.get_by_role("button", name="Guardar").click()
    page.get_by_role("heading", name="Ñandú & Asociados").wait_for()
    look(page, "catalogos-proveedor")
    page.goto(f"{site}/partido/proveedores/?q=nandu")
    expect(page.get_by_role("link", name="Ñandú & Asociados")).to_be_visible()


def _contribution(page: Page, site: str, scene: Any) -> None:
    page.goto(f"{site}/partido/aportaciones/nueva/{scene.libros.pk}/")
    page.locator("#id_aportante").fill("Úrsula Peña")
    page.locator("#id_medio").select_option("efectivo")
    page.locator("#id_lugar").fill("Mina Clara")
    page.locator("#id_monto").fill("50,000.00")
    page.locator("#id_fecha").fill(f"{scene.periodos[0].hasta:%d/%m/%Y}")
    page.locator("#id_ventana").select_option(f"{scene.periodos[0].pk}:normal")
    page.get_by_role("button", name="Registrar con su recibo").click()
    page.get_by_text("rebasaría un límite").wait_for()
    look(page, "catalogos-limite")
    page.locator("#id_medio").select_option("transferencia")
    page.get_by_role("button", name="Registrar con su recibo").click()
    page.get_by_role("heading", name="Póliza PN1/IG-1").wait_for()
    page.get_by_role("link", name="Recibo de aportación").first.click()
    page.wait_for_load_state("networkidle")
    receipt = page.request.get(page.url.removesuffix("ver/"))
    assert 'filename="RSEF-0001.pdf"' in receipt.headers["content-disposition"]
    assert receipt.body()[:5] == b"%PDF-"


def _folio(page: Page, site: str) -> None:
    page.goto(f"{site}/partido/aportaciones/folios/")
    page.get_by_role("link", name="RSEF").first.click()
    page.locator("#id_numero").fill("RSEF-0002")
    page.locator("#id_motivo").fill("Se imprimió con una mancha.")
    page.get_by_role("button", name="Cancelar folio").click()
    page.get_by_text("Queda en el control con su motivo").wait_for()
    expect(page.get_by_role("cell", name="Cancelado").first).to_be_visible()
    look(page, "catalogos-serie")
