"""The chart of accounts in a real browser: an account that the process adds is found, captured on, and asks its due."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from journeys.browser import assert_axe_clean, assert_fits, chromium, open_context, shoot, watch
from journeys.shared import enter, shared_site
from sif.books.models import Poliza
from sif.books.services import NewAccount, add_account
from sif.registry import clock
from sif.registry.scope import everything
from sif.registry.services import appoint, create_usuario

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser
ADDED, GROUP = "5-5-01-90-0000", "5-5-01-00-0000"


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Iterator[Any]:
    from scene import make_scene

    settings.DATOS = tmp_path
    made = make_scene(tmp_path)
    keeper = create_usuario("irene.catalogo", "Irene Luna", "no-entra-aqui")
    appoint(keeper, "administrador", desde=clock.today() - timedelta(days=60))
    add_account(NewAccount(made.etapa.proceso, ADDED, "Cubrebocas con emblema", "CG/17/2026"), keeper)
    yield made


def _line(page: Page, number: int, account: str, auxiliary: str, charge: str, credit: str) -> None:
    for field, text in (("cuenta", account), ("auxiliar", auxiliary), ("cargo", charge), ("abono", credit)):
        box = page.locator(f"#id_{field}_{number}")
        if text or field != "auxiliar":
            box.fill(text)
            box.press("Tab")


def _record(page: Page) -> None:
    """Press the button once what was typed is kept, and wait for the page that answers: the old one is lost."""
    page.wait_for_load_state("networkidle")
    with page.expect_navigation():
        page.get_by_role("button", name="Registrar póliza").click()


def test_an_account_of_the_process_is_found_used_and_asks_for_its_evidence(
    chromium: Browser, shared_site: str, scene: Any
) -> None:
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}{reverse('party:catalogo')}")
    page.get_by_label("Código o palabras").fill("cubrebocas")
    page.get_by_role("button", name="Filtrar").click()
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    for words in ("Cubrebocas con emblema", ADDED, "agregada por el proceso, CG/17/2026", "Deudora", "Sí", "Proveedor"):
        expect(row).to_contain_text(words)
    expect(page).to_have_url(re.compile("q=cubrebocas"))
    print(shoot(page, "catalogo-1280"))
    assert_axe_clean(page)
    page.set_viewport_size({"width": 360, "height": 800})
    print(shoot(page, "catalogo-360"))
    assert_fits(page)
    page.set_viewport_size({"width": 1280, "height": 900})

    page.goto(f"{shared_site}/partido/captura/?contabilidad={scene.libros.pk}")
    page.get_by_role("button", name="Escribir póliza").click()
    page.locator("#captura").wait_for()
    page.locator("#id_fecha").fill(f"{scene.periodos[0].hasta:%d/%m/%Y}")
    page.locator("#id_fecha").press("Tab")
    page.locator("#id_concepto").fill("Cubrebocas para el arranque")
    _line(page, 1, GROUP, "", "500", "")
    _line(page, 2, "2-1-01-01-0000", "IPR150312Q47 Impresos del Prado", "", "500")
    _record(page)
    refused = page.locator(".error-summary")
    expect(refused).to_contain_text(GROUP)  # a group takes no movement
    assert_axe_clean(page)

    _line(page, 1, ADDED, "", "500", "")
    _record(page)
    expect(page.locator(".error-summary")).to_contain_text("auxiliar")  # this account asks who
    expect(page.locator("#evidencias-lista")).to_contain_text(f"La pide la cuenta {ADDED}")
    _line(page, 1, ADDED, "IPR150312Q47 Impresos del Prado", "500", "")
    _record(page)
    page.get_by_role("heading", name="Póliza PN1").wait_for()
    with everything():
        assert sorted(Poliza.objects.get().movimientos.values_list("cuenta_id", flat=True)) == ["2-1-01-01-0000", ADDED]
    assert not seen.strangers
    context.close()
