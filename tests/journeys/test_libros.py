"""Books in a real browser: every one opens, a figure is followed from the balanza to its póliza, exports agree."""

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from journeys.browser import assert_axe_clean, assert_fits, chromium, open_context, shoot, watch
from journeys.shared import enter, shared_site
from scene import make_scene
from sif.statements.catalog import REPORTS
from sif.values import Money

__all__ = ["chromium", "shared_site"]
pytestmark = pytest.mark.browser


@pytest.fixture
def moved(db: None, settings: Any, tmp_path: Path) -> Any:
    """A campaign with a gift and two expenses, one of them late in nobody's eyes."""
    settings.DATOS = tmp_path
    scene = make_scene(tmp_path)
    scene.post(scene.gift("98765.43"))
    scene.post(scene.expense("1250.75"), evidence=b"una foto")
    scene.post(scene.expense("300.10", "Lonas del cierre"))
    return scene


@pytest.fixture
def page(chromium: Any, shared_site: str, moved: Any) -> Iterator[Page]:
    """Alicia at her desk; nothing may fail in the console."""
    context = open_context(chromium, accept_downloads=True)
    enter(context, moved.alicia, shared_site)
    seen = watch(context)
    seen.page.goto(f"{shared_site}/partido/libros/")
    yield seen.page
    seen.assert_quiet()
    context.close()


def test_a_figure_is_followed_to_its_poliza_and_exports_agree(page: Page, chromium: Any, moved: Any) -> None:
    assert_axe_clean(page)
    shoot(page, "libros")
    for report in REPORTS.values():
        expect(page.locator("main").get_by_role("link", name=report.titulo, exact=True)).to_be_visible()
    page.locator("main").get_by_role("link", name="Balanza de comprobación").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Balanza de comprobación")
    for column in (2, 3):
        expect(page.locator("tfoot td").nth(column)).to_have_text("$100,316.28")
    choose_books(page, str(moved.libros.pk))
    assert_axe_clean(page)
    assert_fits(page)
    shoot(page, "libros-balanza")
    export_agrees(page, Money.parse("100316.28").pesos)

    row = page.get_by_role("row").filter(has_text="Volantes y folletos")
    row.get_by_role("link", name="1,550.85").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Libro mayor")
    expect(page.locator("tfoot td").nth(0)).to_have_text("$1,550.85")
    expect(page.locator("tbody tr")).to_have_count(2)
    assert_axe_clean(page)
    shoot(page, "libros-mayor")
    page.locator("tbody tr").nth(1).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("DR-2")
    expect(page.locator("main")).to_contain_text("300.10")


def choose_books(page: Page, number: str) -> None:
    """By keyboard: open the list, mark one, ask again; the choice stays in the address."""
    page.locator(".choose-books summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label(number).check()
    page.get_by_role("button", name="Filtrar").click()
    expect(page).to_have_url(re.compile(f"contabilidad={number}"))
    expect(page.locator(".choose-books summary")).to_contain_text("1 elegida")


def export_agrees(page: Page, total: Decimal) -> None:
    """The CSV and the XLSX that the browser downloads add up to the total on screen."""
    with page.expect_download() as got:
        page.get_by_role("link", name="CSV con punto y coma").click()
    text = Path(got.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert sum(Decimal(row["cargos"]) for row in rows) == sum(Decimal(row["abonos"]) for row in rows) == total
    with page.expect_download() as got:
        page.get_by_role("link", name="XLSX").click()
    assert got.value.suggested_filename.startswith("balanza-") and got.value.suggested_filename.endswith(".xlsx")
    data = Path(got.value.path()).read_bytes()
    last = [cell.value for cell in list(load_workbook(io.BytesIO(data)).worksheets[0].iter_rows())[-1]]
    assert last[0] == "Total" and Decimal(str(last[4])) == total


FIGURES = """(cells) => cells.map((cell) => {
  const text = document.createRange();
  text.selectNodeContents(cell);
  const box = text.getBoundingClientRect();
  return [cell.innerText, box.left >= 0 && box.right <= innerWidth && cell.scrollWidth <= cell.clientWidth];
})"""
"""Each amount of a book, and whether all of its text is in sight: a cell within the page may cut what it holds."""


def test_books_on_a_phone(chromium: Any, shared_site: str, moved: Any) -> None:
    context = open_context(chromium, "360")
    enter(context, moved.alicia, shared_site)
    seen = watch(context)
    for clave in ("balanza", "diario", "mayor", "auxiliares", "situacion", "sat"):
        seen.page.goto(f"{shared_site}/partido/libros/{clave}/")
        assert_fits(seen.page)
        assert_axe_clean(seen.page)
        figures = seen.page.locator(".libro td.num:not(:empty)").evaluate_all(FIGURES)
        assert clave == "sat" or len(figures) > 2
        assert [each for each in figures if not each[1]] == []
        shoot(seen.page, f"libros-{clave}-360")
    seen.assert_quiet()
    context.close()


def test_a_budget_is_recorded_and_set_beside_what_was_spent(page: Page, shared_site: str, moved: Any) -> None:
    from sif.registry import clock

    page.goto(f"{shared_site}/partido/presupuesto/nueva/")
    page.get_by_label("Cuenta", exact=True).select_option("5-5-01-00-0000")
    page.get_by_label("Monto").fill("2,000")
    page.get_by_label("Se aprobó o modificó").fill(f"{clock.today():%d/%m/%Y}")
    page.get_by_label("Acuerdo").fill("Comité estatal, sesión 3")
    assert_axe_clean(page)
    shoot(page, "presupuesto-partida")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("main")).to_contain_text("Comité estatal, sesión 3")
    assert_axe_clean(page)
    assert_fits(page)
    shoot(page, "presupuesto")
    page.goto(f"{shared_site}/partido/libros/presupuesto/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ejercicio del presupuesto")
    row = page.get_by_role("row").filter(has_text="5-5-01-00-0000")
    for figure in ("2,000.00", "1,550.85", "449.15", "77.54", f"{clock.today():%Y}"):
        expect(row).to_contain_text(figure)
    assert_axe_clean(page)
    assert_fits(page)
    shoot(page, "presupuesto-ejercicio")
    row.get_by_role("link", name="1,550.85").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Libro mayor")
    expect(page.locator("tfoot td").nth(0)).to_have_text("$1,550.85")


def test_an_amount_moves_between_lines_of_a_budget(page: Page, shared_site: str, moved: Any) -> None:
    from sif.books.services.presupuesto import NewPartida, record_partida
    from sif.registry import clock
    from sif.registry.scope import everything
    from sif.values import Money

    with everything():
        record_partida(moved.libros, NewPartida("5-5-01-00-0000", Money(200_000), clock.today(), "S-3"), moved.alicia)
    page.goto(f"{shared_site}/partido/presupuesto/")
    page.get_by_role("link", name="Traspaso entre partidas").first.click()
    page.get_by_label("Partida que da").select_option(index=1)
    page.get_by_label("Cuenta que recibe").select_option("5-5-03-00-0000")
    page.get_by_label("Monto que pasa").fill("500")
    page.get_by_label("Se aprobó o modificó").fill(f"{clock.today():%d/%m/%Y}")
    page.get_by_label("Acuerdo").fill("Comité estatal, sesión 4")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert_axe_clean(page)
        assert_fits(page)
        shoot(page, f"presupuesto-traspaso-{width}")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("main")).to_contain_text("Traspaso registrado.")
    assert_fits(page)
