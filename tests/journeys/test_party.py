"""The party desk in a real browser: from an invoice dropped to a report presented, and every page in every dress."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from journeys.browser import check, chromium, open_context, watch
from journeys.shared import enter, shared_site

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Iterator[Any]:
    """A campaign with pólizas, an invoice received, a report prepared and one correction."""
    from scene import make_scene
    from sif.books.services import receive_many, reverse_poliza
    from sif.registry.scope import everything

    settings.DATOS = tmp_path
    made = make_scene(tmp_path)
    with everything():
        made.post(made.gift("900,000.00"))
        for number, pesos in enumerate(("318,413.07", "212,840.00", "1,250.50"), 1):
            made.post(made.expense(pesos, f"Volantes, entrega {number}"), evidence=b"fotografia")
        reverse_poliza(made.polizas[-1], made.alicia, concepto="El proveedor canceló la factura.")
        received = made.invoice("0D1E90B4-3F0A-4D52-9B17-0E6A51C2D8F3", "41,760.00", made.otros.pk)
        receive_many([("A-2291.xml", made.invoice()), ("A-2292.xml", received)], made.libros, made.alicia)
    yield made


def visit(page: Page, address: str, name: str) -> None:
    """Open, look, photograph."""
    page.goto(address, wait_until="networkidle")
    check(page, name)


@pytest.mark.parametrize(("width", "theme", "language"), [("1280", "light", "es-mx"), ("360", "dark", "en")])
def test_every_page_is_accessible_and_fits(
    chromium: Browser, shared_site: str, scene: Any, width: str, theme: str, language: str
) -> None:
    context = open_context(chromium, width, theme)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/idioma/{language}/?volver=/partido/", wait_until="networkidle")
    books = scene.libros.pk
    pages = {
        "hoy": "",
        "contabilidades": "contabilidades/",
        "contabilidad": f"contabilidades/{books}/",
        "polizas": "polizas/",
        "poliza": f"polizas/{books}/4/",
        "corregir": f"polizas/{books}/2/corregir/",
        "captura-elegir": "captura/",
        "borradores": "borradores/",
        "cfdi": "cfdi/",
        "informes": "informes/",
        "informe": f"informes/{books}/IC/1/",
        "oficios": "oficios/",
        "buzon": "buzon/",
        "calendario": "calendario/",
    }
    for name, address in pages.items():
        visit(page, f"{shared_site}/partido/{address}", f"party-{name}-{width}-{theme}-{language}")
    page.goto(f"{shared_site}/partido/cfdi/")
    page.locator("main table button").first.click()
    page.wait_for_load_state("networkidle")
    page.locator("#id_abono_2").fill("46,400.00")
    page.locator("#registrar").click()
    page.wait_for_load_state("networkidle")
    check(page, f"party-captura-{width}-{theme}-{language}")
    assert [error for error in seen.errors if "422" not in error] == []
    assert seen.strangers == []
    context.close()


def test_from_an_invoice_to_a_presented_report(chromium: Browser, shared_site: str, scene: Any) -> None:
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page = seen.page
    page.goto(f"{shared_site}/mesa/")
    page.get_by_role("link", name="Bandeja CFDI").click()
    page.get_by_role("button", name="Abrir Impresos del Prado").first.click()
    page.locator("#id_cargo_1").fill("1.00")
    expect(page.locator("#diferencia")).not_to_have_text("0.00")
    page.locator("#id_cargo_1").press("=")
    expect(page.locator("#diferencia")).to_have_text("0.00")
    page.locator("#guardado:has-text('Borrador guardado')").wait_for()
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Póliza PN1/DR").wait_for()
    check(page, "party-poliza-registrada-1280")
    page.goto(f"{shared_site}/partido/informes/{scene.libros.pk}/IC/1/")
    page.get_by_role("button", name="Generar informe").click()
    page.get_by_role("button", name="Firmar y presentar informe").click()
    page.get_by_role("heading", name="Acuse de IC-").wait_for()
    check(page, "party-acuse-1280")
    expect(page.get_by_text("Presentado").first).to_be_visible()
    seen.assert_quiet()
    context.close()


def test_capture_works_without_script(chromium: Browser, shared_site: str, scene: Any) -> None:
    context = open_context(chromium, java_script_enabled=False)
    enter(context, scene.alicia, shared_site)
    page = context.new_page()
    page.goto(f"{shared_site}/partido/captura/?contabilidad={scene.libros.pk}")
    page.get_by_role("button", name="Escribir póliza").click()
    page.get_by_role("button", name="Agregar línea").click()
    expect(page.locator("#id_cuenta_3")).to_be_visible()
    page.locator("#id_fecha").fill(f"{scene.periodos[0].hasta:%d/%m/%Y}")
    page.locator("#id_ventana").select_option(f"{scene.periodos[0].pk}:normal")
    page.locator("#id_concepto").fill("Volantes")
    for number, (account, side) in enumerate((("5-5-01-03-0000", "cargo"), ("2-1-01-01-0000", "abono")), 1):
        page.locator(f"#id_cuenta_{number}").fill(account)
        page.locator(f"#id_auxiliar_{number}").fill("Impresos del Prado")
        page.locator(f"#id_{side}_{number}").fill("1500")
    page.get_by_role("button", name="Registrar póliza").click()
    expect(page.get_by_role("heading", name="Póliza PN1/EG-1")).to_be_visible()
    context.close()


def test_who_types_before_the_scripts_arrive_keeps_the_place(chromium: Browser, shared_site: str, scene: Any) -> None:
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    page = context.new_page()
    held: list[Route] = []
    page.route("**/captura.js", lambda route: held.append(route))
    page.goto(f"{shared_site}/partido/captura/?contabilidad={scene.libros.pk}")
    page.get_by_role("button", name="Escribir póliza").click(no_wait_after=True)
    page.locator("#id_cargo_1").focus()
    page.keyboard.type("1,5")
    for each in held:
        each.continue_()
    expect(page.locator("#diferencia")).to_have_text("15.00")
    page.keyboard.type("00")
    expect(page.locator("#id_cargo_1")).to_have_value("1,500")
    expect(page.locator("#diferencia")).to_have_text("1,500.00")
    context.close()
