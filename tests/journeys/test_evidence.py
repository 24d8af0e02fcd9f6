"""Evidence in a real browser: a long file resumed after a cut, seen, flagged when used twice, left without effect."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from journeys.browser import chromium, look, open_context, watch
from journeys.shared import enter, shared_site

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser
LONG = 12 * 1024 * 1024


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Iterator[Any]:
    """A campaign with two expenses that lack their samples."""
    from scene import make_scene
    from sif.registry.scope import everything

    settings.DATOS = tmp_path
    made = make_scene(tmp_path)
    with everything():
        for number, pesos in enumerate(("318,413.07", "212,840.00"), 1):
            made.post(made.expense(pesos, f"Volantes, entrega {number}"))
    yield made


def attach(page: Page, name: str, data: bytes, clase: str = "muestra") -> None:
    """Choose a class and a file, and send it."""
    page.locator("#id_clase").select_option(clase)
    page.locator("#id_archivo").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": data})
    page.get_by_role("button", name="Adjuntar").click()


def listed(page: Page, name: str) -> Any:
    """The row of a piece of evidence that is there, not the progress of its upload."""
    return page.locator("#evidencias li:not(#avance li)", has_text=name)


def cut_once(page: Page) -> list[str]:
    """Cut the line at the second piece of an upload; the list says which offsets were sent."""
    offsets: list[str] = []

    def pass_or_cut(route: Route) -> None:
        if route.request.method != "PATCH":
            return route.continue_()
        offsets.append(route.request.headers["upload-offset"])
        return route.abort("connectionreset") if len(offsets) == 2 else route.continue_()

    page.route("**/subidas/**", pass_or_cut)
    return offsets


def test_a_file_is_sent_in_pieces_resumed_seen_and_left_without_effect(
    chromium: Browser, shared_site: str, scene: Any
) -> None:
    from sif.books.models import Archivo, Evidencia
    from sif.demo.papers import paper, picture
    from sif.registry.scope import everything

    context = open_context(chromium)
    enter(context, scene.alicia, shared_site)
    seen = watch(context)
    page, books = seen.page, f"{shared_site}/partido/polizas/{scene.libros.pk}"
    page.goto(f"{books}/1/", wait_until="networkidle")

    offsets = cut_once(page)
    whole = picture("video") + b"\0" * (LONG - len(picture("video")))
    attach(page, "lona.png", whole)
    expect(listed(page, "lona.png")).to_be_visible()
    page.unroute("**/subidas/**")
    four = 4 * 1024 * 1024
    assert list(map(int, offsets)) == [0, four, four, 2 * four]  # the cut piece again, nothing from the start
    with everything():
        kept = Archivo.objects.get(pk=Evidencia.objects.get(nombre="lona.png").archivo_id)
        assert (kept.bytes, kept.tipo) == (LONG, "image/png")

    attach(page, "volante.pdf.png", b"MZ" + b"\0" * 2000)
    refused = page.locator("#avance li", has_text="volante.pdf.png")
    expect(refused).to_contain_text("Por su contenido es un programa")
    look(page, "evidencia-rechazada")
    # what a browser or an extension writes on an element of the panel is not copied by the swap that follows
    page.locator("#id_clase").evaluate("node => { node.style.inlineSize = '20rem'; }")

    name = "recibo-" + "1234567890" * 12 + ".pdf"
    attach(page, name, paper("Recibo", "Volantes del arranque"))
    expect(listed(page, name)).to_be_visible()
    page.goto(f"{books}/2/", wait_until="networkidle")
    expect(page.locator("#evidencia-chip")).to_contain_text("Evidencia incompleta")
    attach(page, "el mismo.pdf", paper("Recibo", "Volantes del arranque"))
    expect(page.get_by_text("El mismo archivo está en")).to_be_visible()
    expect(page.locator("#evidencia-chip")).to_have_count(1)
    lacking = page.locator("#evidencias .panel-head .note").count()
    expect(page.locator("#evidencia-chip")).to_contain_text("Evidencia incompleta" if lacking else "Evidencia completa")
    look(page, "evidencia-panel")

    listed(page, "el mismo.pdf").get_by_role("link").first.click()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("El mismo archivo sostiene otra póliza.")).to_be_visible()
    drawn = page.locator("img.preview").evaluate("image => [image.complete, image.naturalWidth > 300]")
    assert drawn == [True, True]
    look(page, "evidencia-vista")
    page.get_by_label("Motivo").fill("Ampara a la otra póliza.")
    page.get_by_role("button", name="Dejar sin efecto").click()
    expect(page.get_by_text("Quedó sin efecto y sigue a la vista.")).to_be_visible()
    expect(page.get_by_text("Ampara a la otra póliza.")).to_be_visible()
    look(page, "evidencia-sin-efecto")
    page.goto(f"{books}/1/", wait_until="networkidle")
    listed(page, "recibo-").get_by_role("link").first.click()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("El mismo archivo sostiene otra póliza.")).to_have_count(0)
    look(page, "evidencia-nombre-largo")
    unexpected = [each for each in seen.errors if "422" not in each and "ERR_CONNECTION_RESET" not in each]
    assert unexpected == []
    assert seen.strangers == []
    context.close()
