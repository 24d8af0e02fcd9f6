"""Capture in a real browser: by keyboard alone, with two people on one draft, and the correction of a póliza."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from journeys.browser import check, chromium, open_context, watch
from journeys.shared import enter, shared_site
from sif.books.models import Borrador, Poliza
from sif.registry.scope import everything

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Iterator[Any]:
    from scene import make_scene

    settings.DATOS = tmp_path
    yield make_scene(tmp_path)


def new_draft(page: Page, site: str, scene: Any) -> str:
    page.goto(f"{site}/partido/captura/?contabilidad={scene.libros.pk}")
    page.get_by_role("button", name="Escribir póliza").press("Enter")
    page.locator("#captura").wait_for()
    page.wait_for_load_state()  # keys are heard once the scripts of the page have run
    return page.url


def test_what_is_typed_before_the_scripts_run_is_saved_too(chromium: Browser, shared_site: str, scene: Any) -> None:
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    page = context.new_page()
    held: list[Route] = []
    written = False

    def hold(route: Route) -> None:
        if written:
            route.continue_()
        else:
            held.append(route)

    page.route("**/captura_guardar*.js", hold)
    page.goto(f"{shared_site}/partido/captura/?contabilidad={scene.libros.pk}")
    page.get_by_role("button", name="Escribir póliza").press("Enter", no_wait_after=True)
    page.locator("#id_concepto").fill("Antes de los guiones")
    expect(page.locator("#guardado input")).to_have_value("1")
    written = True
    for route in held:
        route.continue_()
    expect(page.locator("#guardado input")).to_have_value("2")
    with everything():
        assert Borrador.objects.get().contenido["concepto"] == "Antes de los guiones"
    context.close()


def test_lists_lines_and_difference_by_keyboard(chromium: Browser, shared_site: str, scene: Any) -> None:
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page, keys = seen.page, seen.page.keyboard
    new_draft(page, shared_site, scene)
    expect(page.locator("#id_fecha")).to_be_focused()
    keys.type(f"{scene.periodos[0].hasta:%d/%m/%Y}")
    keys.press("Enter")
    expect(page.locator("#id_ventana")).to_have_value(f"{scene.periodos[0].pk}:normal")  # the day chose its period
    keys.type("Volantes de prueba")
    keys.press("Tab")  # nothing stands between what it is about and its first line
    expect(page.locator("#id_cuenta_1")).to_be_focused()
    page.locator("#fechas a").first.focus()
    keys.type("no soy una orden")
    expect(page.locator("#id_concepto")).to_have_value("Volantes de prueba")
    page.locator("#id_cuenta_1").focus()
    keys.press("F2")
    expect(page.get_by_role("listbox", name="Línea 1, cuenta")).to_be_visible()
    keys.type("volan")
    expect(page.locator(".combo [role=option]").first).to_contain_text("5-5-01-03-0000")
    check(page, "captura-lista-1280")
    keys.press("Enter")
    expect(page.locator("#id_auxiliar_1")).to_be_focused()
    keys.type("prado")
    expect(page.locator(".combo [role=option]").first).to_contain_text("Impresos del Prado")
    keys.press("Tab")
    expect(page.locator("#id_auxiliar_1")).to_have_value("IPR150312Q47 Impresos del Prado")
    keys.press("Enter")
    keys.type("1234.5")
    expect(page.locator("#diferencia")).to_have_text("1,234.50")
    expect(page.locator("#diferencia-dice")).to_have_text("por abonar")
    keys.press("Control+d")
    expect(page.locator("#id_cargo_2")).to_be_focused()
    expect(page.locator("#id_cargo_2")).to_have_value("1,234.50")
    keys.press("Control+Delete")
    expect(page.locator("#lineas tbody tr")).to_have_count(2)
    page.locator("#id_cargo_1").focus()
    keys.press("Enter")
    keys.type("21010100")
    keys.press("Enter")
    expect(page.locator("#id_cuenta_2")).to_have_value("2-1-01-01-0000")
    keys.press("F4")
    expect(page.locator(".combo [role=option]").first).to_contain_text("Impresos del Prado")
    keys.press("Enter")
    keys.press("Enter")
    keys.press("Enter")
    expect(page.locator("#id_abono_2")).to_be_focused()
    keys.press("=")
    expect(page.locator("#diferencia-dice")).to_have_text("cuadra")
    keys.press("Control+ArrowUp")
    expect(page.locator("#id_cuenta_1")).to_have_value("2-1-01-01-0000")
    expect(page.locator("#guardado")).to_contain_text("Borrador guardado")
    expect(page.locator("#evidencias-lista")).to_contain_text("La pide la cuenta 5-5-01-03-0000")
    check(page, "captura-1280")
    page.set_viewport_size({"width": 360, "height": 800})
    check(page, "captura-360")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("#id_abono_1").focus()
    keys.press("Enter")
    expect(page.locator("#id_cuenta_2")).to_be_focused()
    page.locator("#id_abono_2").focus()
    keys.press("Enter")
    expect(page.locator("#id_cuenta_3")).to_be_focused()
    keys.press("Control+Enter")
    page.get_by_role("heading", name="Póliza PN1/EG-1").wait_for()
    with everything():
        assert Poliza.objects.get().total == 123_450
    check(page, "captura-registrada-1280")
    seen.assert_quiet()
    context.close()


def test_what_was_found_for_fewer_letters_does_not_take_the_place_of_what_is_typed(
    chromium: Browser, shared_site: str, scene: Any
) -> None:
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    page = context.new_page()
    keys = page.keyboard
    new_draft(page, shared_site, scene)
    page.locator("#id_cuenta_1").fill("5-5-01-03-0000")
    page.locator("#id_auxiliar_1").focus()
    keys.type("imp")
    expect(page.locator(".combo [role=option]").first).to_contain_text("Impresos del Prado")
    page.route("**/auxiliares.json", lambda route: None)  # the server does not answer any more
    keys.type("renta de otro")
    keys.press("Tab")
    expect(page.locator("#id_auxiliar_1")).to_have_value("imprenta de otro")
    expect(page.locator(".combo")).to_have_count(0)
    context.close()


def test_two_people_on_one_draft_keep_both(chromium: Browser, shared_site: str, scene: Any) -> None:
    pages = []
    for person in (scene.alicia, scene.bruno):
        context = open_context(chromium)
        enter(context, person, shared_site)
        pages.append(context.new_page())
    hers, his = pages
    address = new_draft(hers, shared_site, scene)
    his.goto(address)
    his.wait_for_load_state()
    his.locator("#id_concepto").fill("De Bruno")
    expect(his.locator("#guardado input")).to_have_value("2")
    hers.locator("#id_concepto").fill("De Alicia")
    hers.get_by_role("heading", name="Dos personas escriben este borrador").wait_for()
    expect(hers.locator("#id_concepto")).to_have_value("De Alicia")
    expect(hers.locator("#conflicto")).to_contain_text("De Bruno")
    check(hers, "captura-conflicto-1280")
    with everything():
        assert {row.contenido["concepto"] for row in Borrador.objects.all()} == {"De Bruno", "De Alicia"}
    hers.get_by_role("button", name="Seguir con lo de Bruno").press("Enter")
    expect(hers.locator("#id_concepto")).to_have_value("De Bruno")
    for page in pages:
        page.context.close()


def test_a_draft_outlives_the_session_and_the_line(chromium: Browser, shared_site: str, scene: Any) -> None:
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    page = context.new_page()
    address = new_draft(page, shared_site, scene)
    page.locator("#id_concepto").fill("Lo guardado")
    expect(page.locator("#guardado input")).to_have_value("2")
    context.set_offline(True)
    page.locator("#id_concepto").fill("Sin línea")
    expect(page.locator("#guardado")).to_contain_text("Sin conexión")
    context.set_offline(False)
    page.locator("#id_concepto").fill("Con línea")
    expect(page.locator("#guardado input")).to_have_value("3")
    context.clear_cookies()
    page.locator("#id_concepto").fill("Sin sesión")
    expect(page.locator("#guardado")).to_contain_text("entre de nuevo y siga")
    enter(context, scene.alicia, shared_site)
    page.goto(address)
    expect(page.locator("#id_concepto")).to_have_value("Con línea")
    context.close()


@pytest.mark.parametrize("width", ["1280", "360"])
def test_a_wrong_one_is_recorded_again_and_the_other_pages_are_clean(
    chromium: Browser, shared_site: str, scene: Any, width: str
) -> None:
    from sif.books.services import save_plantilla
    from sif.web.party.captura.sources import copy_of

    wrong = scene.post(scene.expense("100.00"), evidence=b"fotografia")
    with everything():
        save_plantilla(scene.partido, "Volantes de siempre", copy_of(wrong, scene.libros), scene.alicia)
    context = open_context(chromium, width)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page = seen.page
    for name, address in (
        ("plantillas", "plantillas/"),
        ("catalogo", "catalogo/?q=volantes"),
        ("polizas", "polizas/?estado=vigente"),
        ("poliza", f"polizas/{scene.libros.pk}/1/"),
        ("corregir", f"polizas/{scene.libros.pk}/1/corregir/"),
    ):
        page.goto(f"{shared_site}/partido/{address}", wait_until="networkidle")
        check(page, f"captura-{name}-{width}")
    page.locator("#id_motivo").fill("El importe era otro.")
    page.get_by_role("button", name="Revertir y volver a registrar").press("Enter")
    page.locator("#captura").wait_for()
    page.wait_for_load_state()
    page.locator("#id_cargo_1").fill("90")
    page.locator("#id_abono_2").fill("90")
    check(page, f"captura-correccion-{width}")
    page.locator("#registrar").press("Enter")
    page.get_by_text("Esta póliza sustituye a otra, que se canceló.").wait_for()
    check(page, f"captura-sustituta-{width}")
    seen.assert_quiet()
    context.close()
