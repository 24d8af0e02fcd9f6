"""Bank reconciliation in a real browser: a statement dropped, proposals accepted, a fee recorded, the month closed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
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
    """A campaign with a donation in the month before this one, and the statement of that month in a file."""
    from scene import make_scene

    settings.DATOS = tmp_path
    made = make_scene(tmp_path)
    made.post(replace(made.gift("5,000.00"), fecha_operacion=made.periodos[0].desde))
    (tmp_path / "estado.ofx").write_bytes(_statement(made))
    yield made


def _statement(scene: Any) -> bytes:
    """A month that has ended: the donation, and at its end a fee that nobody recorded."""
    from sif.banks.statement import Statement, StatementLine
    from sif.banks.write import write_ofx
    from sif.values import Money

    day = scene.periodos[0].desde
    first = day.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    lines = (
        StatementLine(day, Money(500_000), "7781204", "SPEI RECIBIDO DONANTE UNO", "K1"),
        StatementLine(last, Money(-5_800), "", "COMISION CHEQUERA", "K2"),
    )
    return write_ofx(Statement("", scene.banco.clabe, first, last, Money(0), Money(494_200), lines))


def look_at(page: Page, name: str) -> None:
    """Photograph and check the page as it is."""
    page.wait_for_load_state("networkidle")
    look(page, name)


def test_a_statement_becomes_a_closed_month(chromium: Browser, shared_site: str, scene: Any, tmp_path: Path) -> None:
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/partido/bancos/")
    look_at(page, "bancos-cuentas")
    page.locator("main table a").first.click()
    page.locator("#id_archivo").set_input_files(tmp_path / "estado.ofx")
    page.get_by_role("button", name="Cargar").click()
    expect(page.get_by_text("Estado de cuenta cargado: 2 movimientos nuevos.")).to_be_visible()
    look_at(page, "bancos-propuestas")
    page.get_by_role("button", name="Aceptar la segura").click()
    expect(page.get_by_text("1 propuesta aceptada.")).to_be_visible()
    page.get_by_role("link", name="Sin póliza").click()
    look_at(page, "bancos-sin-poliza")
    page.get_by_role("link", name="COMISION CHEQUERA").click()
    look_at(page, "bancos-partida")
    page.get_by_role("button", name="Registrar la póliza").click()
    page.wait_for_load_state("networkidle")
    page.locator('button[name="accion"][value="registrar"]').first.click()
    page.wait_for_url("**/polizas/**")
    page.goto(f"{shared_site}/partido/bancos/{scene.banco.pk}/")
    page.locator("main table").get_by_role("button", name="Aceptar").click()
    expect(page.get_by_text("Propuesta aceptada.")).to_be_visible()
    page.locator(".panel-foot a").last.click()
    expect(page.get_by_text("Cuadra al centavo")).to_be_visible()
    page.get_by_role("button", name="Cerrar el mes").click()
    expect(page.get_by_text("Conciliación cerrada: sus cifras ya no cambian.")).to_be_visible()
    expect(page.locator("#cuadre")).to_contain_text("4,942.00")
    look_at(page, "bancos-mes")
    seen.assert_quiet()


def test_which_account_of_a_file_is_chosen(chromium: Browser, shared_site: str, scene: Any, tmp_path: Path) -> None:
    ours = (tmp_path / "estado.ofx").read_bytes()
    part = ours[ours.index(b"<STMTTRNRS>") : ours.index(b"</STMTTRNRS>") + 12]
    other = part.replace(scene.banco.clabe.encode(), b"012180015123456787")
    (tmp_path / "varias.ofx").write_bytes(ours.replace(b"</STMTTRNRS>", b"</STMTTRNRS>" + other))
    for width in ("1280", "360"):
        context = open_context(chromium, width)
        enter(context, scene.alicia, shared_site)
        seen = watch(context)
        seen.page.goto(f"{shared_site}/partido/bancos/{scene.banco.pk}/")
        seen.page.locator("#id_archivo").set_input_files(tmp_path / "varias.ofx")
        seen.page.get_by_role("button", name="Cargar").press("Enter")
        expect(seen.page.get_by_role("heading", name="Cuentas del archivo")).to_be_visible()
        expect(seen.page.get_by_label(scene.banco.clabe)).to_be_checked()
        look_at(seen.page, f"bancos-varias-{width}")
        seen.page.get_by_role("button", name="Cargar").press("Enter")
        expect(
            seen.page.get_by_text("stado de cuenta cargado" if width == "1280" else "ya estaba cargado")
        ).to_be_visible()
        seen.assert_quiet()
        context.close()
