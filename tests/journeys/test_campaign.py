"""A week of a campaign in a real browser: an event cancelled, a contract noticed, goods taken to an event."""

from collections.abc import Iterator
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
    """A campaign under way, with an article that came into its warehouse."""
    from scene import make_scene
    from sif.books.services.kardex import NewEntrada, record_entry
    from sif.catalogs.services.campaign_goods import NewArticulo, register_articulo
    from sif.registry import clock
    from sif.registry.scope import everything
    from sif.values import Money

    settings.DATOS = tmp_path
    made = make_scene(tmp_path)
    with everything():
        shirt = register_articulo(made.libros, NewArticulo("PLA-01", "Playera", "pieza", "utilitaria"), made.alicia)
        record_entry(shirt, NewEntrada(clock.today(), 10_000, Money(100_001), "compra"), made.alicia)
    yield made


def fill(page: Page, **typed: str) -> None:
    """Type in the fields of those names."""
    for name, text in typed.items():
        page.locator(f"#id_{name}").fill(text)


def send(page: Page, words: str) -> None:
    """Press a button and wait for what it opens."""
    page.get_by_role("button", name=words, exact=True).click()
    page.wait_for_load_state("networkidle")


def test_a_week_of_a_campaign(chromium: Browser, shared_site: str, scene: Any) -> None:
    from sif.registry import clock

    today = clock.today()
    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page, desk = seen.page, f"{shared_site}/partido"

    for name, days in (("Mitin en la plaza", 8), ("Caminata", 3)):
        page.goto(f"{desk}/eventos/nuevo/")
        fill(
            page,
            nombre=name,
            fecha=f"{today + timedelta(days=days):%d/%m/%Y}",
            hora_inicio="17:30",
            hora_fin="20:00",
            entidad="MEX",
            municipio="San Jacinto",
            lugar="Plaza Juárez, Centro",
            responsable="Rita Solís",
        )
        send(page, "Registrar evento")
    expect(page.locator("main")).to_contain_text("registrado fuera de plazo; queda marcado")
    look(page, "campana-evento")
    page.locator("#cancelar_motivo").fill("Lluvia")
    send(page, "Cancelar evento")
    expect(page.locator("main")).to_contain_text("Evento cancelado a tiempo.")
    page.goto(f"{desk}/eventos/")
    expect(page.locator("main")).to_contain_text("Mitin en la plaza")
    look(page, "campana-agenda")
    page.goto(f"{desk}/eventos/?mes={today + timedelta(days=8):%Y-%m}")
    expect(page.locator(".month")).to_contain_text("Mitin en la plaza")
    look(page, "campana-mes")

    page.goto(f"{desk}/avisos/nuevo/")
    fill(page, proveedor="Impresos", objeto="Lonas", suscrito_el=f"{today:%d/%m/%Y}", monto="50,000.00")
    send(page, "Registrar contrato")
    expect(page.locator(".clock")).to_contain_text("Para avisar el contrato con Impresos del Prado")
    look(page, "campana-contrato")
    page.locator("#id_condiciones").fill("Pago contra entrega")
    send(page, "Presentar aviso")
    expect(page.locator("main")).to_contain_text("Avisado a tiempo")
    page.goto(f"{desk}/avisos/")
    look(page, "campana-avisos")

    page.goto(f"{desk}/inventario/")
    page.get_by_role("link", name="Playera").click()
    page.get_by_role("link", name="Salida", exact=True).click()
    page.locator("#id_cantidad").fill("11")
    page.locator("#id_evento").select_option(label=f"1. Mitin en la plaza, {today + timedelta(days=8):%d/%m/%Y}")
    send(page, "Registrar salida")
    expect(page.locator("#id_cantidad-error")).to_contain_text("Salen 11 pieza y hay 10.")
    look(page, "campana-salida")
    page.locator("#id_cantidad").fill("4")
    send(page, "Registrar salida")
    expect(page.locator("main")).to_contain_text("600.01")
    look(page, "campana-kardex")
    assert [error for error in seen.errors if "422" not in error] == []
    assert seen.strangers == []
    context.close()
