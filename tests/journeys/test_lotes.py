"""Loading by lots in a real browser: sixty rows with five bad ones are cured in place, posted, and loaded again."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from batch.lots import poliza_rows, sat_polizas, xlsx_of
from journeys.browser import check, chromium, open_context, shoot, watch
from journeys.shared import ONE_AT_A_TIME, enter, shared_site

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Iterator[Any]:
    """A campaign under way."""
    from scene import make_scene

    settings.DATOS = tmp_path
    yield make_scene(tmp_path)


def sixty_rows(scene: Any) -> bytes:
    """Thirty pólizas in a workbook; five of their rows are wrong."""
    from scene import LEAFLETS, PAYABLE

    wrong = {
        2: {"cargo": "1000.005"},
        3: {"auxiliar_id": "NADIE"},
        5: {"cuenta": "5-5-99-99-9999"},
        8: {"cargo": "=A1"},
        12: {"cargo": "90.00"},
    }
    day = f"{scene.periodos[0].hasta:%d/%m/%Y}"
    rows = [
        row for n in range(1, 31) for row in poliza_rows(n, "1000.00", LEAFLETS, PAYABLE, fecha=day, **wrong.get(n, {}))
    ]
    return xlsx_of(*rows)


def drop(page: Page, address: str, name: str, data: bytes) -> None:
    """Choose a file and send it."""
    page.goto(address, wait_until="networkidle")
    page.locator("#id_archivo").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})
    page.get_by_role("button", name="Cargar y revisar").click()
    page.wait_for_load_state("networkidle")


def choose_too_much(page: Page, address: str, folder: Path) -> None:
    """A file that no request carries is refused where it is chosen, and another is taken."""
    heavy, light = folder / "pesado.csv", folder / "ligero.csv"
    light.write_text("a")
    with heavy.open("wb") as file:
        file.truncate(61 * 1024 * 1024)
    page.goto(address, wait_until="networkidle")
    field = page.locator("#id_archivo")
    for chosen, said in (
        (heavy, "Lo elegido pesa 61 MB y en un envío caben 60 MB. Elija menos, o divídalo."),
        (light, ""),
    ):
        field.set_input_files(chosen)
        assert field.evaluate("field => field.validationMessage") == said


def work() -> None:
    """Do what a worker would of every job that waits; none tells its progress, for one session serves the test."""
    from django.test import override_settings

    from sif.jobs.models import Trabajo
    from sif.jobs.running import run_pieces
    from sif.registry.scope import everything

    with ONE_AT_A_TIME, everything(), override_settings(TRABAJOS_EN_LINEA=True):
        for number in Trabajo.objects.filter(estado="en_cola").values_list("pk", flat=True):
            run_pieces(number)


def figure(page: Page, words: str) -> str:
    """A count of the lot."""
    return page.locator("#cuentas div", has=page.get_by_text(words, exact=True)).locator("dd").inner_text().split()[0]


def test_sixty_rows_are_cured_in_place_posted_and_loaded_again(
    chromium: Browser, shared_site: str, scene: Any, tmp_path: Path
) -> None:
    from sif.books.models import Poliza
    from sif.registry.scope import everything

    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page, home, data = seen.page, f"{shared_site}/partido/lotes/", sixty_rows(scene)
    choose_too_much(page, home, tmp_path)
    drop(page, home, "abril.xlsx", data)
    assert (figure(page, "Renglones"), figure(page, "Con error")) == ("60", "5")
    page.get_by_role("link", name=re.compile("Solo con error")).click()
    page.wait_for_load_state("networkidle")
    check(page, "lotes-errores-1280")
    from scene import LEAFLETS, RFC_SUPPLIER

    for number, (box, text) in enumerate(
        {
            "c-4-cargo": "1000",
            "c-6-auxiliar_id": RFC_SUPPLIER,
            "c-10-cuenta": LEAFLETS,
            "c-16-cargo": "1,000.00",
        }.items()
    ):
        page.locator(f"#{box}").fill(text)
        page.locator(f"#{box}").press("Enter")
        expect(page.locator("#cuentas dd").nth(2)).to_have_text(str(4 - number))
        expect(page.locator(f"#{box}")).to_have_count(0)
    row = page.locator("tr", has=page.locator("#f-24"))
    row.get_by_role("button", name="Editar la fila 24").click()
    page.locator("#c-24-cargo").fill("1000.00")
    page.locator("#c-24-cargo").press("Enter")
    expect(page.locator("#cuentas dd").nth(2)).to_have_text("0")
    page.goto(page.url.split("?")[0], wait_until="networkidle")
    box = page.get_by_role("checkbox", name="Elegir P-030")
    box.uncheck()
    expect(page.locator("#cuentas dd").nth(3)).to_have_text("29")
    box.check()
    expect(page.locator("#cuentas dd").nth(3)).to_have_text("30")
    page.get_by_role("button", name="Registrar lo elegido").click()
    expect(page.get_by_text("Se registraron 30 pólizas.")).to_be_visible()
    check(page, "lotes-aplicado-1280")
    posted = page.url
    drop(page, home, "abril (copia).xlsx", data)
    assert page.url == posted
    expect(page.get_by_text("ya se aplicó: nada cambió")).to_be_visible()
    with everything():
        assert Poliza.objects.count() == 30
    assert not seen.errors and not seen.strangers, "\n".join(seen.errors)
    context.close()


@pytest.mark.parametrize(("width", "theme"), [("1280", "light"), ("360", "dark")])
def test_a_load_is_followed_stopped_and_resumed(
    chromium: Browser, shared_site: str, scene: Any, settings: Any, width: str, theme: str
) -> None:
    settings.TRABAJOS_EN_LINEA = False
    context = open_context(chromium, width, theme)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page = seen.page
    drop(page, f"{shared_site}/partido/lotes/", "abril.xlsx", sixty_rows(scene))
    expect(page.get_by_role("heading", name="Leer y validar un archivo")).to_be_visible()
    check(page, f"trabajo-espera-{width}-{theme}")
    page.get_by_role("button", name="Cancelar").click()
    expect(page.get_by_text("Se canceló y nada quedó a medias")).to_be_visible()
    check(page, f"trabajo-cancelado-{width}-{theme}")
    page.goto(f"{shared_site}/trabajos/", wait_until="networkidle")
    check(page, f"trabajos-{width}-{theme}")
    page.get_by_role("link", name="Leer y validar un archivo").click()
    page.get_by_role("button", name="Seguir").click()
    expect(page.get_by_role("link", name="Ver cómo va")).to_be_visible()
    work()
    page.wait_for_url("**/partido/lotes/*/*/")  # the page asks by itself and goes to the lot
    assert (figure(page, "Renglones"), figure(page, "Con error")) == ("60", "5")
    page.get_by_role("button", name="Registrar lo elegido").click()
    expect(page.get_by_role("heading", name="Aplicar lo elegido de un lote")).to_be_visible()
    work()
    expect(page.get_by_role("heading", name="No se aplicó nada")).to_be_visible()
    check(page, f"trabajo-rechazado-{width}-{theme}")
    assert not seen.errors and not seen.strangers, "\n".join(seen.errors)
    context.close()


@pytest.mark.parametrize(("width", "theme"), [("1280", "light"), ("360", "dark")])
def test_every_page_fits_and_is_accessible(
    chromium: Browser, shared_site: str, scene: Any, width: str, theme: str
) -> None:
    context = open_context(chromium, width, theme)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page, home = seen.page, f"{shared_site}/partido/lotes/"
    drop(page, home, "abril.xlsx", sixty_rows(scene))
    check(page, f"lotes-revision-{width}-{theme}")
    lines = [("601-01", "Volantes", "100.00", "0.00"), ("201-01", "Proveedores", "0.00", "100.00")]
    day = scene.periodos[0].hasta
    drop(page, f"{home}contabilidad-electronica/", "polizas.xml", sat_polizas(scene.partido.rfc, day, lines))
    page.goto(f"{page.url}cuentas/", wait_until="networkidle")
    check(page, f"lotes-equivalencias-{width}-{theme}")
    for name, address in (("lotes", home), ("sat", f"{home}contabilidad-electronica/")):
        page.goto(address, wait_until="networkidle")
        check(page, f"lotes-{name}-{width}-{theme}")
    page.goto(f"{home}claves/", wait_until="networkidle")
    page.locator("#id_nombre").fill("Programa de contabilidad")
    page.get_by_label("Solo consultar.").check()
    page.get_by_role("button", name="Hacer clave").click()
    page.wait_for_load_state("networkidle")
    check(page, f"lotes-claves-{width}-{theme}")
    page.goto(f"{shared_site}/api/v1/guia", wait_until="networkidle")
    expect(page.get_by_text("/api/v1/contabilidades/{number}/polizas").first).to_be_visible()
    shoot(page, f"lotes-guia-{width}-{theme}")
    assert not seen.errors and not seen.strangers, "\n".join(seen.errors)
    context.close()
